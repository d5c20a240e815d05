import { describe, expect, it } from 'vitest';
import { expectRule, type RuleCase } from '../fixtures/rule-case.ts';
import { armServer, kernelBoot, problems, qemu10, qemu11, withHardware } from '../fixtures/samples.ts';

const onServer = { qemu: withHardware(qemu10, 'kvm'), host: armServer };
const onMac = { qemu: withHardware(qemu10, 'hvf'), host: { ...armServer, platform: 'darwin' } };
const old = { ...qemu10, version: { major: 8, minor: 2, micro: 0, text: '8.2.0' } };
const stranger = { name: 'toaster', description: 'A toaster', maxVcpus: 2, deprecated: false };

const cases: RuleCase[] = [
  {
    rule: 'cpu-refused',
    change: { cpu: 'cortex-a99' },
    field: '/cpu',
    says: 'no CPU model',
    fix: 'Use cortex-a72',
  },
  {
    rule: 'cpu-refused',
    change: { cpu: 'cortex-m3' },
    field: '/cpu',
    says: 'refuses',
    fix: 'Use cortex-a72',
  },
  { rule: 'cpu-refused', change: { cpu: 'host' }, field: '/cpu', says: 'KVM or HVF', fix: 'Use cortex-a72' },
  {
    rule: 'cpu-refused',
    change: { machine: 'virt-11.1', cpu: 'cortex-a78ae' },
    given: { qemu: qemu11 },
    field: '/cpu',
    fix: 'Use cortex-a72',
  },
  {
    rule: 'cpu-ignored',
    change: { machine: 'raspi3b', cpu: 'cortex-a72' },
    field: '/cpu',
    says: /ignore cortex-a72 and.* cortex-a53/,
    fix: 'Use cortex-a53',
  },
  {
    rule: 'cpu-ignored',
    change: { machine: 'xlnx-zcu102', cpu: 'cortex-r5f' },
    field: '/cpu',
    says: '4 × cortex-a53, 2 × cortex-r5f',
    fix: 'Use cortex-a53',
  },
  {
    rule: 'cpu-ignored',
    change: { machine: 'ast2600-evb', cpu: 'cortex-a53' },
    given: { qemu: old },
    field: '/cpu',
    fix: 'Use cortex-a7',
  },
  {
    rule: 'cpu-other-width',
    change: { machine: 'versatilepb', cpu: 'cortex-a57' },
    field: '/cpu',
    says: 'never print a thing',
    fix: 'Use arm926',
  },
  {
    rule: 'cpu-other-width',
    change: { machine: 'imx8mp-evk', cpu: 'cortex-a15' },
    given: { qemu: qemu11 },
    field: '/cpu',
    fix: 'Use cortex-a53',
  },
  {
    rule: 'cpu-foreign',
    change: { machine: 'versatilepb', cpu: 'cortex-a15' },
    field: '/cpu',
    severity: 'warning',
    fix: 'Use arm926',
  },
  {
    rule: 'cpu-foreign',
    change: { machine: 'lm3s6965evb', cpu: 'cortex-m33' },
    field: '/cpu',
    severity: 'warning',
    fix: 'Use cortex-m3',
  },
  {
    rule: 'cpu-unproven',
    change: { machine: 'toaster', cpu: 'cortex-a53' },
    given: {
      qemu: { ...qemu10, machines: [...qemu10.machines, { ...stranger, defaultCpu: 'cortex-a15-arm-cpu' }] },
    },
    field: '/cpu',
    severity: 'warning',
    fix: 'Use cortex-a15',
  },
  { rule: 'cpu-advice', change: { cpu: 'a64fx' }, field: '/cpu', severity: 'warning', fix: 'Use cortex-a72' },
  {
    rule: 'cpu-max-slow',
    change: { cpu: 'max' },
    given: { qemu: old },
    field: '/cpu',
    severity: 'hint',
    fix: 'Use cortex-a76',
  },
  {
    rule: 'accelerator-unusable',
    change: { accelerator: 'kvm', cpu: 'host' },
    field: '/accelerator',
    says: 'this one is x64',
    fix: 'Let Armoire choose',
  },
  {
    rule: 'accelerator-unusable',
    change: { accelerator: 'hvf', cpu: 'host' },
    given: onServer,
    field: '/accelerator',
    says: 'without HVF',
    fix: 'Let Armoire choose',
  },
  {
    rule: 'accelerator-board',
    change: { accelerator: 'kvm', machine: 'raspi4b' },
    given: onServer,
    field: '/accelerator',
    fix: 'Let Armoire choose',
  },
  {
    rule: 'accelerator-cpu',
    change: { accelerator: 'kvm', cpu: 'cortex-a15' },
    given: onServer,
    field: '/cpu',
    fix: 'Use host',
  },
  {
    rule: 'accelerator-secure',
    change: { accelerator: 'kvm', cpu: 'host', machineOptions: { secure: true } },
    given: onServer,
    field: '/machineOptions/secure',
    fix: 'Leave EL3 out',
  },
  {
    rule: 'accelerator-virtualization',
    change: { accelerator: 'hvf', cpu: 'host', machineOptions: { virtualization: true } },
    given: onMac,
    field: '/machineOptions/virtualization',
    fix: 'Leave EL2 out',
  },
  {
    rule: 'accelerator-mte',
    change: { accelerator: 'hvf', cpu: 'host', machineOptions: { mte: true } },
    given: onMac,
    field: '/machineOptions/mte',
    fix: 'Leave memory tagging out',
  },
  { rule: 'accelerator-idle', given: onServer, field: '/accelerator', severity: 'hint', fix: 'Use KVM' },
];

describe('rules about CPU and accelerator', () => {
  it.each(cases.map((one) => [`${one.rule} ${JSON.stringify(one.change ?? {})}`, one] as const))(
    '%s',
    (_name, one) => expectRule(one),
  );

  it('has nothing to say about a good pair', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ cpu: 'host' }, onServer)).toEqual([]);
    expect(problems({ cpu: 'cortex-a15', boot: kernelBoot() }, {}, 'cpu-refused')).toEqual([]);
  });

  it('lets KVM give EL2 from 10.2 and memory tagging from 10.0 on', () => {
    const newer = { ...onServer, qemu: withHardware(qemu11, 'kvm') };
    const machineOptions = { virtualization: true, mte: true };
    const change = { machine: 'virt-11.1', cpu: 'host', accelerator: 'kvm' as const, machineOptions };
    expect(problems(change, newer, 'accelerator-virtualization')).toEqual([]);
    expect(problems(change, newer, 'accelerator-mte')).toEqual([]);
  });
});
