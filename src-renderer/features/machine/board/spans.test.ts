import { expect, test } from 'vitest';
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';
import { heightOf, spansOf } from './spans.ts';

function region(start: number, end: number, label = 'x', changes: Partial<MapRegion> = {}): MapRegion {
  const hex = (value: number) => `0x${value.toString(16)}`;
  const size = hex(end - start + 1);
  return {
    start: hex(start),
    end: hex(end),
    size,
    name: label,
    label,
    kind: 'device',
    compatible: [],
    interrupts: [],
    made: 'yes',
    ...changes,
  };
}

const told = (regions: readonly MapRegion[]) =>
  spansOf(regions).map((span) => {
    const range = `${span.start.toString(16)}-${span.end.toString(16)}`;
    const what =
      span.kind === 'gap' ? 'gap' : `${span.region.label}${span.count > 1 ? ` × ${span.count}` : ''}`;
    return `${'  '.repeat(span.depth)}${range} ${what}`;
  });

test('gaps are told between ranges, and from address 0 on', () => {
  expect(told([region(0x100, 0x1ff, 'a'), region(0x400, 0x4ff, 'b')])).toEqual([
    '0-ff gap',
    '100-1ff a',
    '200-3ff gap',
    '400-4ff b',
  ]);
});

test('neighbours that are alike become one, others do not', () => {
  const slot = (at: number, made: MapRegion['made'] = 'yes') => region(at, at + 0xff, 'slot', { made });
  expect(told([slot(0), slot(0x100), slot(0x200), slot(0x300, 'no'), slot(0x500)])).toEqual([
    '0-2ff slot × 3',
    '300-3ff slot',
    '400-4ff gap',
    '500-5ff slot',
  ]);
});

test('what lies inside of something is deeper, and the rest of that goes on behind it', () => {
  expect(
    told([region(0x100, 0x1ff, 'uart'), region(0, 0xfff, 'ram'), region(0x2000, 0x2fff, 'after')]),
  ).toEqual([
    '0-fff ram',
    '  0-ff gap',
    '  100-1ff uart',
    '  200-fff gap',
    '1000-1fff gap',
    '2000-2fff after',
  ]);
});

test('ranges that begin together are nested by size', () => {
  expect(told([region(0, 0xf, 'small'), region(0, 0xff, 'large')])).toEqual([
    '0-ff large',
    '  0-f small',
    '  10-ff gap',
  ]);
});

test('a range that sticks out of another is marked, and nothing is told twice', () => {
  const spans = spansOf([region(0, 0xff, 'a'), region(0x80, 0x17f, 'b'), region(0x200, 0x2ff, 'c')]);
  expect(spans.map(({ kind }) => kind)).toEqual(['region', 'gap', 'region', 'gap', 'region']);
  expect(spans.find((span) => span.kind === 'region' && span.region.label === 'b')).toMatchObject({
    overlaps: true,
  });
});

test('the last address of 64 bits is no trouble', () => {
  const top = { ...region(0, 0), start: '0xffffffffffff0000', end: '0xffffffffffffffff' };
  expect(told([top])).toEqual(['0-fffffffffffeffff gap', 'ffffffffffff0000-ffffffffffffffff x']);
});

test('each doubling is as much higher as the one before', () => {
  const height = (bytes: bigint) => heightOf({ start: 0n, end: bytes - 1n });
  expect(height(512n)).toBe(height(4096n / 2n));
  const steps = [1n << 20n, 1n << 30n, 1n << 40n].map(height);
  expect((steps[1] ?? 0) - (steps[0] ?? 0)).toBe((steps[2] ?? 0) - (steps[1] ?? 0));
  expect(steps[2]).toBeLessThan(120);
});
