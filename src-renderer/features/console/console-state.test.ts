// What a console says of itself.
import { expect, test } from 'vitest';
import { consoleState, consoleStateWords } from './console-state.ts';
import type { ConsoleStatus } from './session.ts';

const status = (phase: ConsoleStatus['phase']): ConsoleStatus => ({
  phase,
  earlier: 0,
  refusal: null,
  failure: null,
});

test('is live only while something runs', () => {
  expect(consoleState(status('live'), 'running')).toBe('live');
  expect(consoleState(status('live'), 'stopped')).toBe('stopped');
  expect(consoleState(status('live'), 'crashed')).toBe('stopped');
  expect(consoleState(status('live'), undefined)).toBe('stopped');
});

test('a lost connection is told before anything about the machine', () => {
  expect(consoleState(status('reconnecting'), 'stopped')).toBe('reconnecting');
  expect(consoleState(status('failed'), 'running')).toBe('failed');
});

test.each([
  ['live', 'paused', 'Paused'],
  ['live', 'running', 'Live'],
  ['live', 'unknown', 'No answer'],
  ['stopped', 'crashed', 'Crashed'],
  ['stopped', 'stopped', 'Not running'],
] as const)('%s and %s: %s', (state, vm, words) => {
  expect(consoleStateWords(state, vm)).toBe(words);
});
