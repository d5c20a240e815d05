// Finds the card of the board that a machine type names.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import { boardName } from '../vm-words.ts';

/** `virt-9.0` is the board `virt`, also where a new machine would be `virt-10.0`. */
export function boardOf(boards: readonly BoardCard[], machine: string): BoardCard | undefined {
  return (
    boards.find((board) => board.machine === machine) ??
    boards.find((board) => board.name === machine || board.name === boardName(machine))
  );
}
