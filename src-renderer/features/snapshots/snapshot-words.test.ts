// Snapshots in words.
import { expect, test } from 'vitest';
import { aSnapshot } from './fixture.ts';
import { contentWords, freedWords, keptName, nextName, sideWords, takeWords } from './snapshot-words.ts';

test('what it holds', () => {
  const disk = {
    id: 'disk0',
    file: 'd',
    format: 'qcow2',
    media: 'disk',
    bus: 'virtio',
    readOnly: false,
  } as const;
  const definition = { ...aSnapshot({}).definition, disks: [disk] };
  expect(contentWords(aSnapshot({}))).toBe('Memory');
  expect(contentWords(aSnapshot({ definition }))).toBe('Memory and disks');
  expect(contentWords(aSnapshot({ definition, memory: false }))).toBe('Disks only');
  expect(contentWords(aSnapshot({ memory: false }))).toBe('Settings only');
});

test.each([
  [0, 0, 'It takes next to no space.'],
  [1048576, 1048576, '1 MiB of disk space come back.'],
  [0, 1048576, 'Later states build on all of its 1 MiB, so no space comes back.'],
  [1048576, 2097152, 'At least 1 MiB of its 2 MiB come back; later states build on the rest.'],
])('%i of %i bytes freed', (freedBytes, bytes, words) => {
  expect(freedWords({ freedBytes, bytes })).toBe(words);
});

test('a saved machine is not said to have no memory', () => {
  expect(takeWords('stopped')).toContain('no memory to keep');
  expect(takeWords('saved')).toContain('Resume it');
});

test('a new snapshot gets a number that none has', () => {
  expect(nextName(1, [])).toBe('Snapshot 1');
  expect(nextName(2, ['Snapshot 2', 'Snapshot 3'])).toBe('Snapshot 4');
});

test('the name that the present is kept by fits', () => {
  expect(keptName('fresh')).toBe('Before “fresh” was restored');
  expect(keptName('x'.repeat(80)).length).toBe(80);
});

test.each([
  ['/cpu', undefined, 'none'],
  ['/machineOptions/secure', true, 'on'],
  ['/vcpus', 4, '4'],
  ['/memoryMiB', 2048, '2 GiB'],
  ['/note', '', 'empty'],
  ['/disks', [{ a: 1 }], '[{"a":1}]'],
])('%s %j is told as %s', (field, value, words) => {
  expect(sideWords(field, value)).toBe(words);
});
