// Failures about the CPU: a model that the board, the accelerator or this QEMU does not have.
import { cpuModelName } from '../../boards/board.ts';
import { listedBoard } from '../../boards/table.ts';
import type { VmDefinition } from '../../contract/definition.ts';
import { type Explanation, type FailureRow, group, remove, set } from './row.ts';

function cpuFix(cpu: string) {
  return set(`Use ${cpu}`, '/cpu', cpu);
}

/** The board's recommended model where QEMU accepts it, else the first that it names. */
function bestOf(accepted: readonly string[], { machine }: VmDefinition): string | undefined {
  const row = listedBoard(machine)?.row;
  const known = [row?.cpu.recommended, row?.cpu.default];
  return known.find((cpu) => cpu !== undefined && accepted.includes(cpu)) ?? accepted[0];
}

function recommended({ machine }: VmDefinition): string | undefined {
  const cpu = listedBoard(machine)?.row.cpu;
  return cpu?.recommended ?? cpu?.default;
}

function notOfThisBoard(definition: VmDefinition, accepted: readonly string[]): Explanation {
  const best = accepted.length > 0 ? bestOf(accepted, definition) : recommended(definition);
  const these = accepted.length > 0 ? `: it takes ${accepted.join(', ')}` : '';
  return {
    message: `The board ${definition.machine} cannot have the CPU ${definition.cpu}${these}.`,
    remedy: 'Choose a CPU of this board, or a board with this CPU.',
    field: '/cpu',
    fix: best === undefined ? undefined : cpuFix(best),
  };
}

const modelList = (text: string) => text.split(',').map((name) => cpuModelName(name.trim()));

export const cpuFailures: readonly FailureRow[] = [
  {
    id: 'cpu-not-of-board',
    pattern:
      /Invalid CPU (?:model|type): \S+\n.*(?:The only valid type is|The valid (?:models|types) are): (.+)/,
    explain: (match, definition) => notOfThisBoard(definition, modelList(group(match, 1))),
  },
  {
    // Before 9.0 boards said it each in their own way.
    id: 'cpu-not-of-board-old',
    pattern:
      /Invalid CPU (?:model|type)|CPU type \S+ not supported|can only be used with|can only use|cannot be used with|requires a \S+ processor/,
    explain: (_match, definition) => notOfThisBoard(definition, []),
  },
  {
    id: 'cpu-host',
    pattern: /unable to find CPU model 'host'|CPU type 'host' requires/,
    explain: (_match, definition) => {
      const cpu = recommended(definition);
      return {
        message:
          'The CPU “host” is this computer’s own, which only hardware acceleration can give to a guest; none is in use here.',
        remedy: 'Choose a CPU by its name.',
        field: '/cpu',
        fix: cpu === undefined ? undefined : cpuFix(cpu),
      };
    },
  },
  {
    id: 'cpu-unknown',
    pattern: /unable to find CPU model '(.+?)'/,
    explain: (match, definition) => {
      const cpu = recommended(definition);
      return {
        message: `This QEMU has no CPU model ${group(match, 1)}.`,
        remedy: 'Choose a CPU that it has, or use a newer QEMU.',
        field: '/cpu',
        fix: cpu === undefined ? undefined : cpuFix(cpu),
      };
    },
  },
  {
    id: 'cpu-without-mte',
    pattern: /MTE requested, but not supported by the guest CPU/,
    explain: (_match, { cpu }) => ({
      message: `The CPU ${cpu} has no memory tagging (MTE).`,
      remedy: 'Switch memory tagging off, or choose a CPU that has it, such as max or cortex-a710.',
      field: '/machineOptions/mte',
      fix: remove('Switch it off', '/machineOptions/mte'),
    }),
  },
];
