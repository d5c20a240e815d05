// The files that QEMU reads once, when it starts: how they were then, and which of them are others by now.
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { namedFiles } from '../boards/rules/files.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { resolveFile } from './names.ts';

export const fileStamp = z.object({
  /** As the definition names it. */
  file: z.string(),
  sizeBytes: z.number(),
  /** Milliseconds since 1970. */
  modifiedMs: z.number(),
});
export type FileStamp = z.infer<typeof fileStamp>;

/** Disks and flash are open while QEMU runs: only what is read into the guest's memory can go stale. */
export function bootFilesOf(definition: VmDefinition): string[] {
  const fields = ['/boot/kernel', '/boot/initrd', '/boot/dtb', '/boot/file'];
  const files = namedFiles(definition)
    .filter(({ field }) => fields.includes(field) || field.startsWith('/loaders/'))
    .map(({ file }) => file);
  return [...new Set(files)];
}

/** Files that are there now; one that a build has just taken away comes back with its next step. */
export async function stampBootFiles(files: readonly string[], vmDirectory: string): Promise<FileStamp[]> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      try {
        const { size, mtimeMs } = await stat(resolveFile(vmDirectory, file));
        return [{ file, sizeBytes: size, modifiedMs: mtimeMs }];
      } catch {
        return [];
      }
    }),
  );
  return stamps.flat();
}

const same = (a: FileStamp, b: FileStamp | undefined) =>
  b !== undefined && a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs;

/**
 * Names of the files that differ from `started`. One that also differs from `before`, the look before this one, is
 * still being written: it is told when it has come to rest.
 */
export function changedFiles(
  started: readonly FileStamp[],
  before: readonly FileStamp[],
  now: readonly FileStamp[],
): string[] {
  const of = (stamps: readonly FileStamp[], file: string) => stamps.find((stamp) => stamp.file === file);
  return now
    .filter((stamp) => !same(stamp, of(started, stamp.file)) && same(stamp, of(before, stamp.file)))
    .map(({ file }) => file);
}
