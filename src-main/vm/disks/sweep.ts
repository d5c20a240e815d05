// What a crash left of work on images: programs that go on writing for nobody, and images that are nobody's yet.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporarySuffix } from '../../lib/atomic-write.ts';
import { processStart } from '../../lib/process-identity.ts';
import { findProcesses, type ProcessEntry } from '../../lib/process-table.ts';
import { blockQemuName } from '../../qemu/layered-image.ts';
import type { VmDocument } from '../document.ts';
import { settleDiskFiles } from './own-file.ts';

/** A QEMU that is told to end writes down what its images hold. */
const patienceMs = 5000;
const pollMs = 25;

/**
 * The library has one owner: a qemu-img that writes a temporary file below it, or a QEMU that merges images there, works
 * for one that is gone, and would keep the images from everyone else.
 */
export async function endOrphans(libraryDirectory: string): Promise<void> {
  const inside = `${libraryDirectory}${path.sep}`;
  const copies = await findProcesses(/qemu-img/);
  for (const { pid, commandLine } of copies) {
    const words = commandLine.split('\0');
    if (words.some((word) => word.startsWith(inside) && word.endsWith(temporarySuffix))) send(pid, 'SIGKILL');
  }
  const name = blockQemuName(inside);
  const merges = await findProcesses(/-name[\0 ]images /);
  await Promise.all(
    merges
      .filter(({ commandLine }) => commandLine.includes(`-name\0${name}`))
      .map((entry) => endMerge(entry)),
  );
}

async function endMerge({ pid }: ProcessEntry): Promise<void> {
  const start = await processStart(pid);
  send(pid, 'SIGTERM');
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(pollMs)) {
    if ((await processStart(pid)) !== start) return;
  }
  if ((await processStart(pid)) === start) send(pid, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has come to its end by itself.
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
