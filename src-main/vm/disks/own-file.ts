// Names of a VM's own images, and their way in and out: what a crash leaves between is settled by the document.
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory, temporarySuffix } from '../../lib/atomic-write.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { disksDirectory, newDiskFile } from '../names.ts';

/** A name that no file has: `disks/<id>.<format>`, else with a number. */
export async function freeDiskFile(
  vmDirectory: string,
  id: string,
  format: 'qcow2' | 'raw',
): Promise<string> {
  for (let number = 1; ; number++) {
    const file = newDiskFile(number === 1 ? id : `${id}-${number}`, format);
    const taken = await Promise.all(
      [file, `${file}${temporarySuffix}`].map((name) => unlessMissing(stat(path.join(vmDirectory, name)))),
    );
    if (taken.every((found) => found === undefined)) return file;
  }
}

/**
 * An image whose fate the document decides: it has this name before it comes in, and on its way out. See
 * `settleDiskFiles`.
 */
export const unsettled = (file: string) => `${file}${temporarySuffix}`;

/** Throws the system's error. */
export async function moveDiskFile(vmDirectory: string, from: string, to: string): Promise<void> {
  await rename(path.join(vmDirectory, from), path.join(vmDirectory, to));
  await syncDirectory(path.join(vmDirectory, disksDirectory));
}

/**
 * After a crash: an image with the unsettled name that the document has under its own, and which is not there, comes in
 * after all; every other one goes.
 */
export async function settleDiskFiles(vmDirectory: string, named: ReadonlySet<string>): Promise<void> {
  const directory = path.join(vmDirectory, disksDirectory);
  const names = (await unlessMissing(readdir(directory))) ?? [];
  for (const name of names.filter((name) => name.endsWith(temporarySuffix))) {
    const settled = name.slice(0, -temporarySuffix.length);
    const wanted = named.has(`${disksDirectory}/${settled}`) && !names.includes(settled);
    if (wanted) await rename(path.join(directory, name), path.join(directory, settled));
    else await rm(path.join(directory, name), { recursive: true, force: true });
  }
}
