// Windows come back where they were, and always where a hand can reach them.
import { expect, it } from 'vitest';
import { type Display, placeWindow } from './window-state.ts';

const size = { width: 1280, height: 820 };
const laptop: Display = { workArea: { x: 0, y: 25, width: 1440, height: 875 } };
const second: Display = { workArea: { x: 1440, y: 0, width: 2560, height: 1400 } };
const left: Display = { workArea: { x: -1920, y: 0, width: 1920, height: 1080 } };

it('the first time: centred on the primary display', () => {
  expect(placeWindow(undefined, size, [laptop, second])).toEqual({ x: 80, y: 53, ...size });
});

it.each([
  ['on the primary one', { x: 10, y: 30, width: 900, height: 700 }],
  ['on the second one', { x: 1600, y: 100, width: 1000, height: 900 }],
])('where it was, %s', (_where, bounds) => {
  expect(placeWindow(bounds, size, [laptop, second])).toEqual(bounds);
});

it('left of the primary one', () => {
  const bounds = { x: -1800, y: 20, width: 800, height: 600 };
  expect(placeWindow(bounds, size, [laptop, left])).toEqual(bounds);
});

it('on a display that is gone: centred, in its size', () => {
  const bounds = { x: 1600, y: 100, width: 1000, height: 800 };
  expect(placeWindow(bounds, size, [laptop])).toEqual({ x: 220, y: 63, width: 1000, height: 800 });
});

it('larger than the display: as large as that', () => {
  const bounds = { x: 1440, y: 0, width: 2560, height: 1400 };
  expect(placeWindow(bounds, size, [laptop])).toEqual({ ...laptop.workArea });
});

it.each([
  ['its title bar above the display', { x: 100, y: -500, width: 800, height: 600 }],
  ['only a sliver of it on the display', { x: 1400, y: 100, width: 800, height: 600 }],
  ['its title bar below the display', { x: 100, y: 890, width: 800, height: 600 }],
])('%s: centred', (_how, bounds) => {
  expect(placeWindow(bounds, size, [laptop])).toEqual({ x: 320, y: 163, width: 800, height: 600 });
});

it('half over an edge: moved in', () => {
  expect(placeWindow({ x: 900, y: 500, width: 800, height: 600 }, size, [laptop])).toEqual({
    x: 640,
    y: 300,
    width: 800,
    height: 600,
  });
});
