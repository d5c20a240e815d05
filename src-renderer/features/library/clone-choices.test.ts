// What can be made of a VM in which state, and what it is called.
import { expect, test } from 'vitest';
import { cloneChoices, freeName } from './clone-choices.ts';

const snapshot = { id: '00000000-0000-4000-8000-000000000001', name: 'before', memory: true };
const mismatch = { code: 'unsupported', message: 'Another QEMU.', remedy: '' } as const;

test.each([
  ['stopped', undefined, ['copy', 'linked']],
  ['running', undefined, ['linked', 'fork']],
  ['paused', undefined, ['linked', 'fork']],
  ['running', snapshot, ['copy', 'linked', 'fork']],
  ['stopped', { ...snapshot, memory: false }, ['copy', 'linked']],
  ['stopped', { ...snapshot, mismatch }, ['copy', 'linked']],
] as const)('%s, %j: %j', (state, from, expected) => {
  const usable = cloneChoices({ state, snapshot: from }).filter(({ disabled }) => !disabled);
  expect(usable.map(({ id }) => id)).toEqual(expected);
});

test('what cannot be had says why', () => {
  const fork = cloneChoices({ state: 'stopped', snapshot: { ...snapshot, mismatch } }).at(-1);
  expect(fork?.note).toBe('Another QEMU.');
});

test('a name that is taken gets a number', () => {
  expect(freeName('a copy', [])).toBe('a copy');
  expect(freeName('a copy', ['a copy', 'a copy 2'])).toBe('a copy 3');
  expect(freeName('x'.repeat(100), []).length).toBe(76);
});
