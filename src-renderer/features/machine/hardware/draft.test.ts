// Edits under way, alone and against somebody else's.
import { describe, expect, test } from 'vitest';
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';
import { changedFields, isChanged, newDraft, reduceDraft, same, whenApplied } from './draft.ts';

const definition: VmDefinition = {
  name: 'guest',
  note: '',
  origin: 'iso',
  machine: 'virt-10.0',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 2048,
  accelerator: 'auto',
  boot: { kind: 'uefi' },
  loaders: [],
  disks: [],
  network: { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};
const forward = { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestPort: 22 } as const;

describe('a draft', () => {
  const fresh = newDraft(definition, 3);
  const edited = reduceDraft(fresh, { type: 'change', change: { vcpus: 4 } });

  test('is changed when a value differs, and no longer when it is put back', () => {
    expect(isChanged(fresh)).toBe(false);
    expect(isChanged(edited)).toBe(true);
    expect(isChanged(reduceDraft(edited, { type: 'change', change: { vcpus: 2 } }))).toBe(false);
  });

  test('without changes of its own follows the library', () => {
    const after = reduceDraft(fresh, {
      type: 'follow',
      definition: { ...definition, cpu: 'max' },
      revision: 4,
    });
    expect(after).toEqual(newDraft({ ...definition, cpu: 'max' }, 4));
  });

  test('with changes of its own keeps them, and says what the library has', () => {
    const theirs = { ...definition, cpu: 'max' };
    const after = reduceDraft(edited, { type: 'follow', definition: theirs, revision: 4 });
    expect(after.edited.vcpus).toBe(4);
    expect(after.theirs).toEqual({ definition: theirs, revision: 4 });
    expect(reduceDraft(after, { type: 'discard' })).toEqual(newDraft(theirs, 4));
    expect(reduceDraft(after, { type: 'overwrite' })).toEqual({
      base: theirs,
      revision: 4,
      edited: edited.edited,
      theirs: null,
    });
  });

  test('that was saved is no conflict with what it saved', () => {
    const after = reduceDraft(edited, {
      type: 'follow',
      definition: { ...definition, vcpus: 4 },
      revision: 4,
    });
    expect(after.theirs).toBeNull();
    expect(isChanged(after)).toBe(false);
  });

  test('an old revision says nothing', () => {
    expect(reduceDraft(edited, { type: 'follow', definition, revision: 3 })).toBe(edited);
  });

  test('can be discarded', () => {
    expect(reduceDraft(edited, { type: 'discard' })).toEqual(fresh);
  });
});

describe('what changed', () => {
  const { network } = definition;

  test('is named by part, forwards apart from the rest of the network', () => {
    expect(changedFields(definition, { ...definition, cpu: 'max', vcpus: 1 })).toEqual(['/cpu', '/vcpus']);
    expect(
      changedFields(definition, { ...definition, network: { ...network, forwards: [forward] } }),
    ).toEqual(['/network/forwards']);
    expect(
      changedFields(definition, {
        ...definition,
        network: { ...network, mode: 'none', forwards: [forward] },
      }),
    ).toEqual(['/network', '/network/forwards']);
  });

  test('name, note and forwards apply at once; hardware waits', () => {
    expect(whenApplied(['/name', '/network/forwards', '/cpu'])).toEqual({
      now: ['/name', '/network/forwards'],
      later: ['/cpu'],
    });
  });

  test('forwards wait when the network itself changes', () => {
    expect(whenApplied(['/network', '/network/forwards'])).toEqual({
      now: [],
      later: ['/network', '/network/forwards'],
    });
  });
});

test('order of keys and undefined ones do not make a difference; order in lists does', () => {
  expect(same({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1, d: undefined })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same({ a: undefined }, { b: undefined, c: 1 })).toBe(false);
  expect(same([], {})).toBe(false);
  expect(same(null, {})).toBe(false);
});
