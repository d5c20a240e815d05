// Sizes as people write and read them: 20G, 1.5 GiB.
import { InvalidArgumentError } from 'commander';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
/** A disk's size is a whole number of sectors. */
const sectorBytes = 512;

/**
 * Bytes of `20G`, `1.5GiB`, `512M`; a bare number is bytes, and units are powers of 1024, as qemu-img has it. Rounded
 * up to whole sectors. Throws commander's InvalidArgumentError.
 */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([KMGTP])(?:i?B)?)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined || /[kmgtp]b$/i.test(text.trim())) {
    throw new InvalidArgumentError('A size such as 20G or 512M is needed (G is GiB).');
  }
  const power = ' KMGTP'.indexOf(unit.toUpperCase() || ' ');
  const bytes = Math.ceil((Number(digits) * 1024 ** power) / sectorBytes) * sectorBytes;
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError('A size above zero and below 8 PiB is needed.');
}

export function formatSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  const digits = power === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${units[power]}`;
}
