// What is read out when VMs change.
import { expect, test } from 'vitest';
import type { VmState, VmView } from '../../src-main/contract/vm.ts';
import type { VmsMirror } from '../stores/vms.ts';
import { stateChanges } from './state-changes.ts';

const mirror = (states: Record<string, VmState>, known = true): VmsMirror => ({
  known,
  seq: 1,
  byId: new Map(
    Object.entries(states).map(([id, state]): [string, VmView] => [
      id,
      { id, revision: 1, createdAt: '', definition: null, state, consoles: [], snapshots: 0 },
    ]),
  ),
});

test('a change of state is named', () => {
  expect(stateChanges(mirror({ a: 'starting', b: 'stopped' }), mirror({ a: 'running', b: 'stopped' }))).toBe(
    'a: Running.',
  );
});

test('what appears, disappears or stays is silent, and so is the first truth', () => {
  expect(stateChanges(mirror({ a: 'running' }), mirror({ a: 'running', b: 'crashed' }))).toBe('');
  expect(stateChanges(mirror({ a: 'running' }), mirror({}))).toBe('');
  expect(stateChanges(mirror({}, false), mirror({ a: 'running' }))).toBe('');
});

test('many changes at once are counted, not listed', () => {
  const before = mirror({ a: 'running', b: 'running', c: 'running', d: 'running' });
  const after = mirror({ a: 'stopped', b: 'stopped', c: 'stopped', d: 'stopped' });
  expect(stateChanges(before, after)).toBe('4 machines changed their state.');
});
