// Finds boards by words, and puts them in families with the recommended ones first.
import type { BoardCard } from '../../../src-main/contract/board.ts';

export interface BoardFamily {
  readonly name: string;
  readonly boards: readonly BoardCard[];
}

/** Every word must occur somewhere in the board's name, title, family, summary, CPUs that fit, or UARTs. */
export function searchBoards(boards: readonly BoardCard[], query: string): BoardCard[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return boards.filter((board) => {
    const text = searchText(board);
    return words.every((word) => text.includes(word));
  });
}

function searchText(board: BoardCard): string {
  return [
    board.name,
    board.machine,
    board.title,
    board.family,
    board.summary,
    board.cpus.default,
    ...board.cpus.models.filter(({ fits }) => fits).map(({ name }) => name),
    board.cpus.clusters ?? '',
    ...board.profiles.map((profile) => `profile ${profile} ${profileWords[profile]}`),
    ...board.uarts.map((uart) => uart.guestName ?? ''),
  ]
    .join(' ')
    .toLowerCase();
}

/** Families in the order of their best board: recommended first, then by name. */
export function byFamily(boards: readonly BoardCard[]): BoardFamily[] {
  const families = new Map<string, BoardCard[]>();
  for (const board of boards) {
    const family = families.get(board.family) ?? [];
    family.push(board);
    families.set(board.family, family);
  }
  return [...families]
    .map(([name, members]) => ({ name, boards: members.toSorted(compareBoards) }))
    .sort((a, b) => compareFamilies(a, b));
}

function compareBoards(a: BoardCard, b: BoardCard): number {
  return (
    Number(b.recommended) - Number(a.recommended) ||
    Number(a.deprecated !== undefined) - Number(b.deprecated !== undefined) ||
    a.name.localeCompare(b.name, 'en', { numeric: true })
  );
}

function compareFamilies(a: BoardFamily, b: BoardFamily): number {
  const recommended = (family: BoardFamily) => family.boards.some((board) => board.recommended);
  return Number(recommended(b)) - Number(recommended(a)) || a.name.localeCompare(b.name, 'en');
}

export const profileWords: Readonly<Record<BoardCard['profiles'][number], string>> = {
  A64: '64-bit',
  A32: '32-bit',
  M: 'Cortex-M',
  R: 'Cortex-R',
};
