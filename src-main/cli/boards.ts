// boards: what each board of a QEMU is, for people and for scripts.
import { boardCards } from '../boards/catalogue.ts';
import type { BoardCard, MemoryRule } from '../contract/board.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { printJson, printTable } from './print.ts';
import type { Terminal } from './surroundings.ts';

export function boards(qemu: QemuCapabilities, terminal: Terminal, { json }: { json?: boolean }): ExitCode {
  const cards = boardCards(qemu);
  if (json) printJson(terminal, cards.map(plainBoard));
  else printTable(terminal, [['BOARD', 'CPUS', 'VCPUS', 'MEMORY', 'WHAT IT IS'], ...cards.map(rowOf)]);
  return exitCode.ok;
}

/** Stable: scripts read this. New properties may come, none goes. */
function plainBoard(card: BoardCard) {
  const { cpus, ...rest } = card;
  return {
    name: card.name,
    machine: card.machine,
    title: card.title,
    description: card.summary,
    family: card.family,
    recommended: card.recommended,
    profiles: card.profiles,
    cpus: {
      default: cpus.default,
      allowed: allowed(card),
      fixed: cpus.fixed,
      ...(cpus.clusters !== undefined && { clusters: cpus.clusters }),
    },
    vcpus: card.vcpus,
    ram: rest.memory,
    boot: card.boot,
    uarts: card.uarts,
    diskBuses: card.diskBuses,
    networkModels: card.networkModels,
    needs: card.needs,
    ...(card.deprecated !== undefined && { deprecated: card.deprecated }),
    sources: card.sources,
  };
}

function allowed({ cpus }: BoardCard): string[] {
  return cpus.models.filter(({ fits }) => fits).map(({ name }) => name);
}

function rowOf(card: BoardCard): string[] {
  const cpus = allowed(card);
  const { min, max } = card.vcpus;
  return [
    card.name,
    cpus.length > 3 ? `${cpus.slice(0, 2).join(', ')}, … (${cpus.length})` : cpus.join(', '),
    min === max ? `${max}` : `${min}–${max}`,
    memoryText(card.memory),
    card.title,
  ];
}

function memoryText(rule: MemoryRule): string {
  switch (rule.kind) {
    case 'range':
      return `${size(rule.minMiB)}–${size(rule.maxMiB)}`;
    case 'list':
      return rule.sizesMiB.map(size).join(', ');
    case 'fixed':
    case 'ignored':
      return size(rule.MiB);
  }
}

function size(MiB: number): string {
  if (MiB >= 1024 * 1024 && MiB % (1024 * 1024) === 0) return `${MiB / (1024 * 1024)} TiB`;
  return MiB >= 1024 && MiB % 1024 === 0 ? `${MiB / 1024} GiB` : `${MiB} MiB`;
}
