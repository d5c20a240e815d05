// Where the QEMU in use says something else of a board than the table: the binary wins, and `armoire doctor` reports it.
import type { QemuCapabilities, QemuMachine } from '../contract/qemu.ts';
import { cpuModelName, machinesToShow } from './board.ts';
import type { BoardRow } from './row.ts';
import { rowAt } from './row-at.ts';
import { listedBoard } from './table.ts';
import { isAtLeast } from './version.ts';

export interface Contradiction {
  machine: string;
  /** A sentence for `armoire doctor`, and for a bug report. */
  message: string;
}

function ofRow(row: BoardRow, machine: QemuMachine, qemu: QemuCapabilities): string[] {
  const { cpu, vcpus, since, until } = rowAt(row, qemu.version);
  const { major, minor } = qemu.version;
  const found: string[] = [];
  const told = machine.defaultCpu === undefined ? undefined : cpuModelName(machine.defaultCpu);
  if (told !== undefined && told !== cpu.default) {
    found.push(`its CPU is ${told}; the table says ${cpu.default}`);
  }
  if (machine.maxVcpus < vcpus.max) {
    found.push(`it has at most ${machine.maxVcpus} vCPUs; the table says ${vcpus.max}`);
  }
  if (since !== undefined && !isAtLeast(qemu.version, since)) {
    found.push(`QEMU ${major}.${minor} has it; the table says from ${since} on`);
  }
  if (until !== undefined && isAtLeast(qemu.version, until) && `${major}.${minor}` !== until) {
    found.push(`QEMU ${major}.${minor} has it; the table says up to ${until}`);
  }
  return found;
}

/** Every board of this QEMU that the table has not, or has otherwise; empty when they agree. */
export function contradictions(qemu: QemuCapabilities): Contradiction[] {
  return machinesToShow(qemu).flatMap((machine) => {
    const row = (listedBoard(machine.name) ?? listedBoard(machine.alias ?? machine.name))?.row;
    const found = row === undefined ? ['the table does not have it'] : ofRow(row, machine, qemu);
    return found.map((what) => ({ machine: machine.name, message: `${machine.name}: ${what}.` }));
  });
}
