// What the file browser shows, and in which order.
import { expect, test } from 'vitest';
import type { FileEntry } from '../../../src-main/contract/host.ts';
import { browseEntries, folderOf } from './browse.ts';
import { secondsLeft, timeWords } from './upload.ts';

const entry = (name: string, kind: FileEntry['kind'] = 'file'): FileEntry => ({
  name,
  path: `/x/${name}`,
  kind,
  sizeBytes: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
});

const all = [
  entry('Image-6.10'),
  entry('Image-6.9'),
  entry('.secret'),
  entry('sub', 'directory'),
  entry('a.ISO'),
];
const names = (filter: Partial<Parameters<typeof browseEntries>[1]>) =>
  browseEntries(all, { query: '', extensions: [], hidden: false, ...filter }).map(({ name }) => name);

test('folders come first, numbers count as numbers, dot files stay out', () => {
  expect(names({})).toEqual(['sub', 'a.ISO', 'Image-6.9', 'Image-6.10']);
  expect(names({ hidden: true })).toContain('.secret');
});

test('a query and endings narrow it; folders stay to walk through', () => {
  expect(names({ query: 'image' })).toEqual(['Image-6.9', 'Image-6.10']);
  expect(names({ extensions: ['iso'] })).toEqual(['sub', 'a.ISO']);
});

test.each([
  ['/home/me/Image', '/home/me'],
  ['/Image', '/'],
  ['Image', null],
  ['', null],
])('%j lies in %j', (path, folder) => {
  expect(folderOf(path)).toBe(folder);
});

test('the time left is told when the rate is known', () => {
  expect(secondsLeft(0.5, 200)).toBeNull();
  expect(secondsLeft(0.25, 2000)).toBe(6);
  expect([timeWords(6), timeWords(200), timeWords(3700)]).toEqual(['6 s', '3 min', '1 h 2 min']);
});
