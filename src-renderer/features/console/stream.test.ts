// The viewer's state machine over frames of the console protocol.
import { expect, test } from 'vitest';
import {
  disconnected,
  earlierBytes,
  initialStream,
  receiveBytes,
  receiveText,
  type StreamEffect,
  type StreamState,
} from './stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

type Frame = Parameters<typeof receiveText>[1] | string;

function run(frames: Frame[], from: StreamState = initialStream) {
  let state = from;
  const effects: StreamEffect[] = [];
  for (const frame of frames) {
    const step = typeof frame === 'string' ? receiveBytes(state, bytes(frame)) : receiveText(state, frame);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const written = (effects: StreamEffect[]) =>
  effects.map((effect) => (effect.type === 'write' ? new TextDecoder().decode(effect.bytes) : '')).join('');

test('replays from the first byte, then is live', () => {
  const { state, effects } = run([
    { type: 'at', offset: 0, because: 'open', oldest: 0 },
    'hello ',
    { type: 'live' },
    'world',
  ]);
  expect(effects.map((effect) => effect.type)).toEqual(['replay', 'reset', 'write', 'live', 'write']);
  expect(state).toMatchObject({ phase: 'live', first: 0, next: 11 });
  expect(earlierBytes(state)).toBe(0);
});

test('comes back at the exact offset and repeats nothing', () => {
  const before = run([{ type: 'at', offset: 0, because: 'open' }, 'abc', { type: 'live' }]);
  const away = disconnected(before.state);
  expect(away).toMatchObject({ phase: 'reconnecting', next: 3 });
  const after = run([{ type: 'at', offset: 3, because: 'open' }, 'def', { type: 'live' }], away);
  expect(after.effects.map((effect) => effect.type)).toEqual(['replay', 'write', 'live']);
  expect(written([...before.effects, ...after.effects])).toBe('abcdef');
});

test('says how much was dropped while nobody looked', () => {
  const before = run([{ type: 'at', offset: 0, because: 'open' }, 'abc']);
  const { effects, state } = run([{ type: 'at', offset: 1003, because: 'dropped' }, 'x'], before.state);
  expect(effects).toContainEqual({ type: 'gap', bytes: 1000 });
  expect(effects.map((effect) => effect.type)).not.toContain('reset');
  expect(state.next).toBe(1004);
});

test('empties the screen when someone cleared the console', () => {
  const before = run([{ type: 'at', offset: 0, because: 'open' }, 'abc']);
  const { effects, state } = run([{ type: 'at', offset: 3, because: 'cleared', oldest: 3 }], before.state);
  expect(effects).toContainEqual({ type: 'reset', because: 'cleared' });
  expect(state).toMatchObject({ first: 3, next: 3 });
});

test('starts over when the log is shorter than what was shown', () => {
  const before = run([{ type: 'at', offset: 100, because: 'open' }, 'abc']);
  const { effects } = run([{ type: 'at', offset: 0, because: 'open', oldest: 0 }], before.state);
  expect(effects).toContainEqual({ type: 'reset', because: 'open' });
});

test('a tail begins at a line and acknowledges what it leaves out', () => {
  const { state, effects } = run([
    { type: 'at', offset: 5000, because: 'open', oldest: 100 },
    'rest of a line\nwhole line\n',
  ]);
  expect(written(effects)).toBe('whole line\n');
  expect(effects.at(-1)).toMatchObject({ type: 'write', acknowledge: 26 });
  expect(state).toMatchObject({ first: 5015, next: 5026 });
  expect(earlierBytes(state)).toBe(4915);
});

test('a tail without a line break is shown as it is', () => {
  const { effects } = run([
    { type: 'at', offset: 5000, because: 'open', oldest: 0 },
    `${'x'.repeat(5000)}\n`,
    'next',
  ]);
  expect(written(effects)).toBe(`${'x'.repeat(5000)}\nnext`);
});

test('passes on why keys were refused', () => {
  const { effects } = run([{ type: 'input-refused', reason: 'The VM is not running.' }]);
  expect(effects).toEqual([{ type: 'refused', reason: 'The VM is not running.' }]);
});
