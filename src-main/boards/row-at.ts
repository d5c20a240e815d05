// A row of the table as it holds for one version of QEMU.
import type { QemuVersion } from '../contract/qemu.ts';
import type { BoardRow } from './row.ts';
import { isAtLeast } from './version.ts';

export type RowFacts = Omit<BoardRow, 'changes'>;

/** The row with every change applied that this version has; the row itself is left alone. */
export function rowAt(row: BoardRow, version: Pick<QemuVersion, 'major' | 'minor'>): RowFacts {
  const { changes = [], ...facts } = row;
  for (const { from, ...change } of changes) {
    if (!isAtLeast(version, from)) continue;
    Object.assign(
      facts,
      Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    );
  }
  return facts;
}
