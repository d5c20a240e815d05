// The catalogue: a card for every board of the QEMU in use, from the table and what the binary says.

import type { z } from 'zod';
import type { BoardCard, boardCpu } from '../contract/board.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { acceleratedCpus, takesAcceleration } from './accelerator.ts';
import { type Board, boardFor, machinesToShow } from './board.ts';
import { cpuVerdict } from './cpu-verdict.ts';
import { cpuFor } from './cpus.ts';
import { networkModels } from './network-models.ts';
import type { BoardRow } from './row.ts';
import { listedBoard } from './table.ts';

type BoardCpu = z.infer<typeof boardCpu>;

/** The table's row for a machine type: `virt-10.0` finds `virt`. */
export function boardRow(machine: string): BoardRow | undefined {
  return listedBoard(machine)?.row;
}

function noteOn(board: Board, name: string, qemu: QemuCapabilities): { fits: boolean; note?: string } {
  const verdict = cpuVerdict(board, name, qemu, 'tcg');
  const advice = board.cpu.notes?.[name];
  switch (verdict.outcome) {
    case 'made':
      return { fits: true, ...(advice === undefined ? {} : { note: advice }) };
    case 'ignored':
      return { fits: false, note: `QEMU would ignore it and make ${verdict.made}.` };
    case 'unfit':
      return {
        fits: false,
        note: verdict.runs
          ? 'QEMU would make it, but the board never had it.'
          : 'QEMU would make it, but nothing made for the board runs on it.',
      };
    case 'unknown':
      return { fits: false, note: 'Nobody has looked yet at what QEMU does with it here.' };
    case 'refused':
      return {
        fits: false,
        note:
          verdict.because === 'needs-acceleration'
            ? 'Needs KVM or HVF: it is this computer’s own CPU.'
            : 'QEMU refuses to start with it.',
      };
  }
}

function hostCpu(board: Board, qemu: QemuCapabilities): BoardCpu[] {
  if (!takesAcceleration(board.pinned) || !board.cpu.fits.includes('host')) return [];
  const usable = qemu.accelerators.find(({ name, usable: can }) => can && name !== 'tcg');
  return [
    {
      name: 'host',
      bits: 64,
      fits: usable !== undefined,
      note: usable?.reason ?? 'Needs KVM or HVF: it is this computer’s own CPU.',
    },
  ];
}

function models(board: Board, qemu: QemuCapabilities): BoardCpu[] {
  const named = qemu.cpus
    .filter(({ name }) => name !== 'host')
    .map(({ name }): BoardCpu => ({ name, bits: cpuFor(name, qemu).bits, ...noteOn(board, name, qemu) }));
  const order = (cpu: BoardCpu) => {
    const place = board.cpu.fits.indexOf(cpu.name);
    return place === -1 ? board.cpu.fits.length : place;
  };
  return [...hostCpu(board, qemu), ...named].sort(
    (a, b) => Number(b.fits) - Number(a.fits) || order(a) - order(b) || a.name.localeCompare(b.name),
  );
}

function card(board: Board, qemu: QemuCapabilities): BoardCard {
  const { clusters } = board.cpu;
  const there = (cpu: string) => acceleratedCpus.includes(cpu) || qemu.cpus.some(({ name }) => name === cpu);
  return {
    name: board.name,
    machine: board.pinned,
    title: board.title,
    family: board.family,
    summary: board.summary,
    recommended: board.recommended ?? false,
    profiles: board.profiles,
    cpus: {
      default: board.cpu.default,
      recommended:
        [board.cpu.recommended, board.cpu.default].find((cpu) => cpu !== undefined && there(cpu)) ??
        board.cpu.default,
      fixed: board.cpu.fits.length === 1,
      models: models(board, qemu),
      ...(clusters === undefined ? {} : { clusters }),
    },
    vcpus: board.vcpus,
    memory: board.memory,
    boot: board.boot,
    uarts: board.uarts,
    diskBuses: board.disks.map(({ bus }) => bus),
    networkModels: networkModels(board, qemu),
    ...(board.options === undefined ? {} : { options: board.options }),
    needs: board.needs,
    ...(board.deprecated === undefined ? {} : { deprecated: board.deprecated }),
    sources: board.sources,
  };
}

const cards = new WeakMap<QemuCapabilities, BoardCard[]>();

/** Recommended ones first, then by family and name. Computed once per capabilities object. */
export function boardCards(qemu: QemuCapabilities): BoardCard[] {
  const known = cards.get(qemu);
  if (known !== undefined) return known;
  const made = machinesToShow(qemu)
    .flatMap(({ name }) => boardFor(name, qemu) ?? [])
    .map((board) => card(board, qemu))
    .sort(
      (a, b) =>
        Number(b.recommended) - Number(a.recommended) ||
        a.family.localeCompare(b.family) ||
        a.name.localeCompare(b.name),
    );
  cards.set(qemu, made);
  return made;
}
