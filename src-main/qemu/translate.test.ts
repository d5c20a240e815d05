import { expect, test } from 'vitest';
import { definitionWith } from './testing.ts';
import { errorsIn, failureTable, findFailure, translateFailure } from './translate.ts';

/** Words of versions, hosts and moments that a test computer cannot be made to show; from QEMU's source and reports. */
const recorded: [id: string, words: string, field: string | undefined][] = [
  [
    'cpu-not-of-board-old',
    'qemu-system-aarch64: mach-virt: CPU type cortex-a9-arm-cpu not supported',
    '/cpu',
  ],
  [
    'cpu-not-of-board-old',
    'qemu-system-aarch64: This board can only be used with CPU cortex-m3-arm-cpu',
    '/cpu',
  ],
  ['cpu-not-of-board-old', 'qemu-system-aarch64: This board cannot be used with Cortex-M CPUs', '/cpu'],
  ['cpu-host', "qemu-system-aarch64: The CPU type 'host' requires KVM", '/cpu'],
  [
    'kvm-missing',
    'Could not access KVM kernel module: No such file or directory\nqemu-system-aarch64: -accel kvm: failed to initialize kvm: No such file or directory',
    '/accelerator',
  ],
  [
    'kvm-permission',
    'Could not access KVM kernel module: Permission denied\nqemu-system-aarch64: -accel kvm: failed to initialize kvm: Permission denied',
    '/accelerator',
  ],
  [
    'kvm-busy',
    'qemu-system-aarch64: -accel kvm: failed to initialize kvm: Device or resource busy',
    '/accelerator',
  ],
  [
    'hvf',
    'qemu-system-aarch64: -accel hvf: Error: ret = HV_DENIED (0xfae94007, at ../accel/hvf/hvf-accel-ops.c:334)',
    '/accelerator',
  ],
  [
    'extension-under-acceleration',
    'qemu-system-aarch64: mach-virt: KVM does not support providing Security extensions (TrustZone) to the guest CPU',
    '/machineOptions/secure',
  ],
  [
    'extension-under-acceleration',
    'qemu-system-aarch64: mach-virt: HVF does not support providing Virtualization extensions to the guest CPU',
    '/machineOptions/virtualization',
  ],
  [
    'no-user-network',
    "qemu-system-aarch64: -netdev user,id=net0: network backend 'user' is not compiled into this binary",
    '/network/mode',
  ],
  [
    'sandbox',
    'qemu-system-aarch64: -sandbox on,obsolete=deny: failed to install seccomp syscall filter in the kernel: Invalid argument',
    undefined,
  ],
  [
    'library-missing',
    '/usr/bin/qemu-system-aarch64: error while loading shared libraries: libslirp.so.0: cannot open shared object file',
    undefined,
  ],
  ['disk-full', 'qemu-system-aarch64: cannot write: No space left on device', undefined],
];

const definition = definitionWith({
  machineOptions: { gicVersion: '3', secure: true },
  disks: [
    { id: 'hd0', file: 'disks/hd0.qcow2', format: 'qcow2', media: 'disk', bus: 'virtio', readOnly: true },
  ],
});

test.each(recorded)('knows %s', (id, words, field) => {
  expect(findFailure(words)?.row.id).toBe(id);
  const fault = translateFailure(words, definition);
  expect(fault.field).toBe(field);
  expect(fault.detail).toBe(words);
  expect(fault.message).toMatch(/^(?:[A-Z]|macOS).*\.$/s);
  expect(fault.remedy).not.toBe('');
});

test('reads through time stamps, and takes no warning for the reason', () => {
  const words = [
    "2026-11-22T15:45:03.760385Z qemu-system-aarch64: warning: Could not open '/x': No such file or directory",
    '2026-11-22T15:45:03.760385Z qemu-system-aarch64: Invalid CPU model: cortex-m3',
    'The valid models are: cortex-a15, cortex-a53',
  ].join('\n');
  expect(errorsIn(words).split('\n')).toEqual([
    'Invalid CPU model: cortex-m3',
    'The valid models are: cortex-a15, cortex-a53',
  ]);
  expect(findFailure(words)?.row.id).toBe('cpu-not-of-board');
});

test('words that nobody knows are passed on, not swallowed', () => {
  const fault = translateFailure('qemu-system-aarch64: Assertion failed: the moon', definition);
  expect(fault).toMatchObject({
    code: 'qemu-failed',
    detail: 'qemu-system-aarch64: Assertion failed: the moon',
  });
});

test.each(['x', "'", 'a b ', '(', 'KVM '])(
  'comes to an end with whatever a guest writes there: %s',
  (piece) => {
    const fault = translateFailure(`${piece.repeat(300_000)} end`, definition);
    expect(fault.detail?.length).toBeLessThanOrEqual(2000);
    expect(fault.detail?.endsWith(' end')).toBe(true);
  },
);

test('every row has a name of its own', () => {
  const ids = failureTable.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
