// What a crash left of work on images: programs that go on writing for nobody, and images that are nobody's yet.
import path from 'node:path';
import { temporarySuffix } from '../../lib/atomic-write.ts';
import { endOrphan, sendSignal } from '../../lib/end-process.ts';
import { findProcesses } from '../../lib/process-table.ts';
import { blockQemuName } from '../../qemu/layered-image.ts';
import type { VmDocument } from '../document.ts';
import { settleDiskFiles } from './own-file.ts';

/**
 * The library has one owner: a qemu-img that writes a temporary file below it, or a QEMU that merges images there, works
 * for one that is gone, and would keep the images from everyone else.
 */
export async function endOrphans(libraryDirectory: string): Promise<void> {
  const inside = `${libraryDirectory}${path.sep}`;
  const copies = await findProcesses(/qemu-img/);
  for (const { pid, commandLine } of copies) {
    const words = commandLine.split('\0');
    if (words.some((word) => word.startsWith(inside) && word.endsWith(temporarySuffix)))
      sendSignal(pid, 'SIGKILL');
  }
  const name = blockQemuName(inside);
  const merges = await findProcesses(/-name[\0 ]images /);
  await Promise.all(
    merges
      .filter(({ commandLine }) => commandLine.includes(`-name\0${name}`))
      .map(({ pid }) => endOrphan(pid)),
  );
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
