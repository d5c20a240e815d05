// What is known of a file that a VM is to use: its kind, its first bytes, and for a disk what its header says.
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { readBootHeader } from '../boards/boot-header.ts';
import type { BootHeader, FileFact } from '../contract/image.ts';
import { errnoOf } from '../lib/errno.ts';
import { inspectImage } from '../qemu/image.ts';

const headerBytes = 64 * 1024;

export interface ExamineOptions {
  /** Also as a disk image. */
  asDisk: boolean;
  imgPath?: string | undefined;
}

/** `file`: as the definition names it; `absolute`: where it is. Never throws for what it finds. */
export async function examineFile(
  file: string,
  absolute: string,
  options: ExamineOptions,
): Promise<FileFact> {
  const nothing = { file, sizeBytes: 0, writable: false };
  let sizeBytes: number;
  try {
    const facts = await stat(absolute);
    if (facts.isDirectory()) return { ...nothing, kind: 'directory' };
    // Opening a pipe or a device can wait for ever, or do something.
    if (!facts.isFile()) return { ...nothing, kind: 'device' };
    sizeBytes = facts.size;
  } catch (error) {
    return { ...nothing, kind: isMissing(error) ? 'missing' : 'unreadable' };
  }
  const header = await firstBytes(absolute, sizeBytes);
  if (!header) return { ...nothing, sizeBytes, kind: 'unreadable' };
  const disk = options.asDisk
    ? await inspectImage(absolute, options.imgPath).catch(() => undefined)
    : undefined;
  return {
    file,
    kind: 'file',
    sizeBytes,
    writable: await mayWrite(absolute),
    header,
    ...(disk && { disk }),
  };
}

async function firstBytes(file: string, sizeBytes: number): Promise<BootHeader | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
      return readBootHeader(buffer.subarray(0, bytesRead), sizeBytes);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

function mayWrite(file: string): Promise<boolean> {
  return access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** ELOOP: links that lead in a circle lead nowhere. */
function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '');
}
