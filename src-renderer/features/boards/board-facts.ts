// A board's facts in the few words that fit on its card.
import type { BoardCard, BootRoute, MemoryRule } from '../../../src-main/contract/board.ts';
import { formatMiB } from '../../components/format.ts';

export function memoryWords(memory: MemoryRule): string {
  switch (memory.kind) {
    case 'range':
      return `up to ${formatMiB(memory.maxMiB)}`;
    case 'list':
      return `${memory.sizesMiB.map(formatMiB).join(' or ')}`;
    case 'fixed':
      return formatMiB(memory.MiB);
    case 'ignored':
      return `${formatMiB(memory.MiB)}, its own`;
  }
}

export function cpuWords(board: BoardCard): string {
  const { cpus, vcpus } = board;
  if (cpus.clusters !== undefined) return cpus.clusters;
  const count = vcpus.min === vcpus.max ? `${vcpus.max} ×` : `up to ${vcpus.max} ×`;
  if (cpus.fixed) return `${count} ${cpus.default}`;
  const fitting = cpus.models.filter((model) => model.fits).length;
  return `${count} any of ${fitting} models`;
}

export function uartWords(board: BoardCard): string {
  if (board.uarts.length === 0) return 'none';
  const names = board.uarts.map((uart) => uart.guestName ?? uart.label);
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

const routeWords: Readonly<Record<BootRoute, string>> = {
  uefi: 'UEFI',
  kernel: 'Linux kernel',
  bios: 'firmware image',
  pflash: 'parallel flash',
  elf: 'bare-metal ELF',
  loader: 'raw at an address',
  sd: 'SD card',
  mtd: 'flash memory',
};

export function bootWords(board: BoardCard): string {
  return board.boot.map((route) => routeWords[route]).join(', ');
}
