// Order and choice of what the file browser shows.
import type { FileEntry } from '../../../src-main/contract/host.ts';

export interface BrowseFilter {
  readonly query: string;
  /** Without the dot; empty: every file. */
  readonly extensions: readonly string[];
  /** Files whose names begin with a dot. */
  readonly hidden: boolean;
}

/** Folders first, each by name as people read numbers. */
export function browseEntries(entries: readonly FileEntry[], filter: BrowseFilter): FileEntry[] {
  const query = filter.query.trim().toLowerCase();
  return entries
    .filter((entry) => filter.hidden || !entry.name.startsWith('.'))
    .filter((entry) => query === '' || entry.name.toLowerCase().includes(query))
    .filter((entry) => entry.kind === 'directory' || hasExtension(entry.name, filter.extensions))
    .toSorted(
      (a, b) =>
        Number(b.kind === 'directory') - Number(a.kind === 'directory') ||
        a.name.localeCompare(b.name, 'en', { numeric: true, sensitivity: 'base' }),
    );
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  if (extensions.length === 0) return true;
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}

/** The folder that a typed path lies in; null where it says nothing about one. */
export function folderOf(path: string): string | null {
  const end = path.lastIndexOf('/');
  if (end === -1) return null;
  return end === 0 ? '/' : path.slice(0, end);
}
