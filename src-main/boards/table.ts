// The board table as shipped: every family's file, checked by its schema on first use, found by machine type.
import allwinner from '../../resources/boards/allwinner.json' with { type: 'json' };
import armBoards from '../../resources/boards/arm-boards.json' with { type: 'json' };
import aspeed from '../../resources/boards/aspeed.json' with { type: 'json' };
import cpus from '../../resources/boards/cpus.json' with { type: 'json' };
import gadgets from '../../resources/boards/gadgets.json' with { type: 'json' };
import microcontrollers from '../../resources/boards/microcontrollers.json' with { type: 'json' };
import mps from '../../resources/boards/mps.json' with { type: 'json' };
import nuvoton from '../../resources/boards/nuvoton.json' with { type: 'json' };
import nxp from '../../resources/boards/nxp.json' with { type: 'json' };
import raspi from '../../resources/boards/raspi.json' with { type: 'json' };
import serversPhones from '../../resources/boards/servers-phones.json' with { type: 'json' };
import virt from '../../resources/boards/virt.json' with { type: 'json' };
import xilinx from '../../resources/boards/xilinx.json' with { type: 'json' };
import { type BoardRow, boardFamily, type CpuFacts, cpuTable } from './row.ts';

const familyFiles: readonly unknown[] = [
  virt,
  raspi,
  armBoards,
  mps,
  microcontrollers,
  xilinx,
  nxp,
  allwinner,
  nuvoton,
  aspeed,
  serversPhones,
  gadgets,
];

export interface ListedBoard {
  family: string;
  row: BoardRow;
}

interface Table {
  boards: readonly ListedBoard[];
  byName: ReadonlyMap<string, ListedBoard>;
  cpus: ReadonlyMap<string, CpuFacts>;
}

function readTable(): Table {
  const boards = familyFiles
    .map((file) => boardFamily.parse(file))
    .flatMap(({ family, boards: rows }) => rows.map((row) => ({ family, row })));
  const byName = new Map<string, ListedBoard>();
  for (const board of boards) {
    for (const name of [board.row.name, ...(board.row.aliases ?? [])]) byName.set(name, board);
  }
  return { boards, byName, cpus: new Map(Object.entries(cpuTable.parse(cpus).cpus)) };
}

let read: Table | undefined;

function table(): Table {
  read ??= readTable();
  return read;
}

export function listedBoards(): readonly ListedBoard[] {
  return table().boards;
}

/** `virt-10.0` without its version: `virt`. Other names as they are. */
export function unversioned(machine: string): string {
  return machine.replace(/-\d+\.\d+$/, '');
}

/** The row for a machine type, versioned or not; undefined for one that the table does not have. */
export function listedBoard(machine: string): ListedBoard | undefined {
  return table().byName.get(machine) ?? table().byName.get(unversioned(machine));
}

/** Facts of a CPU model; undefined for one that the table does not have. */
export function listedCpu(cpu: string): CpuFacts | undefined {
  return table().cpus.get(cpu);
}
