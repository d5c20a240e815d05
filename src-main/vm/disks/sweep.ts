// What a crash left of work on images: programs that go on writing for nobody, and images that are nobody's yet.
import path from 'node:path';
import { temporarySuffix } from '../../lib/atomic-write.ts';
import { findProcesses } from '../../lib/process-table.ts';
import type { VmDocument } from '../document.ts';
import { settleDiskFiles } from './own-file.ts';

/** The library has one owner: a qemu-img that writes a temporary file below it works for one that is gone. */
export async function endOrphanedCopies(libraryDirectory: string): Promise<void> {
  const inside = `${libraryDirectory}${path.sep}`;
  for (const { pid, commandLine } of await findProcesses(/qemu-img/)) {
    const words = commandLine.split('\0');
    const orphaned = words.some((word) => word.startsWith(inside) && word.endsWith(temporarySuffix));
    if (!orphaned) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has come to its end by itself.
    }
  }
}

export async function sweepDisks({
  directory,
  document,
}: {
  directory: string;
  document: VmDocument;
}): Promise<void> {
  const layers = Object.values(document.present.layers).map(({ file }) => file);
  await settleDiskFiles(
    directory,
    new Set([...document.definition.disks.map(({ file }) => file), ...layers]),
  );
}
