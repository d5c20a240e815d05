// Which keys go to the search.
import { expect, test } from 'vitest';
import { isFindKey } from './find-key.ts';

const press = (changes: Partial<Parameters<typeof isFindKey>[0]>) =>
  isFindKey({ key: '/', ctrlKey: false, metaKey: false, altKey: false, target: null, ...changes });

/** An element inside of what `selector` names. */
const inside = (selector: string) =>
  ({ closest: (wanted: string) => (wanted.includes(selector) ? {} : null) }) as unknown as EventTarget;

test('a slash, Ctrl+F and Cmd+F search', () => {
  expect(press({})).toBe(true);
  expect(press({ key: 'f', ctrlKey: true })).toBe(true);
  expect(press({ key: 'F', metaKey: true })).toBe(true);
});

test('a plain f and Alt combinations do not', () => {
  expect(press({ key: 'f' })).toBe(false);
  expect(press({ key: 'f', ctrlKey: true, altKey: true })).toBe(false);
});

test('keys that are typed into something stay there', () => {
  expect(press({ target: inside('textarea') })).toBe(false);
  expect(press({ target: inside('input') })).toBe(false);
  expect(press({ target: inside('nothing of the kind') })).toBe(true);
});
