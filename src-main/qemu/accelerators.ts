// Which accelerators can be used on this computer, and why one cannot.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Accelerator } from '../contract/definition.ts';
import type { AcceleratorReport } from '../contract/qemu.ts';
import { errnoOf } from '../lib/errno.ts';

export interface HostFacade {
  /** Node's words: `linux`, `x64`. */
  platform: string;
  arch: string;
  /** The system's error code when /dev/kvm cannot be opened for reading and writing; undefined when it can. */
  kvmError(): Promise<string | undefined>;
  /** Whether the CPU and this macOS have the Hypervisor framework. */
  hasHypervisorFramework(): Promise<boolean>;
}

const run = promisify(execFile);

export const thisHost: HostFacade = {
  platform: process.platform,
  arch: process.arch,
  kvmError: () =>
    access('/dev/kvm', constants.R_OK | constants.W_OK).then(
      () => undefined,
      (error: unknown) => errnoOf(error) ?? String(error),
    ),
  hasHypervisorFramework: () =>
    run('/usr/sbin/sysctl', ['-n', 'kern.hv_support']).then(
      ({ stdout }) => stdout.trim() === '1',
      () => false,
    ),
};

type Verdict = Omit<AcceleratorReport, 'name'>;

const no = (reason: string): Verdict => ({ usable: false, reason });
const yes = (reason: string): Verdict => ({ usable: true, reason });

function foreignCpu(host: HostFacade): Verdict | undefined {
  if (host.arch === 'arm64') return undefined;
  return no(
    `This computer’s CPU is not a 64-bit ARM one (${host.arch}): it cannot run a guest’s instructions itself.`,
  );
}

async function kvm(built: boolean, host: HostFacade): Promise<Verdict> {
  if (host.platform !== 'linux') return no('KVM is a part of Linux, and this computer runs another system.');
  const foreign = foreignCpu(host);
  if (foreign) return foreign;
  if (!built) return no('This QEMU was built without KVM.');
  const code = await host.kvmError();
  switch (code) {
    case undefined:
      return yes('The host’s own CPU runs the guest: nearly as fast as the computer itself.');
    case 'ENOENT':
      return no(
        '/dev/kvm does not exist: virtualisation is off in the firmware, the kvm module is not loaded, or this is itself a virtual machine.',
      );
    case 'EACCES':
    case 'EPERM':
      return no('This user may not open /dev/kvm: join the group kvm, then log in again.');
    default:
      return no(`/dev/kvm cannot be opened (${code}).`);
  }
}

async function hvf(built: boolean, host: HostFacade): Promise<Verdict> {
  if (host.platform !== 'darwin') return no('HVF is a part of macOS, and this computer runs another system.');
  const foreign = foreignCpu(host);
  if (foreign) return foreign;
  if (!built) return no('This QEMU was built without HVF.');
  return (await host.hasHypervisorFramework())
    ? yes('The host’s own CPU runs the guest: nearly as fast as the computer itself.')
    : no('This macOS does not offer its Hypervisor framework, as inside of most virtual machines.');
}

function tcg(built: boolean): Verdict {
  return built
    ? yes('QEMU translates the guest’s instructions: works on every computer, for every ARM CPU.')
    : no('This QEMU was built without TCG.');
}

/** @param built accelerators that the binary was built with */
export async function reportAccelerators(
  built: readonly Accelerator[],
  host: HostFacade = thisHost,
): Promise<AcceleratorReport[]> {
  return [
    { name: 'kvm', ...(await kvm(built.includes('kvm'), host)) },
    { name: 'hvf', ...(await hvf(built.includes('hvf'), host)) },
    { name: 'tcg', ...tcg(built.includes('tcg')) },
  ];
}
