// A file that appears under its name only when it is whole and on disk.
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { syncDirectory, temporarySuffix } from '../lib/atomic-write.ts';
import { unlessMissing } from '../lib/errno.ts';
import { fileFault } from './file-faults.ts';

async function refuseExisting(file: string): Promise<void> {
  if ((await unlessMissing(stat(file))) === undefined) return;
  throw new Fault({
    code: 'conflict',
    message: `${file} is there already.`,
    remedy: 'Choose another name, or take the old file away first.',
  });
}

/** Writes beside `target` and renames when whole and on disk; a failure leaves nothing behind. Throws a `Fault`. */
export async function makeWhole(
  target: string,
  make: (temporary: string) => Promise<unknown>,
): Promise<void> {
  await refuseExisting(target);
  const temporary = `${target}${temporarySuffix}`;
  try {
    await rm(temporary, { force: true });
    await make(temporary);
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileFault(error, target);
  }
  await syncDirectory(path.dirname(target));
}
