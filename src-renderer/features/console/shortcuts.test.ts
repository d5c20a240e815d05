// Keys that stay with the app, and the many more that the guest gets.
import { expect, test } from 'vitest';
import { type ConsoleShortcut, type KeyPress, shortcutOf, shortcutWords } from './shortcuts.ts';

function press(words: string): KeyPress {
  const parts = words.split(' ');
  return {
    key: parts.at(-1) ?? '',
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Meta'),
  };
}

const pc: [string, ConsoleShortcut][] = [
  ['Ctrl Shift C', 'copy'],
  ['Ctrl Shift V', 'paste'],
  ['Ctrl Shift F', 'search'],
  ['Ctrl Shift L', 'leave'],
  ['Ctrl Shift +', 'larger'],
  ['Ctrl =', 'larger'],
  ['Ctrl -', 'smaller'],
  ['Ctrl 0', 'normal-size'],
];
test.each(pc)('%s is kept by the app', (words, shortcut) => {
  expect(shortcutOf(press(words), false)).toBe(shortcut);
});

test.each([
  'Ctrl c',
  'Ctrl v',
  'Ctrl f',
  'Ctrl d',
  'Ctrl Shift _',
  'Ctrl Alt f',
  'Alt f',
  'Escape',
  'Tab',
  'Shift Tab',
  'F6',
  'Meta c',
])('%s is the guest’s', (words) => {
  expect(shortcutOf(press(words), false)).toBeUndefined();
});

test('on a Mac Command is the app’s and Control the guest’s, but for the way out', () => {
  expect(shortcutOf(press('Meta c'), true)).toBe('copy');
  expect(shortcutOf(press('Meta f'), true)).toBe('search');
  expect(shortcutOf(press('Meta -'), true)).toBe('smaller');
  expect(shortcutOf(press('Ctrl Shift L'), true)).toBe('leave');
  expect(shortcutOf(press('Ctrl c'), true)).toBeUndefined();
  expect(shortcutOf(press('Ctrl -'), true)).toBeUndefined();
});

test('every shortcut has its words', () => {
  expect(shortcutWords(false).map(({ keys }) => keys)).toContain('Ctrl+Shift+L');
  expect(shortcutWords(true).map(({ keys }) => keys)).toContain('⌘C');
});
