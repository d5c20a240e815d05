// Refit of RAM: the size stays where the board takes it, else the nearest, or the board's usual one.
import type { VmDefinition } from '../../contract/definition.ts';
import { cpuFor } from '../cpus.ts';
import { defaultMemory, formatMiB, nearestMemory, usableMemory } from '../memory.ts';
import { type Step, set, type Target } from './step.ts';

/** A size that the board before had dictated says nothing about what the user wants. */
function wanted(definition: VmDefinition, { board, from }: Target): number {
  const dictated = from !== undefined && from.name !== board.name && from.memory.kind !== 'range';
  return dictated ? defaultMemory(board.memory) : definition.memoryMiB;
}

/** The most that the guest can use: memory map, address bits, highmem, most of the host's memory. In MiB. */
function ceiling(definition: VmDefinition, { board, qemu, host }: Target): number {
  const limits = [usableMemory(board.memory), Math.floor(host.memoryMiB * 0.8)];
  if (definition.boot.kind === 'kernel' && board.kernelMemoryMiB !== undefined)
    limits.push(board.kernelMemoryMiB);
  if (board.name === 'virt') {
    const { addressBits } = cpuFor(definition.cpu, qemu);
    if (addressBits !== undefined) limits.push(2 ** (addressBits - 20) - 1024);
    if (definition.machineOptions.highmem === false) limits.push(3072);
  }
  return Math.min(...limits);
}

/** The largest size of a list that is not above the ceiling; a list has no other sizes. */
function within({ board }: Target, sizeMiB: number, mostMiB: number): number {
  if (sizeMiB <= mostMiB) return sizeMiB;
  if (board.memory.kind !== 'list') return nearestMemory(board.memory, mostMiB);
  const small = board.memory.sizesMiB.filter((size) => size <= mostMiB);
  return small.length === 0 ? sizeMiB : Math.max(...small);
}

export const refitMemory: Step = (definition, target) => {
  const { board } = target;
  const floor = definition.boot.kind === 'uefi' ? 128 : 1;
  const asked = Math.max(wanted(definition, target), floor);
  const memoryMiB = within(target, nearestMemory(board.memory, asked), ceiling(definition, target));
  const why =
    board.memory.kind === 'ignored'
      ? `${board.name} has memory of its own.`
      : board.memory.kind === 'fixed'
        ? `${board.name} has exactly ${formatMiB(memoryMiB)}.`
        : `It is a size that ${board.name} and this computer can give.`;
  return set(definition, 'memoryMiB', memoryMiB, why);
};
