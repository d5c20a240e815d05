// Ends processes that work for nobody any more.
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from './process-identity.ts';

/** A QEMU that is told to end writes down what its images hold. */
const patienceMs = 5000;
const pollMs = 25;

/** Asks it to end, and ends it when it does not. */
export async function endOrphan(pid: number): Promise<void> {
  const start = await processStart(pid);
  if (start === null) return;
  sendSignal(pid, 'SIGTERM');
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(pollMs)) {
    if ((await processStart(pid)) !== start) return;
  }
  if ((await processStart(pid)) === start) sendSignal(pid, 'SIGKILL');
}

/** To one that may have come to its end by itself. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has.
  }
}
