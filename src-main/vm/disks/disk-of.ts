// One disk of a VM: its place in the definition and the files that it is made of.
import path from 'node:path';
import type { Disk } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { Machine } from '../machine.ts';
import { resolveFile } from '../names.ts';
import { snapshotFiles } from '../snapshots/frozen.ts';
import type { LayerImage } from '../snapshots/layers.ts';

export interface DiskOfMachine {
  disk: Disk;
  index: number;
  /** Newest first; the guest writes to that one alone. */
  chain: readonly [LayerImage, ...LayerImage[]];
}

/** Throws Fault `not-found`, `damaged`. */
export function diskOf(machine: Machine, id: string): DiskOfMachine {
  const { disks } = machine.context.library.usable(machine.id).document.definition;
  const index = disks.findIndex((disk) => disk.id === id);
  const disk = disks[index];
  if (!disk) {
    throw new Fault({
      code: 'not-found',
      message: 'This disk is not part of the VM any more.',
      remedy: 'It was removed, perhaps in another window.',
      detail: id,
    });
  }
  return { disk, index, chain: chainOf(machine, disk) };
}

function chainOf(machine: Machine, disk: Disk): DiskOfMachine['chain'] {
  const [top, ...below] = machine.layers()[disk.id] ?? [];
  return top ? [top, ...below] : [{ path: resolveFile(machine.directory, disk.file), format: disk.format }];
}

/** Throws Fault `bad-input` for one that the guest cannot write to. */
export function requireWritable({ disk, index }: DiskOfMachine): void {
  if (disk.media === 'disk' && !disk.readOnly) return;
  throw new Fault({
    code: 'bad-input',
    message: 'This is read-only for the guest, and stays as it is.',
    remedy: 'Make the disk writable in the VM’s settings first.',
    field: `/disks/${index}/readOnly`,
  });
}

/**
 * For work on the images of a VM that does not run: until it is through, nothing else touches them.
 * Throws Fault `wrong-state`.
 */
export function whileOff<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  // With a saved memory the disks must stay what they were: that is what forbids an edit.
  machine.require('edit');
  return machine.atRest('start', work);
}

/**
 * For a change of the disks of what runs: a snapshot that is taken meanwhile would hold the hardware of before, or layers
 * of another size. Throws Fault `wrong-state`.
 */
export async function whileLive<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  await machine.upkept();
  machine.require('edit');
  return machine.alone(work);
}

export function isOwnFile(machine: Machine, file: string): boolean {
  const relative = path.relative(machine.directory, path.resolve(machine.directory, file));
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** A snapshot builds on it, or holds it. */
export function isKeptBySnapshot(machine: Machine, file: string): boolean {
  return snapshotFiles(machine).has(resolveFile(machine.directory, file));
}
