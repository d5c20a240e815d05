// A file that appears under its name only when it is whole and on disk.
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { syncDirectory, syncFile, temporarySuffix } from '../lib/atomic-write.ts';
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
  await replaceWhole(target, async (temporary) => {
    await make(temporary);
    return true;
  });
}

/** As `makeWhole`, in the place of a file that is there; when `make` resolves to false, that one stays. */
export async function replaceWhole(
  target: string,
  make: (temporary: string) => Promise<boolean>,
): Promise<void> {
  const temporary = `${target}${temporarySuffix}`;
  try {
    await rm(temporary, { force: true });
    if (!(await make(temporary))) return await rm(temporary, { force: true });
    await syncFile(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileFault(error, target);
  }
  await syncDirectory(path.dirname(target));
}
