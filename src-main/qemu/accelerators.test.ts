import { expect, test } from 'vitest';
import { type HostFacade, reportAccelerators } from './accelerators.ts';

const all = ['tcg', 'kvm', 'hvf'] as const;

const linux = (changes: Partial<HostFacade> = {}): HostFacade => ({
  platform: 'linux',
  arch: 'arm64',
  kvmError: async () => undefined,
  hasHypervisorFramework: async () => false,
  ...changes,
});

async function verdict(name: string, host: HostFacade, built: readonly (typeof all)[number][] = all) {
  const report = (await reportAccelerators(built, host)).find((entry) => entry.name === name);
  return `${report?.usable ? 'yes' : 'no'}: ${report?.reason}`;
}

test('KVM: usable, or exactly why not', async () => {
  expect(await verdict('kvm', linux())).toMatch(/^yes/);
  expect(await verdict('kvm', linux({ kvmError: async () => 'ENOENT' }))).toMatch(/^no: .*does not exist/);
  expect(await verdict('kvm', linux({ kvmError: async () => 'EACCES' }))).toMatch(
    /^no: .*join the group kvm/,
  );
  expect(await verdict('kvm', linux({ kvmError: async () => 'EBUSY' }))).toMatch(/^no: .*EBUSY/);
  expect(await verdict('kvm', linux({ arch: 'x64' }))).toMatch(/^no: .*not a 64-bit ARM one \(x64\)/);
  expect(await verdict('kvm', linux(), ['tcg'])).toMatch(/^no: .*built without KVM/);
  expect(await verdict('kvm', linux({ platform: 'darwin' }))).toMatch(/^no: .*part of Linux/);
});

test('HVF: usable, or exactly why not', async () => {
  const mac = linux({ platform: 'darwin', hasHypervisorFramework: async () => true });
  expect(await verdict('hvf', mac)).toMatch(/^yes/);
  expect(await verdict('hvf', { ...mac, hasHypervisorFramework: async () => false })).toMatch(
    /^no: .*Hypervisor/,
  );
  expect(await verdict('hvf', { ...mac, arch: 'x64' })).toMatch(/^no: .*x64/);
  expect(await verdict('hvf', mac, ['tcg'])).toMatch(/^no: .*built without HVF/);
  expect(await verdict('hvf', linux())).toMatch(/^no: .*part of macOS/);
});

test('TCG works everywhere it was built', async () => {
  expect(await verdict('tcg', linux({ arch: 'x64' }))).toMatch(/^yes/);
  expect(await verdict('tcg', linux(), ['kvm'])).toMatch(/^no: .*built without TCG/);
});
