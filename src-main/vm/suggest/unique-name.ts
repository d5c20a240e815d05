// Names for new VMs: made from a file's name, told apart from those that are there.
import path from 'node:path';

const longest = 60;

/** `debian-12.5.0-arm64-netinst.iso` → `Debian 12.5.0 arm64 netinst`, also when packed; `fallback` where nothing is left. */
export function nameFromFile(file: string, fallback: string): string {
  const stem = path
    .basename(file)
    .replace(/\.(gz|xz|zst)$/i, '')
    .replace(/\.(iso|img|qcow2|raw|elf|bin|fd)$/i, '');
  const words = stem
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[-_\s]+/g, ' ')
    .trim()
    .slice(0, longest)
    .trim();
  return words === '' ? fallback : words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Debian`, `Debian 2`, `Debian 3`, … */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  if (!names.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number++) {
    const candidate = `${wanted} ${number}`;
    if (!names.has(candidate.toLowerCase())) return candidate;
  }
}
