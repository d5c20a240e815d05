// Command lines to paste into a shell.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../components/shell-word.ts';
import { shellCommand } from './shell-command.ts';

describe('shellWord', () => {
  test('leaves plain words alone', () => {
    expect(['-cpu', 'cortex-a72', 'if=none,file=/a/b.qcow2', 'a@b:1%2+3'].map(shellWord)).toEqual([
      '-cpu',
      'cortex-a72',
      'if=none,file=/a/b.qcow2',
      'a@b:1%2+3',
    ]);
  });

  test.each([
    '',
    ' ',
    'it’s',
    "it's",
    "''",
    '$HOME',
    '`x`',
    '"',
    'a\\b',
    'a\nb',
    '*',
    '~',
    '{"a":"b c"}',
    '-#;&|<>',
  ])('the shell reads %j back as it was', (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
  });
});

test('one option per line', () => {
  const argument = (...words: string[]) => ({ words, setting: null, why: '' });
  expect(shellCommand('/opt/my qemu/bin/q', [argument('-nodefaults'), argument('-cpu', 'max')])).toBe(
    "'/opt/my qemu/bin/q' \\\n  -nodefaults \\\n  -cpu max",
  );
});
