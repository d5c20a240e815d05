// Silence: why a guest that was started prints nothing, the most probable reason for this definition first. Pure.
import type { VmDefinition } from '../contract/definition.ts';
import type { Problem } from '../contract/problem.ts';
import { settleAccelerator } from './accelerator.ts';
import { type Board, boardFor } from './board.ts';
import { type CheckFacts, checkDefinition } from './check.ts';
import { cpuFor } from './cpus.ts';
import { preferredCpu } from './preferred.ts';
import { type Finding, fileName, headerOf, removeAt, setTo } from './rule.ts';

/**
 * Seconds from the start after which no byte is a sign. Emulated firmware and kernels print within 2 to 10 s on a usual
 * computer (measured: 6.1 kernel on virt 2.3 s, vexpress-a9 12 s on two busy cores); bare metal prints at once.
 */
export function silencePatienceSeconds(
  definition: VmDefinition,
  facts: Pick<CheckFacts, 'qemu' | 'host'>,
): number {
  switch (definition.boot.kind) {
    case 'elf':
    case 'loader':
      return 3;
    case 'uefi':
    case 'kernel':
    case 'bios':
    case 'pflash':
    case 'media':
      return settleAccelerator(definition, facts.qemu, facts.host) === 'tcg' ? 20 : 8;
  }
}

interface Silent {
  definition: VmDefinition;
  facts: CheckFacts;
  board: Board;
}

type Suspect = (silent: Silent) => Finding | undefined;

const kernelOf = ({ boot }: VmDefinition) => (boot.kind === 'kernel' ? boot : undefined);

/** A file that does not tell its width may be made for the other one. */
const otherWidth: Suspect = ({ definition, facts, board }) => {
  const { boot } = definition;
  const file = boot.kind === 'kernel' ? boot.kernel : boot.kind === 'bios' ? boot.file : undefined;
  const type = headerOf({ definition, facts, qemuName: '' }, file)?.type;
  const bits = cpuFor(definition.cpu, facts.qemu).bits;
  if (file === undefined || bits === null) return undefined;
  if (type !== 'unknown' && type !== 'compressed' && type !== 'uimage') return undefined;
  const other = bits === 64 ? 32 : 64;
  const cpu = preferredCpu(board, definition, facts.qemu, other);
  const has = cpu !== undefined && cpuFor(cpu, facts.qemu).bits === other;
  return {
    field: '/cpu',
    message: `${fileName(file)} does not say for which CPU it was made: if it is ${other}-bit, ${definition.cpu} runs its first bytes as something else.`,
    ...(has ? { fix: setTo(`Use ${cpu} (${other}-bit)`, '/cpu', cpu) } : {}),
  };
};

/** See resources/boards/device-trees/: where Armoire ships a tree, the vendor’s was tried and hangs. */
const vendorTree: Suspect = ({ definition, board }) => {
  if (kernelOf(definition)?.dtb === undefined || board.deviceTreeShipped === undefined) return undefined;
  return {
    field: '/boot/dtb',
    message: `The vendor’s device tree for ${board.name} takes its clocks from firmware that QEMU does not have: a kernel given that one hangs.`,
    fix: removeAt('Use Armoire’s own device tree', '/boot/dtb'),
  };
};

/** EL3 and EL2 move the place where the CPU starts (QEMU docs/system/arm/virt.rst). */
const secureWorld: Suspect = ({ definition }) => {
  const { secure, virtualization } = definition.machineOptions;
  if (definition.boot.kind === 'uefi') return undefined;
  if (secure === true) {
    return {
      field: '/machineOptions/secure',
      message:
        'EL3 is on: the CPU starts in the secure world, where software made for the normal world goes astray.',
      fix: removeAt('Start without EL3', '/machineOptions/secure'),
    };
  }
  if (virtualization === true && (definition.boot.kind === 'elf' || definition.boot.kind === 'loader')) {
    return {
      field: '/machineOptions/virtualization',
      message: 'EL2 is on: the program starts in EL2, where one that is made for EL1 goes astray.',
      fix: removeAt('Start without EL2', '/machineOptions/virtualization'),
    };
  }
  return undefined;
};

/** Linux before 4.19 (and some until 5.12) stops at CPU features that it does not know (FEAT_LPA, FEAT_LPA2). */
const newCpu: Suspect = ({ definition, facts, board }) => {
  const old = 'cortex-a72';
  if (kernelOf(definition) === undefined || definition.cpu === old || !board.cpu.fits.includes(old))
    return undefined;
  const { addressBits, bits } = cpuFor(definition.cpu, facts.qemu);
  if (bits !== 64 || (addressBits ?? 0) <= 44) return undefined;
  return {
    field: '/cpu',
    message: `Kernels older than 5.12 can hang with the new features of ${definition.cpu} before they print.`,
    fix: setTo(`Use ${old}`, '/cpu', old),
  };
};

const otherUarts: Suspect = ({ definition, board }) => {
  const there = board.uarts.length;
  if (!board.listed || definition.uarts >= there) return undefined;
  return {
    field: '/uarts',
    message: `The guest may print on a UART that has no console here: ${board.name} has ${there}, this machine shows ${definition.uarts === 1 ? 'one' : definition.uarts}.`,
    fix: setTo(`Show all ${there} UARTs`, '/uarts', there),
  };
};

const quiet: Suspect = ({ definition }) => {
  const cmdline = kernelOf(definition)?.cmdline ?? '';
  if (!/(^|\s)quiet(\s|$)/.test(cmdline)) return undefined;
  const louder = cmdline.replace(/(^|\s)quiet(?=\s|$)/g, '').trim();
  return {
    field: '/boot/cmdline',
    message: 'The kernel is told to be quiet: it prints errors only.',
    fix: setTo('Let it print', '/boot/cmdline', louder),
  };
};

/** `earlycon` without a device takes the one that the device tree names (Linux kernel-parameters, stdout-path). */
const early: Suspect = ({ definition, facts, board }) => {
  const kernel = kernelOf(definition);
  if (kernel === undefined || /(^|\s)early(con|printk)\b/.test(kernel.cmdline)) return undefined;
  const hasTree =
    board.deviceTree === 'made' || board.deviceTreeShipped !== undefined || kernel.dtb !== undefined;
  if (!hasTree || cpuFor(definition.cpu, facts.qemu).profile !== 'A') return undefined;
  return {
    field: '/boot/cmdline',
    message:
      'The kernel may stop before its console is there: with an early console it prints from its first moment.',
    fix: setTo('Add earlycon', '/boot/cmdline', `${kernel.cmdline} earlycon`.trim()),
  };
};

const semihosting: Suspect = ({ definition }) => {
  const { boot, debug } = definition;
  if ((boot.kind !== 'elf' && boot.kind !== 'loader') || debug.semihosting) return undefined;
  return {
    field: '/debug/semihosting',
    message:
      'The program may print by semihosting, which is off. On, it can also read and write your files: only for programs of your own.',
    fix: setTo('Turn semihosting on', '/debug/semihosting', true),
  };
};

const wrongAddress: Suspect = ({ definition }) => {
  const { kind } = definition.boot;
  if (kind !== 'elf' && kind !== 'loader' && kind !== 'bios' && kind !== 'pflash') return undefined;
  return {
    field: '/boot',
    message:
      'The program may have been made for another board: compare its addresses of RAM and UART with those of the Board tab.',
  };
};

const waitsForDebugger: Suspect = ({ definition }) =>
  definition.debug.gdb.enabled && definition.debug.startHalted
    ? {
        field: '/debug/startHalted',
        message: 'The cores were started halted, and the debugger may hold them still: let them continue.',
      }
    : undefined;

const noSystem: Suspect = ({ definition }) =>
  definition.boot.kind === 'media'
    ? {
        field: '/disks',
        message: 'What the board starts from may hold no software for it: nothing on the medium prints.',
      }
    : undefined;

type Step = { rules: readonly string[] } | { id: string; suspect: Suspect };

/** Rules whose findings leave a guest without a word, and suspicions that no rule can prove, in order. */
const order: readonly Step[] = [
  { id: 'silent-halted', suspect: waitsForDebugger },
  {
    rules: [
      'kernel-width',
      'uefi-width',
      'kernel-foreign',
      'cpu-ignored',
      'cpu-other-width',
      'kernel-page-size',
    ],
  },
  { rules: ['uefi-cpu-max', 'option-secure-uefi', 'memory-uefi', 'memory-kernel'] },
  { rules: ['kernel-packed', 'kernel-kind', 'firmware-kind', 'elf-kind', 'dtb-kind', 'dtb-missing'] },
  { id: 'silent-vendor-tree', suspect: vendorTree },
  { rules: ['console-elsewhere', 'console-hidden', 'console-missing'] },
  {
    rules: [
      'loader-address',
      'loader-foreign',
      'loader-width',
      'loader-no-start',
      'loader-over-device-tree',
      'boot-media',
    ],
  },
  { id: 'silent-other-width', suspect: otherWidth },
  { id: 'silent-secure', suspect: secureWorld },
  { id: 'silent-new-cpu', suspect: newCpu },
  { rules: ['console-unnamed', 'kernel-unrecognised'] },
  { id: 'silent-other-uart', suspect: otherUarts },
  { id: 'silent-quiet', suspect: quiet },
  { id: 'silent-early', suspect: early },
  { id: 'silent-semihosting', suspect: semihosting },
  { id: 'silent-address', suspect: wrongAddress },
  { id: 'silent-medium', suspect: noSystem },
];

/** What may be the reason, the most probable first; each with a fix where one change would show. */
export function silenceReasons(definition: VmDefinition, facts: CheckFacts): Problem[] {
  const board = boardFor(definition.machine, facts.qemu);
  if (board === undefined) return [];
  const silent: Silent = { definition, facts, board };
  const found = checkDefinition(definition, facts);
  return order.flatMap((step) => {
    if ('rules' in step) return found.filter(({ rule }) => step.rules.includes(rule));
    const finding = step.suspect(silent);
    return finding === undefined ? [] : [{ rule: step.id, severity: 'hint' as const, ...finding }];
  });
}
