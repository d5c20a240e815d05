import { describe, expect, it } from 'vitest';
import { expectRule, type RuleCase } from '../fixtures/rule-case.ts';
import { kernelBoot, problems, qemu10, qemu11 } from '../fixtures/samples.ts';

const noDisk = { disks: [], boot: kernelBoot() };

const cases: RuleCase[] = [
  { rule: 'machine-unknown', change: { machine: 'virt-2.0' }, field: '/machine', fix: 'Use virt-10.0' },
  {
    rule: 'machine-unknown',
    change: { machine: 'amd-versal-virt' },
    field: '/machine',
    fix: 'Use xlnx-versal-virt',
  },
  {
    rule: 'machine-unknown',
    change: { machine: 'imx8mm-evk' },
    field: '/machine',
    says: 'from 11.1 on',
    fix: null,
  },
  {
    rule: 'machine-unknown',
    change: { machine: 'n800' },
    field: '/machine',
    says: 'up to 9.1',
    fix: null,
  },
  { rule: 'machine-unknown', change: { machine: 'toaster' }, field: '/machine', fix: null },
  {
    rule: 'machine-unlisted',
    change: { machine: 'toaster' },
    given: {
      qemu: {
        ...qemu10,
        machines: [{ name: 'toaster', description: 'A toaster', maxVcpus: 1, deprecated: false }],
      },
    },
    field: '/machine',
    severity: 'hint',
    fix: null,
  },
  {
    rule: 'machine-deprecated',
    change: { machine: 'virt-5.0' },
    field: '/machine',
    severity: 'hint',
    fix: 'Use virt-10.0',
  },
  {
    rule: 'machine-deprecated',
    change: { machine: 'highbank' },
    field: '/machine',
    severity: 'hint',
    fix: null,
  },

  {
    rule: 'vcpus-board',
    change: { machine: 'raspi3b', vcpus: 1 },
    field: '/vcpus',
    says: 'exactly 4',
    fix: 'Use 4',
  },
  {
    rule: 'vcpus-board',
    change: { machine: 'vexpress-a15', vcpus: 5 },
    field: '/vcpus',
    says: 'at most 4',
    fix: 'Use 4',
  },
  {
    rule: 'vcpus-other-core',
    change: { machine: 'xlnx-zcu102', vcpus: 5 },
    field: '/vcpus',
    severity: 'warning',
    says: 'cortex-r5f',
    fix: 'Use 4',
  },
  { rule: 'vcpus-host', change: { vcpus: 9 }, field: '/vcpus', severity: 'hint', fix: 'Use 8' },

  {
    rule: 'gic-vcpus',
    change: { vcpus: 9, machineOptions: { gicVersion: '2' } },
    field: '/vcpus',
    fix: 'Use GICv3',
  },
  {
    rule: 'gic-vcpus',
    change: { vcpus: 124, machineOptions: { gicVersion: '3', highmem: false } },
    field: '/vcpus',
    says: 'serves 123',
    fix: 'Use 123',
  },
  {
    rule: 'gic-vcpus',
    change: { vcpus: 318, machineOptions: { gicVersion: 'max', virtualization: true } },
    field: '/vcpus',
    says: 'serves 317',
    fix: 'Use GICv3',
  },
  {
    rule: 'gic-needs-virtualization',
    change: { machineOptions: { gicVersion: '4' } },
    field: '/machineOptions/gicVersion',
    fix: 'Use GICv3',
  },
  {
    rule: 'gic-host',
    change: { machineOptions: { gicVersion: 'host' } },
    field: '/machineOptions/gicVersion',
    fix: 'Use GICv3',
  },
  {
    rule: 'option-absent',
    change: { machine: 'raspi3b', machineOptions: { secure: true, gicVersion: '3' } },
    field: '/machineOptions/gicVersion',
    fix: 'Leave it out',
  },
  {
    rule: 'option-mte-cpu',
    change: { machineOptions: { mte: true } },
    field: '/machineOptions/mte',
    fix: 'Use cortex-a710',
  },
  {
    rule: 'option-secure-uefi',
    change: { machineOptions: { secure: true } },
    field: '/machineOptions/secure',
    fix: 'Leave EL3 out',
  },

  {
    rule: 'memory-board',
    change: { machine: 'vexpress-a9' },
    field: '/memoryMiB',
    says: '1 GiB',
    fix: 'Use 1 GiB',
  },
  {
    rule: 'memory-board',
    change: { machine: 'ast2600-evb', memoryMiB: 300 },
    field: '/memoryMiB',
    fix: 'Use 256 MiB',
  },
  {
    rule: 'memory-board',
    change: { machine: 'raspi3b', memoryMiB: 512 },
    field: '/memoryMiB',
    fix: 'Use 1 GiB',
  },
  {
    rule: 'memory-address-bits',
    change: { cpu: 'cortex-a53', memoryMiB: 1_047_553 },
    field: '/memoryMiB',
    says: '40 physical address bits',
    fix: 'Use 1023 GiB',
  },
  {
    rule: 'memory-highmem',
    change: { memoryMiB: 4096, machineOptions: { highmem: false } },
    field: '/memoryMiB',
    fix: 'Turn highmem on',
  },
  {
    rule: 'memory-kernel',
    change: {
      machine: 'xlnx-zcu102',
      cpu: 'cortex-a53',
      memoryMiB: 4096,
      boot: kernelBoot({ cmdline: 'console=ttyPS0' }),
    },
    field: '/memoryMiB',
    says: 'above 2 GiB',
    fix: 'Use 2 GiB',
  },
  { rule: 'memory-uefi', change: { memoryMiB: 64 }, field: '/memoryMiB', fix: 'Use 512 MiB' },
  { rule: 'memory-host', change: { memoryMiB: 20_000 }, field: '/memoryMiB', fix: 'Use 8 GiB' },
  {
    rule: 'memory-host-most',
    change: { memoryMiB: 15_000 },
    field: '/memoryMiB',
    severity: 'warning',
    says: '92 %',
    fix: 'Use 8 GiB',
  },
  {
    rule: 'memory-ignored',
    change: { machine: 'netduino2', cpu: 'cortex-m3' },
    field: '/memoryMiB',
    severity: 'warning',
    fix: 'Use 1 MiB',
  },
  {
    rule: 'memory-unreachable',
    change: { machine: 'integratorcp', memoryMiB: 512 },
    field: '/memoryMiB',
    severity: 'warning',
    fix: 'Use 256 MiB',
  },

  { rule: 'uarts-absent', change: { uarts: 3 }, field: '/uarts', says: '2 UARTs', fix: 'Use 2' },
  {
    rule: 'uarts-secure',
    change: { uarts: 2, machineOptions: { secure: true }, ...noDisk },
    field: '/uarts',
    severity: 'hint',
    fix: null,
  },
];

describe('rules about machine, vCPUs, RAM, switches and UARTs', () => {
  it.each(cases.map((one) => [`${one.rule} ${JSON.stringify(one.change ?? {})}`, one] as const))(
    '%s',
    (_name, one) => expectRule(one),
  );

  it.each([
    { vcpus: 512, machineOptions: { gicVersion: '3' as const } },
    { vcpus: 317, machineOptions: { gicVersion: '4' as const, virtualization: true } },
    { vcpus: 8, machineOptions: { gicVersion: '2' as const } },
    { vcpus: 123, machineOptions: { highmem: false } },
    { vcpus: 61, machineOptions: { gicVersion: '4' as const, virtualization: true, highmem: false } },
    { cpu: 'cortex-a53', memoryMiB: 1_047_552 },
    { cpu: 'cortex-a72', memoryMiB: 16_776_192 },
    { memoryMiB: 3072, machineOptions: { highmem: false } },
    { cpu: 'neoverse-n2', machineOptions: { mte: true } },
  ])('lets %j be, as QEMU does', (change) => {
    const host = { arch: 'x64', platform: 'linux', memoryMiB: 2 ** 30, cores: 1024 };
    expect(problems({ ...change, ...noDisk }, { host })).toEqual([]);
  });

  it('knows that fixed RAM cannot be made smaller for a small host', () => {
    const host = { arch: 'x64', platform: 'linux', memoryMiB: 768, cores: 4 };
    const [problem] = problems({ machine: 'raspi3b', memoryMiB: 1024 }, { host }, 'memory-host');
    expect(problem?.message).toContain('768 MiB');
    expect(problem?.fix).toBeUndefined();
  });

  it('follows the version of QEMU', () => {
    const old = { ...qemu10, version: { major: 8, minor: 2, micro: 0, text: '8.2.0' } };
    expect(problems({ uarts: 2 }, { qemu: old }, 'uarts-absent')).toHaveLength(1);
    expect(problems({ uarts: 2 }, { qemu: qemu10 }, 'uarts-absent')).toHaveLength(0);
    expect(problems({ machine: 'virt-5.1' }, { qemu: qemu11 }, 'machine-unknown')).toHaveLength(1);
  });
});
