// Sizes of RAM: the nearest one that a board takes, and how it is written for a reader.
import type { MemoryRule } from '../contract/board.ts';

/** `512 MiB`, `1.5 GiB`, `3 GiB`. */
export function formatMiB(sizeMiB: number): string {
  if (sizeMiB < 1024) return `${sizeMiB} MiB`;
  const gibi = sizeMiB / 1024;
  return Number.isInteger(gibi * 2) ? `${gibi} GiB` : `${sizeMiB} MiB`;
}

/** The size that the rule allows and that is nearest to the asked one: itself when allowed. In MiB. */
export function nearestMemory(rule: MemoryRule, askedMiB: number): number {
  switch (rule.kind) {
    case 'range':
      return Math.min(Math.max(askedMiB, rule.minMiB), rule.maxMiB);
    case 'list':
      return rule.sizesMiB.reduce((best, size) =>
        Math.abs(size - askedMiB) < Math.abs(best - askedMiB) ? size : best,
      );
    case 'fixed':
    case 'ignored':
      return rule.MiB;
  }
}

/** What a new VM on the board gets. In MiB. */
export function defaultMemory(rule: MemoryRule): number {
  return rule.kind === 'range' || rule.kind === 'list' ? rule.defaultMiB : rule.MiB;
}

/** The most that the guest can use, as far as the board's memory map goes; infinite where nothing is known. In MiB. */
export function usableMemory(rule: MemoryRule): number {
  return rule.kind === 'range' ? (rule.usableMiB ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}
