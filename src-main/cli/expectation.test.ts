import { describe, expect, it } from 'vitest';
import { expectation } from './expectation.ts';

/** What the guest prints, in pieces; which piece brings the pattern, or -1. */
function seenAt(pattern: RegExp, pieces: readonly (string | Uint8Array)[], typed?: string): number {
  const awaited = expectation(pattern, typed);
  return pieces.findIndex((piece) => awaited.take(Buffer.from(piece)));
}

describe('expectation', () => {
  it('finds a pattern that comes in pieces', () => {
    expect(seenAt(/login:/, ['Debian lo', 'gi', 'n: '])).toBe(2);
    expect(seenAt(/login:/, ['Debian logout'])).toBe(-1);
  });

  it('puts together characters that arrive cut in half', () => {
    const [start, end] = [Buffer.from('Käse').subarray(0, 2), Buffer.from('Käse').subarray(2)];
    expect(seenAt(/^Käse$/, [start, end])).toBe(1);
  });

  it('does not see colours and carriage returns', () => {
    expect(seenAt(/^root@host:~# $/m, ['\r\n\x1b[32mroot@host\x1b[0m:\x1b[34m~\x1b[0m# '])).toBe(0);
    expect(seenAt(/^two$/m, ['one\r\ntwo\r\nthree'])).toBe(0);
  });

  it('does not take the echo for an answer', () => {
    const typed = 'echo PASS';
    expect(seenAt(/PASS/, ['echo PA', 'SS\r\n'], typed)).toBe(-1);
    expect(seenAt(/PASS/, ['echo PASS\r\n', 'PASS\r\n'], typed)).toBe(1);
    expect(seenAt(/PASS/, ['count 7\r\n$ echo PASS\r\nPASS\r\n'], typed)).toBe(0);
  });

  it('takes an answer of a guest that does not echo', () => {
    expect(seenAt(/Welcome/, ['\r\nWelcome\r\n'], 'secret')).toBe(0);
    expect(seenAt(/^e$/m, ['e\r\n'], 'exit')).toBe(0);
  });

  it('knows the echo of a line that the guest wrapped', () => {
    const typed = 'printf PASS-and-more';
    expect(seenAt(/PASS/, ['printf PAS', 'S-an \rd-m\r\nore\r\n'], typed)).toBe(-1);
  });

  it('keeps the last lines, and the match with its groups', () => {
    const awaited = expectation(/ver (\d+)/);
    awaited.take(Buffer.from('a\r\n\x1b[1mb\x1b[0m\r\nver 42\r\n'));
    expect(awaited.match()?.[1]).toBe('42');
    expect(awaited.lastLines(2)).toEqual(['b', 'ver 42']);
  });
});
