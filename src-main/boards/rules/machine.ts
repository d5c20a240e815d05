// Rules about the machine type itself: whether this QEMU has it, and for how long.
import type { QemuCapabilities } from '../../contract/qemu.ts';
import { findMachine } from '../board.ts';
import { type CheckContext, type Finding, type Rule, setTo } from '../rule.ts';
import { listedBoard, unversioned } from '../table.ts';

/** The same board under the name that this QEMU has for it: another version of it, or another release's alias. */
function replacement(machine: string, qemu: QemuCapabilities): string | undefined {
  const row = listedBoard(machine)?.row;
  const names = [unversioned(machine), ...(row === undefined ? [] : [row.name, ...(row.aliases ?? [])])];
  for (const name of names) {
    const found = findMachine(name, qemu);
    if (found !== undefined && found.name !== machine) return found.name;
  }
  return undefined;
}

function unknownMachine({ definition, facts, qemuName }: CheckContext): Finding | undefined {
  const { machine } = definition;
  if (findMachine(machine, facts.qemu) !== undefined) return undefined;
  const row = listedBoard(machine)?.row;
  const when =
    row?.since !== undefined || row?.until !== undefined
      ? ` QEMU has had it ${row.since === undefined ? '' : `from ${row.since} on`}${row.until === undefined ? '' : ` up to ${row.until}`}.`.replace(
          '  ',
          ' ',
        )
      : '';
  const other = replacement(machine, facts.qemu);
  return {
    field: '/machine',
    message: `${qemuName} has no machine type ${machine} and refuses to start.${when}`,
    ...(other === undefined ? {} : { fix: setTo(`Use ${other}`, '/machine', other) }),
  };
}

export const unknownMachineRules: readonly Rule<CheckContext>[] = [
  { id: 'machine-unknown', severity: 'error', find: unknownMachine },
];

export const machineRules: readonly Rule[] = [
  {
    id: 'machine-unlisted',
    severity: 'hint',
    find: ({ board }) =>
      board.listed
        ? undefined
        : {
            field: '/machine',
            message: `${board.pinned} is not in Armoire’s table: what it takes is a guess, and only a dry start shows what QEMU makes of it.`,
          },
  },
  {
    id: 'machine-deprecated',
    severity: 'hint',
    find: ({ board, definition, facts, qemuName }) => {
      const told = findMachine(definition.machine, facts.qemu)?.deprecated === true;
      if (!told && board.deprecated === undefined) return undefined;
      const newest = findMachine(unversioned(definition.machine), facts.qemu)?.name;
      const canMove = newest !== undefined && newest !== definition.machine;
      return {
        field: '/machine',
        message:
          board.deprecated ??
          `${qemuName} says that ${definition.machine} will be removed from a later version.`,
        ...(canMove ? { fix: setTo(`Use ${newest}`, '/machine', newest) } : {}),
      };
    },
  },
];
