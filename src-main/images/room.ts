// Room on the disk of the library, asked for before something large is written.
import { Fault } from '../contract/fault.ts';
import { freeBytes } from '../lib/free-bytes.ts';

const MiB = 1024 ** 2;

/** Left to the rest of the library: its logs, its settings, what running guests write. */
const reserveBytes = 16 * MiB;

/** Throws Fault `disk-full` when `bytes` more do not fit on the file system of `directory`. `what`: begins a sentence. */
export async function requireRoom(directory: string, bytes: number, what = 'The image'): Promise<void> {
  const free = (await freeBytes(directory)) - reserveBytes;
  if (bytes <= free) return;
  throw new Fault({
    code: 'disk-full',
    message: `${what} may take ${inMiB(bytes)}, and the disk of the library has ${inMiB(Math.max(0, free))} to give. Nothing was changed.`,
    remedy: 'Free some space there (old snapshots take some), or keep the library on a larger disk.',
    detail: directory,
  });
}

function inMiB(bytes: number): string {
  const mebi = Math.ceil(bytes / MiB);
  return mebi < 10_240 ? `${mebi} MiB` : `${Math.ceil(mebi / 1024)} GiB`;
}
