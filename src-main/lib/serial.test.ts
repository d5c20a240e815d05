import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSerial } from './serial.ts';

it('runs one at a time, in order, and survives a failure', async () => {
  const inTurn = createSerial();
  const seen: string[] = [];
  const work = (name: string, ms: number) =>
    inTurn(async () => {
      seen.push(`${name} begins`);
      await sleep(ms);
      seen.push(`${name} ends`);
      if (name === 'b') throw new Error('b fails');
      return name;
    });
  const results = await Promise.allSettled([work('a', 10), work('b', 1), work('c', 0)]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
