// A word as a POSIX shell takes it.

/** Quoted unless every character is one that no shell looks at. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
