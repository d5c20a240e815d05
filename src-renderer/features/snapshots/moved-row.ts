// Where the arrow keys lead in the tree: along the rows, to the parent, to what grew from it.
import type { TreeRow } from './tree-layout.ts';

/** The row that a key leads to; undefined for keys that do not move. */
export function movedRow(key: string, rows: readonly TreeRow[], index: number): TreeRow | undefined {
  const row = rows[index];
  switch (key) {
    case 'ArrowDown':
      return rows[index + 1] ?? row;
    case 'ArrowUp':
      return rows[index - 1] ?? row;
    case 'ArrowLeft':
      return rows.find(({ id }) => id === row?.parent) ?? row;
    case 'ArrowRight':
      return rows.find(({ parent }) => parent === row?.id) ?? row;
    case 'Home':
      return rows[0];
    case 'End':
      return rows.at(-1);
    default:
      return undefined;
  }
}
