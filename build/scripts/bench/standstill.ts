// How long a guest stands still while something is done to it, and how long its QMP keeps one waiting.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QmpClient } from '../../../src-main/qemu/qmp.ts';
import { millisecondsSince } from './measure.ts';

/** A question every so often; one that waits holds up the next. */
const askEveryMs = 10;
/** The guest is watched a little longer than the work, so that its first line after it is seen. */
const afterMs = 60;
const mostWaitMs = 120_000;

export interface Standstill {
  /** The longest time without a byte from a guest that prints without end, ms. */
  readonly silentMs: number;
  /** From QEMU's STOP to its RESUME, by QEMU's clock; the sum, ms. */
  readonly stoppedMs: number;
  /** The slowest answer to `query-status`, ms. */
  readonly slowestAnswerMs: number;
  /** From the call to its answer, ms. */
  readonly wholeMs: number;
}

/** @param consoleFile what the guest prints into, without end */
export async function standstillOf(
  qmp: QmpClient,
  consoleFile: string,
  work: () => Promise<unknown>,
): Promise<Standstill> {
  let over = false;
  let stoppedAt: number | undefined;
  let stoppedMs = 0;
  const stopListening = qmp.onEvent(({ event, at }) => {
    if (event === 'STOP') stoppedAt = at;
    if (event !== 'RESUME' || stoppedAt === undefined) return;
    stoppedMs += at - stoppedAt;
    stoppedAt = undefined;
  });
  const isOver = () => over;
  const silence = longestSilence(consoleFile, isOver);
  const answers = slowestAnswer(qmp, isOver);
  await sleep(afterMs);
  const started = performance.now();
  await work();
  const wholeMs = millisecondsSince(started);
  await sleep(afterMs);
  over = true;
  const [silentMs, slowestAnswerMs] = await Promise.all([silence, answers]);
  stopListening();
  return { silentMs, stoppedMs, slowestAnswerMs, wholeMs };
}

async function longestSilence(file: string, isOver: () => boolean): Promise<number> {
  const descriptor = openSync(file, 'r');
  try {
    let size = fstatSync(descriptor).size;
    let grewAt = performance.now();
    let longest = 0;
    while (!isOver()) {
      await sleep(1);
      const now = performance.now();
      const next = fstatSync(descriptor).size;
      if (next === size) continue;
      longest = Math.max(longest, now - grewAt);
      size = next;
      grewAt = now;
    }
    return Math.max(longest, performance.now() - grewAt);
  } finally {
    closeSync(descriptor);
  }
}

async function slowestAnswer(qmp: QmpClient, isOver: () => boolean): Promise<number> {
  let slowest = 0;
  while (!isOver()) {
    const asked = performance.now();
    await qmp.execute('query-status', undefined, { timeoutMs: mostWaitMs });
    slowest = Math.max(slowest, millisecondsSince(asked));
    await sleep(askEveryMs);
  }
  return slowest;
}
