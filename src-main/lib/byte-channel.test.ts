import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { channelPair } from './byte-channel.ts';

it('carries frames in order, in a later turn, and closes both ends once', async () => {
  const [left, right] = channelPair();
  const seen: unknown[] = [];
  let closed = 0;
  right.onClose(() => closed++);
  left.send('early');
  await turn();
  right.onFrame((frame) => seen.push(frame));
  left.send('text');
  left.send(new Uint8Array([1, 2]));
  expect(seen).toEqual(['early']);
  await turn();
  expect(seen).toEqual(['early', 'text', new Uint8Array([1, 2])]);
  left.close();
  left.close();
  await turn();
  left.send('late');
  await turn();
  expect(seen).toHaveLength(3);
  expect(closed).toBe(1);
});
