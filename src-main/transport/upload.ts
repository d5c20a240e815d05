// Takes a file from the browser into the upload directory: whole or not at all, and never over another one.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../contract/fault.ts';
import { syncDirectory } from '../lib/atomic-write.ts';
import { errnoOf } from '../lib/errno.ts';
import { freeBytes } from '../lib/free-bytes.ts';

/** Left free for the library itself: an upload must not be what keeps a VM's console from being written. */
const reserveBytes = 256 * 1024 * 1024;
/** Common file systems end at 255 bytes; a number may have to fit in. */
const longestNameBytes = 240;
const partPattern = /^\.[0-9a-f]{16}\.part$/;

export interface Upload {
  directory: string;
  /** As the user's computer calls it. */
  name: string;
  sizeBytes: number;
  /** Free bytes for unprivileged users on the directory's file system. */
  freeBytes?: (directory: string) => Promise<number>;
}

/**
 * Writes the body beside its final place and renames it when whole. Resolves to the path; its name gets a number
 * when the wanted one is taken.
 * Throws Fault `bad-input`, `disk-full`, `library-unwritable`; leaves nothing behind when it throws.
 */
export async function receiveUpload(body: Readable, upload: Upload): Promise<string> {
  checkName(upload.name);
  const { directory } = upload;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await checkSpace(upload);
  const part = path.join(directory, `.${randomBytes(8).toString('hex')}.part`);
  try {
    await writeWhole(body, part, upload.sizeBytes);
    const final = await moveInto(directory, part, upload.name);
    await syncDirectory(directory);
    return final;
  } catch (error) {
    await rm(part, { force: true });
    throw asFault(error, directory);
  }
}

/** Removes what uploads cut off by a crash left behind. Only for the owner of the library. */
export async function sweepParts(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) if (partPattern.test(name)) await rm(path.join(directory, name), { force: true });
}

function checkName(name: string): void {
  const usable =
    name.trim() !== '' &&
    !name.startsWith('.') &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
    !/[/\\\u0000-\u001f\u007f]/.test(name) &&
    Buffer.byteLength(name) <= longestNameBytes;
  if (usable) return;
  throw new Fault({
    code: 'bad-input',
    message: 'This file name cannot be used.',
    remedy: `Rename the file: up to ${longestNameBytes} bytes, no slashes or control characters, no dot at the start.`,
  });
}

async function checkSpace({ directory, sizeBytes, freeBytes: ask = freeBytes }: Upload): Promise<void> {
  const free = await ask(directory);
  if (sizeBytes + reserveBytes <= free) return;
  throw new Fault({
    code: 'disk-full',
    message: `The file has ${inMiB(sizeBytes)}, and ${inMiB(free)} are free where uploads are kept.`,
    remedy: `Free some space (${inMiB(reserveBytes)} are kept for the library itself), then upload again.`,
    detail: directory,
  });
}

function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / (1024 * 1024)).toLocaleString('en-GB')} MiB`;
}

async function writeWhole(body: Readable, file: string, sizeBytes: number): Promise<void> {
  // `flush`: on the disk before the rename that makes it visible.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(body, exactly(sizeBytes), target);
}

/** Passes bytes on and fails when there are more or fewer than announced. */
function exactly(sizeBytes: number): Transform {
  let seen = 0;
  const fault = () =>
    new Fault({
      code: 'bad-input',
      message: `The upload has not the size that was announced (${sizeBytes} bytes).`,
      remedy: 'Upload the file again; it may have changed meanwhile, or the connection broke.',
    });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > sizeBytes) done(fault());
      else done(null, chunk);
    },
    flush(done) {
      done(seen === sizeBytes ? null : fault());
    },
  });
}

async function moveInto(directory: string, part: string, name: string): Promise<string> {
  const final = await reserveName(directory, name);
  try {
    await rename(part, final);
  } catch (error) {
    await rm(final, { force: true });
    throw error;
  }
  return final;
}

/** Creates the empty file that the upload is renamed over: of two uploads of one name each gets its own. */
async function reserveName(directory: string, name: string): Promise<string> {
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; ; number += 1) {
    const candidate = path.join(directory, number === 1 ? name : `${stem} (${number})${ext}`);
    try {
      await (await open(candidate, 'wx', 0o600)).close();
      return candidate;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

function asFault(error: unknown, directory: string): unknown {
  const code = errnoOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault(
      {
        code: 'disk-full',
        message: 'The disk became full during the upload.',
        remedy: 'Free some space, then upload again.',
        detail: directory,
      },
      { cause: error },
    );
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new Fault(
      {
        code: 'library-unwritable',
        message: 'Uploads cannot be written to the library.',
        remedy: 'Make its folder writable, or choose another library.',
        detail: directory,
      },
      { cause: error },
    );
  }
  return error;
}
