// The guard in front of a paste.
import { expect, test } from 'vitest';
import { asOneLine, reviewPaste, visible, withoutControls } from './paste.ts';

test('one line without surprises goes straight through', () => {
  expect(reviewPaste('uname -a')).toMatchObject({ needsConfirmation: false, endsWithEnter: false });
  expect(reviewPaste('tab\tis fine').needsConfirmation).toBe(false);
});

test.each(['a\nb', 'a\r\nb', 'a\rb'])('several lines ask first: %j', (text) => {
  expect(reviewPaste(text)).toMatchObject({
    lines: ['a', 'b'],
    endsWithEnter: false,
    needsConfirmation: true,
  });
});

test('a single line that ends with a break asks too: it would be run', () => {
  expect(reviewPaste('rm -rf /\n')).toMatchObject({
    lines: ['rm -rf /'],
    endsWithEnter: true,
    needsConfirmation: true,
  });
});

test('control characters are counted, shown and can be taken out', () => {
  const text = 'ls\x1b[201~\x03';
  expect(reviewPaste(text)).toMatchObject({ controls: 2, needsConfirmation: true });
  expect(visible(text)).toBe('ls^[[201~^C');
  expect(visible('\x7f\x9b')).toBe('^?\\x9b');
  expect(withoutControls(text)).toBe('ls[201~');
});

test('as one line keeps the words and none of the breaks', () => {
  expect(asOneLine('for i in 1 2\r\n  do echo $i\n\ndone\n')).toBe('for i in 1 2 do echo $i done');
});
