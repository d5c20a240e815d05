// The drawing of the tree: rows, lanes, lines.
import { expect, test } from 'vitest';
import { aSnapshot } from './fixture.ts';
import { laneCount, layOut, presentId } from './tree-layout.ts';

function rowsOf(parents: Readonly<Record<string, string | null>>, present: string | null) {
  const snapshots = Object.entries(parents).map(([id, parent]) => aSnapshot({ id, parent }));
  return layOut({ snapshots, present: { parent: present, bytes: 0 } });
}

const drawn = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ id, lane, from, below }) => `${'  '.repeat(lane)}${id} ${from}${below ? '' : ' end'}`);

test('a machine without snapshots has its present alone', () => {
  expect(drawn(rowsOf({}, null))).toEqual(['present null end']);
});

test('a chain stays in one lane', () => {
  const rows = rowsOf({ a: null, b: 'a', c: 'b' }, 'c');
  expect(drawn(rows)).toEqual(['a null', 'b above', 'c above', 'present above end']);
  expect(rows.map(({ level }) => level)).toEqual([1, 2, 3, 4]);
  expect(rows.every(({ live }) => live)).toBe(true);
});

test('the way to the present is the trunk; others branch off before it', () => {
  const rows = rowsOf({ a: null, b: 'a', c: 'a', d: 'c' }, 'b');
  expect(drawn(rows)).toEqual(['a null', '  c 0', '  d above end', 'b above', 'present above end']);
  expect(rows.find(({ id }) => id === 'd')?.through).toEqual([{ lane: 0, live: true }]);
  expect(rows.filter(({ live }) => live).map(({ id }) => id)).toEqual(['a', 'b', presentId]);
});

test('two branches from one node share a lane, a branch of a branch takes the next', () => {
  const rows = rowsOf({ a: null, b: 'a', c: 'a', d: 'c', e: 'c' }, 'a');
  expect(drawn(rows)).toEqual([
    'a null',
    '  b 0 end',
    '  c 0',
    '    d 1 end',
    '  e above end',
    'present above end',
  ]);
  expect(laneCount(rows)).toBe(3);
  expect(rows.find(({ id }) => id === 'c')).toMatchObject({ position: 2, siblings: 3 });
});

test('what grows from nothing stands beside, and a parent that is gone is none', () => {
  expect(drawn(rowsOf({ a: null, b: 'lost' }, null))).toEqual([
    'a null end',
    'b null end',
    'present null end',
  ]);
});

test('a chain of thousands is laid out', () => {
  const parents: Record<string, string | null> = {};
  for (let n = 0; n < 5000; n += 1) parents[`s${n}`] = n === 0 ? null : `s${n - 1}`;
  expect(rowsOf(parents, 's4999')).toHaveLength(5001);
});

test('parents that go in a circle end nothing but themselves', () => {
  expect(drawn(rowsOf({ a: 'b', b: 'a' }, null))).toEqual(['present null end']);
});
