// Failures about this computer: accelerators, ports, sockets, the QEMU installation itself.
import { type FailureRow, group, set } from './row.ts';

const useTcg = set('Use TCG', '/accelerator', 'tcg');

export const hostFailures: readonly FailureRow[] = [
  {
    id: 'kvm-missing',
    pattern: /Could not access KVM kernel module: No such file or directory/,
    explain: () => ({
      code: 'unsupported',
      message: 'KVM is not there: /dev/kvm does not exist on this computer.',
      remedy: 'Switch virtualisation on in the firmware and load the kvm module, or use TCG.',
      field: '/accelerator',
      fix: useTcg,
    }),
  },
  {
    id: 'kvm-permission',
    pattern: /Could not access KVM kernel module: Permission denied/,
    explain: () => ({
      code: 'unsupported',
      message: 'This user may not open /dev/kvm.',
      remedy: 'Join the group kvm (sudo usermod -aG kvm $USER) and log in again, or use TCG.',
      field: '/accelerator',
      fix: useTcg,
    }),
  },
  {
    id: 'kvm-busy',
    pattern:
      /Could not access KVM kernel module: (.+)|failed to initialize kvm: (.+)|kvm_init_vcpu[^\n]*: (.+)/i,
    explain: (match) => ({
      code: 'unsupported',
      message: `KVM cannot be used now (${group(match, 1) || group(match, 2) || group(match, 3)}).`,
      remedy: 'Close other programs that use virtualisation, or use TCG.',
      field: '/accelerator',
      fix: useTcg,
    }),
  },
  {
    id: 'hvf',
    pattern: /\bHV_(?:DENIED|ERROR|BUSY|NO_DEVICE|UNSUPPORTED|BAD_ARGUMENT|NO_RESOURCES)\b/,
    explain: () => ({
      code: 'unsupported',
      message: 'macOS did not let QEMU use its Hypervisor framework.',
      remedy: 'Use a QEMU that is signed for it (Homebrew’s is), or use TCG.',
      field: '/accelerator',
      fix: useTcg,
    }),
  },
  {
    id: 'accelerator-unknown',
    pattern: /invalid accelerator (\w+)|-accel (\w+):.* not found/,
    explain: (match) => ({
      code: 'unsupported',
      message: `This QEMU cannot use the accelerator ${group(match, 1) || group(match, 2)}.`,
      remedy: 'Let Armoire choose the accelerator, or use TCG.',
      field: '/accelerator',
      fix: set('Let Armoire choose', '/accelerator', 'auto'),
    }),
  },
  {
    id: 'forward-port',
    pattern: /Could not set up host forwarding rule '(tcp|udp):([\d.]*):(\d+)-/,
    explain: (match, { network }) => {
      const port = Number(group(match, 3));
      const index = network.forwards.findIndex(
        ({ protocol, hostAddress, hostPort }) =>
          protocol === group(match, 1) && hostAddress === group(match, 2) && hostPort === port,
      );
      const field = index === -1 ? undefined : `/network/forwards/${index}/hostPort`;
      const next = port < 1024 ? port + 8000 : port + 1;
      const why =
        port < 1024
          ? 'this user may not open ports below 1024, or the port is in use'
          : 'it is in use, or the address is not one of this computer';
      return {
        code: 'port-unusable',
        message: `QEMU cannot listen on ${group(match, 1).toUpperCase()} port ${port}: ${why}.`,
        remedy: 'Choose another port, or stop the program that uses it.',
        field,
        fix: field === undefined || next > 65535 ? undefined : set(`Try port ${next}`, field, next),
      };
    },
  },
  {
    id: 'gdb-port',
    pattern: /-gdb tcp:[\d.]+:(\d+): .*(?:Address already in use|Permission denied)/,
    explain: (match) => {
      const next = Number(group(match, 1)) + 1;
      return {
        code: 'port-unusable',
        message: `The GDB stub cannot listen on port ${group(match, 1)}: it is in use.`,
        remedy: 'Choose another port, or stop the program that uses it.',
        field: '/debug/gdb/port',
        fix: next > 65535 ? undefined : set(`Try port ${next}`, '/debug/gdb/port', next),
      };
    },
  },
  {
    id: 'control-socket',
    pattern: /Failed to bind socket to (.+?): (.+)|UNIX socket path '(.+?)' is too long/,
    explain: (match) => ({
      message: `QEMU cannot make its control socket ${group(match, 1) || group(match, 3)}.`,
      remedy:
        'Check that Armoire’s runtime directory is there, writable, and has a short path (ARMOIRE_RUNTIME).',
    }),
  },
  {
    id: 'no-user-network',
    pattern: /network backend 'user' is not compiled into this (?:binary|QEMU)/,
    explain: () => ({
      code: 'unsupported',
      message: 'This QEMU was built without user-mode networking.',
      remedy: 'Use the QEMU that comes with Armoire, or start the machine without a network.',
      field: '/network/mode',
      fix: set('No network', '/network/mode', 'none'),
    }),
  },
  {
    id: 'sandbox',
    pattern:
      /failed to install seccomp|-sandbox support is not enabled|seccomp.*not (?:supported|available)/i,
    explain: () => ({
      code: 'unsupported',
      message: 'This computer’s kernel does not let QEMU shut itself in (seccomp).',
      remedy: 'Use a kernel with seccomp filters; containers sometimes forbid them.',
    }),
  },
  {
    id: 'rom-missing',
    pattern: /failed to find romfile "(.+?)"/,
    explain: (match) => ({
      code: 'qemu-broken',
      message: `This QEMU’s installation lacks the file ${group(match, 1)}.`,
      remedy: 'Install QEMU’s data packages, or use the QEMU that comes with Armoire.',
    }),
  },
  {
    id: 'library-missing',
    pattern: /error while loading shared libraries: (.+?):/,
    explain: (match) => ({
      code: 'qemu-broken',
      message: `This QEMU’s installation lacks the library ${group(match, 1)}.`,
      remedy: 'Install QEMU again, or use the one that comes with Armoire.',
    }),
  },
  {
    id: 'state-of-other-qemu',
    pattern: /error while loading state for instance \S+ of device '(.+?)'|load of migration failed/,
    explain: (match) => ({
      code: 'unsupported',
      message: `The saved state does not fit this QEMU${group(match, 1) === '' ? '' : ` (device ${group(match, 1)})`}: its version, the CPU or the hardware changed since it was saved.`,
      remedy: 'Start the machine afresh: its disks are as they were when the state was saved.',
    }),
  },
  {
    id: 'ended-by-signal',
    pattern: /terminating on signal (\d+)/,
    explain: (match) => ({
      message: `QEMU was told to end by signal ${group(match, 1)}.`,
      remedy: 'Start the machine again; if it happens again, find out which program ended it.',
    }),
  },
];
