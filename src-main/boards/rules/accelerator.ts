// Rules about KVM and HVF: they run the host's own CPU, on virt alone, and know no EL3.
import { acceleratedCpus, takesAcceleration, usableHardware } from '../accelerator.ts';
import { type BoardContext, type Finding, type Rule, removeAt, setTo } from '../rule.ts';
import { isAtLeast } from '../version.ts';

const words = { tcg: 'TCG', kvm: 'KVM', hvf: 'HVF' } as const;
const letArmoireChoose = setTo('Let Armoire choose', '/accelerator', 'auto');

/** The rules below are about hardware that can be used; `accelerator-unusable` says it when it cannot. */
function usesHardware({ accelerator, facts }: BoardContext): boolean {
  return accelerator !== 'tcg' && usableHardware(facts.qemu, facts.host) === accelerator;
}

function unusable({ accelerator, facts }: BoardContext): Finding | undefined {
  if (accelerator === 'tcg' || usableHardware(facts.qemu, facts.host) === accelerator) return undefined;
  const report = facts.qemu.accelerators.find(({ name }) => name === accelerator);
  const reason =
    facts.host.arch === 'arm64'
      ? (report?.reason ?? `This QEMU was built without ${words[accelerator]}.`)
      : `${words[accelerator]} runs ARM guests on ARM computers only; this one is ${facts.host.arch}.`;
  return {
    field: '/accelerator',
    message: `${words[accelerator]} cannot be used here, so QEMU would refuse to start. ${reason}`,
    fix: letArmoireChoose,
  };
}

export const acceleratorRules: readonly Rule[] = [
  { id: 'accelerator-unusable', severity: 'error', find: unusable },
  {
    id: 'accelerator-board',
    severity: 'error',
    find: (context) =>
      usesHardware(context) && !takesAcceleration(context.definition.machine)
        ? {
            field: '/accelerator',
            message: `${words[context.accelerator]} works on virt only: ${context.board.name} has hardware that must be emulated, CPU included.`,
            fix: letArmoireChoose,
          }
        : undefined,
  },
  {
    id: 'accelerator-cpu',
    severity: 'error',
    find: (context) => {
      const { definition, accelerator } = context;
      if (!usesHardware(context) || acceleratedCpus.includes(definition.cpu)) return undefined;
      return {
        field: '/cpu',
        message: `${words[accelerator]} runs this computer’s own CPU and cannot make a ${definition.cpu}.`,
        fix: setTo('Use host', '/cpu', 'host'),
      };
    },
  },
  {
    // QEMU hw/arm/virt.c, machvirt_init: "does not support providing Security extensions".
    id: 'accelerator-secure',
    severity: 'error',
    find: (context) =>
      usesHardware(context) && context.definition.machineOptions.secure === true
        ? {
            field: '/machineOptions/secure',
            message: `${words[context.accelerator]} gives a guest no EL3: QEMU refuses to start.`,
            fix: removeAt('Leave EL3 out', '/machineOptions/secure'),
          }
        : undefined,
  },
  {
    // Nested virtualisation came to KVM guests with QEMU 10.2, for hosts that have FEAT_NV2.
    id: 'accelerator-virtualization',
    severity: 'error',
    find: (context) => {
      const { accelerator, definition, facts } = context;
      if (!usesHardware(context) || definition.machineOptions.virtualization !== true) return undefined;
      if (accelerator === 'kvm' && isAtLeast(facts.qemu.version, '10.2')) return undefined;
      return {
        field: '/machineOptions/virtualization',
        message: `${words[accelerator]} gives a guest no EL2 with this QEMU, which refuses to start.`,
        fix: removeAt('Leave EL2 out', '/machineOptions/virtualization'),
      };
    },
  },
  {
    id: 'accelerator-mte',
    severity: 'error',
    find: (context) => {
      const { accelerator, definition, facts } = context;
      if (!usesHardware(context) || definition.machineOptions.mte !== true) return undefined;
      if (accelerator === 'kvm' && isAtLeast(facts.qemu.version, '10.0')) return undefined;
      return {
        field: '/machineOptions/mte',
        message: `${words[accelerator]} gives a guest no memory tagging with this QEMU, which refuses to start.`,
        fix: removeAt('Leave memory tagging out', '/machineOptions/mte'),
      };
    },
  },
  {
    id: 'accelerator-idle',
    severity: 'hint',
    find: ({ accelerator, definition, facts }) => {
      const hardware = usableHardware(facts.qemu, facts.host);
      const { secure, virtualization, mte } = definition.machineOptions;
      if (accelerator !== 'tcg' || hardware === undefined || !takesAcceleration(definition.machine))
        return undefined;
      if (secure === true || virtualization === true || mte === true) return undefined;
      return {
        field: '/accelerator',
        message: `TCG emulates every instruction; with this computer’s own CPU, ${words[hardware]} would run the guest many times faster.`,
        fix: {
          label: `Use ${words[hardware]}`,
          steps: [
            { op: 'set', path: '/accelerator', value: 'auto' },
            { op: 'set', path: '/cpu', value: 'host' },
          ],
        },
      };
    },
  },
];
