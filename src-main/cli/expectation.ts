// Waits for a pattern in what a guest prints, as a person would who has just typed: colours and the echo do not count.
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A pattern that spans more than this of output is none that a person means; it bounds the work for each piece. */
const windowCharacters = 256 * 1024;

export interface Expectation {
  /** More output; true as soon as the pattern was seen. */
  take(bytes: Uint8Array): boolean;
  /** What matched, so far. */
  match(): RegExpExecArray | null;
  /** The newest lines, without colours, for a person. */
  lastLines(count: number): string[];
}

/**
 * `pattern` sees lines that end with `\n`, without control sequences. `typed`: what was sent; its first appearance is
 * the guest's echo and is not looked at. Use the `m` flag for `^` and `$` at lines.
 */
export function expectation(pattern: RegExp, typed = ''): Expectation {
  const decoder = new StringDecoder('utf8');
  let raw = '';
  let found: RegExpExecArray | null = null;
  const text = () => withoutEcho(plain(raw), typed);
  return {
    take(bytes) {
      raw = (raw + decoder.write(Buffer.from(bytes))).slice(-windowCharacters);
      found ??= pattern.exec(text());
      return found !== null;
    },
    match: () => found,
    lastLines: (count) => plain(raw).trimEnd().split('\n').slice(-count),
  };
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r', '');
}

/** While the end of the text may still become the echo, it is held back. */
function withoutEcho(text: string, typed: string): string {
  const [first] = typed;
  if (first === undefined) return text;
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1)) {
    const end = echoEnd(text, at, typed);
    if (end === 'unfinished') return text.slice(0, at);
    if (end !== undefined) return text.slice(0, at) + text.slice(end);
  }
  return text;
}

/** Line editors of guests (bash, busybox) wrap a long line with a space or a line break of their own. */
function echoEnd(text: string, from: number, typed: string): number | 'unfinished' | undefined {
  let at = from;
  for (const character of typed) {
    const wanted = at;
    while (at > from && !text.startsWith(character, at) && /^[ \n]/.test(text.slice(at, at + 1))) at++;
    // A line that ends here is an answer sooner than half of an echo.
    if (at === text.length) return text.indexOf('\n', wanted) === -1 ? 'unfinished' : undefined;
    if (!text.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return at;
}
