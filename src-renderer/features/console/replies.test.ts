// Which of the terminal's own answers reach the guest.
import { expect, test } from 'vitest';
import { isTerminalAnswer, mayReachGuest } from './replies.ts';

const answers = {
  'primary device attributes': '\x1b[?1;2c',
  'secondary device attributes': '\x1b[>0;276;0c',
  'device status': '\x1b[0n',
  'cursor position': '\x1b[24;80R',
  'extended cursor position': '\x1b[?24;80R',
  'mode report': '\x1b[?2026;2$y',
  'text area size': '\x1b[8;24;80t',
  'focus in': '\x1b[I',
  'focus out': '\x1b[O',
  'setting report': '\x1bP1$r0m\x1b\\',
  'foreground colour': '\x1b]10;rgb:d9d9/dede/e5e5\x1b\\',
};

test.each(Object.entries(answers))('%s is the terminal speaking', (_name, data) => {
  expect(isTerminalAnswer(data)).toBe(true);
  expect(mayReachGuest(data, { replaying: true, elected: true })).toBe(false);
  expect(mayReachGuest(data, { replaying: false, elected: false })).toBe(false);
  expect(mayReachGuest(data, { replaying: false, elected: true })).toBe(true);
});

const keys = {
  letter: 'c',
  Enter: '\r',
  Escape: '\x1b',
  'Ctrl+C': '\x03',
  'arrow up': '\x1b[A',
  'application arrow': '\x1bOA',
  Home: '\x1b[H',
  Delete: '\x1b[3~',
  F3: '\x1bOR',
  F5: '\x1b[15~',
  'Alt+c': '\x1bc',
  'bracketed paste': '\x1b[200~ls; \x1b[201~',
  'mouse press': '\x1b[<0;10;10M',
  'words that look like one': 'x[0n',
};

test.each(Object.entries(keys))(
  '%s is a person speaking, also while old output is replayed',
  (_name, data) => {
    expect(mayReachGuest(data, { replaying: true, elected: false })).toBe(true);
  },
);
