// What comes before somebody listens.
import { expect, test } from 'vitest';
import { createInbox } from './byte-channel.ts';

test('frames that came early are handed over first, in order', () => {
  const inbox = createInbox();
  const seen: (string | Uint8Array)[] = [];
  inbox.receive('one');
  inbox.receive(new Uint8Array([2]));
  inbox.onFrame((frame) => seen.push(frame));
  inbox.receive('three');
  expect(seen).toEqual(['one', new Uint8Array([2]), 'three']);
});

test('the end is told once, also to who listens late', () => {
  const inbox = createInbox();
  let ends = 0;
  inbox.end();
  inbox.end();
  inbox.onClose(() => {
    ends += 1;
  });
  expect(ends).toBe(1);
  inbox.end();
  expect(ends).toBe(1);
});
