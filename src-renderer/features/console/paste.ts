// What is about to be pasted into a guest, and whether a person should look at it first.

export interface PasteReview {
  /** Lines as the guest will get them; each but the last is followed by Enter. */
  readonly lines: readonly string[];
  readonly endsWithEnter: boolean;
  /** Control characters other than Tab and line breaks: a guest may act on them. */
  readonly controls: number;
  readonly needsConfirmation: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Any line break or control character asks for a look: a guest's shell runs a line at its break. */
export function reviewPaste(text: string): PasteReview {
  const parts = text.split(/\r\n|\r|\n/);
  const endsWithEnter = parts.length > 1 && parts.at(-1) === '';
  const lines = endsWithEnter ? parts.slice(0, -1) : parts;
  const controls = text.match(control)?.length ?? 0;
  return { lines, endsWithEnter, controls, needsConfirmation: parts.length > 1 || controls > 0 };
}

export function withoutControls(text: string): string {
  return text.replace(control, '');
}

/** One line, nothing run: breaks become spaces, indentation goes. */
export function asOneLine(text: string): string {
  return withoutControls(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A line for the eye: control characters in caret notation, `^[` for Escape; beyond ASCII in hexadecimal. */
export function visible(line: string): string {
  return line.replace(control, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? `^${String.fromCharCode(code ^ 0x40)}` : `\\x${code.toString(16)}`;
  });
}
