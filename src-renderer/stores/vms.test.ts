// The mirror of the VMs under the events that the main side sends.
import { describe, expect, test } from 'vitest';
import type { VmView } from '../../src-main/contract/vm.ts';
import { applyVmEvent, type VmsMirror } from './vms.ts';

const view = (id: string, revision = 1): VmView => ({
  id,
  revision,
  createdAt: '2026-01-01T00:00:00Z',
  definition: null,
  state: 'stopped',
  consoles: [],
  snapshots: 0,
});

const mirrorOf = (seq: number, ...views: VmView[]): VmsMirror => ({
  known: true,
  seq,
  byId: new Map(views.map((vm) => [vm.id, vm])),
});

describe('applyVmEvent', () => {
  test('the whole truth replaces what was there, also when its number is smaller: main was restarted', () => {
    const after = applyVmEvent(mirrorOf(40, view('a'), view('b')), { type: 'all', seq: 2, vms: [view('c')] });
    expect([...after.byId.keys()]).toEqual(['c']);
    expect(after.seq).toBe(2);
  });

  test('a change replaces one VM and leaves the others as they are', () => {
    const before = mirrorOf(3, view('a'), view('b'));
    const after = applyVmEvent(before, { type: 'changed', seq: 4, vm: view('b', 2) });
    expect(after.byId.get('b')?.revision).toBe(2);
    expect(after.byId.get('a')).toBe(before.byId.get('a'));
    expect(before.byId.get('b')?.revision).toBe(1);
  });

  test('a removed VM is gone', () => {
    const after = applyVmEvent(mirrorOf(3, view('a'), view('b')), { type: 'removed', seq: 4, id: 'a' });
    expect([...after.byId.keys()]).toEqual(['b']);
  });

  test('an event that the mirror has already seen changes nothing', () => {
    const before = mirrorOf(3, view('a', 5));
    expect(applyVmEvent(before, { type: 'changed', seq: 3, vm: view('a', 4) })).toBe(before);
    expect(applyVmEvent(before, { type: 'removed', seq: 2, id: 'a' })).toBe(before);
  });
});
