// The files that a snapshot rests on, as they were when it was taken: one that is shorter now, or that someone changed,
// is found before it is used.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { unlessMissing } from '../../lib/errno.ts';
import type { NodeLayers } from '../document.ts';
import { resolveFile } from '../names.ts';
import type { Manifest } from './manifest.ts';

type Stamp = Manifest['stamps'][number];

export async function stampFiles(
  vmDirectory: string,
  layers: NodeLayers,
  definition: VmDefinition,
): Promise<Stamp[]> {
  const files = new Set([
    ...Object.values(layers).map(({ file }) => file),
    // What the guest has mounted from a CD must be the same when it goes on.
    ...definition.disks
      .filter(({ media, readOnly }) => media === 'cdrom' || readOnly)
      .map(({ file }) => file),
  ]);
  const stamps = await Promise.all(
    [...files].map(async (file) => {
      const facts = await unlessMissing(stat(resolveFile(vmDirectory, file)));
      return facts ? [{ file, sizeBytes: facts.size, modifiedMs: facts.mtimeMs }] : [];
    }),
  );
  return stamps.flat();
}

export type StampChange = { file: string; how: 'missing' | 'changed' };

/** Files in the VM's directory are Armoire's own, and a copy of the library has other times: there the size counts. */
export async function changedSince(
  vmDirectory: string,
  stamps: readonly Stamp[],
): Promise<StampChange | undefined> {
  for (const { file, sizeBytes, modifiedMs } of stamps) {
    const facts = await unlessMissing(stat(resolveFile(vmDirectory, file)));
    if (!facts) return { file, how: 'missing' };
    const same = path.isAbsolute(file)
      ? facts.size === sizeBytes && facts.mtimeMs === modifiedMs
      : facts.size >= sizeBytes;
    if (!same) return { file, how: 'changed' };
  }
  return undefined;
}
