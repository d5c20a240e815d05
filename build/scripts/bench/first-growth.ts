// The moment in which a guest prints on: its console's file grows.
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const mostWaitMs = 60_000;

/** Resolves when the file is larger than `size` bytes. */
export async function firstGrowth(file: string, size: number): Promise<void> {
  const deadline = performance.now() + mostWaitMs;
  while ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= size) {
    if (performance.now() > deadline) throw new Error(`Nothing was printed into ${file}.`);
    await sleep(1);
  }
}
