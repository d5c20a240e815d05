// A start that goes on from a memory: loaded by QEMU, or mapped by it where only what changes shall take room.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault, toFaultData } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { unlessMissing } from '../lib/errno.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { allocatedBytes } from '../qemu/layered-image.ts';
import { type MappedRam, mappableRam, writeRest } from '../qemu/memory-overlay.ts';
import { loadMemory, type MemoryForm } from '../qemu/migration.ts';
import type { QmpClient } from '../qemu/qmp.ts';
import type { Machine } from './machine.ts';
import { incomingFile } from './names.ts';

const headPollMs = 3;

/** A memory to go on from, in place of a boot. */
export interface StartMemory {
  file: string;
  form: MemoryForm;
  /** The guest stood still, and does again. */
  paused: boolean;
  /** The RAM is mapped where it can be: the file must stay as it is for as long as the guest runs. */
  mapped?: boolean;
  /** The hardware that the memory belongs to, where that is not the definition's. */
  definition?: VmDefinition;
  /** It is still being written, and QEMU is started meanwhile. Resolves when it is whole. */
  underWay?(): Promise<void>;
  /** What else the VM has to have before it lives. */
  outfit?(): Promise<void>;
  /** It is loaded and the guest is about to go on: from now on it may not be loaded again. */
  spend?(): Promise<void>;
}

/** What QEMU is to load once it answers. */
export interface Incoming {
  memory: StartMemory;
  file: string;
  /** It is mapped, and `file` is the rest of the memory: made for this start, and of no use after it. */
  ram?: MappedRam;
  /** The memory is not whole yet: resolves when `file` is. */
  settled?: Promise<void>;
}

/**
 * Where the RAM cannot be mapped, for whatever reason, all of it is loaded; but of a memory that is still being written
 * that shows only when QEMU has mapped it, and then the start fails.
 */
export async function prepareIncoming(
  machine: Machine,
  memory: StartMemory,
  definition: VmDefinition,
  { qemu: { imgPath }, signal }: { qemu: QemuCapabilities; signal: AbortSignal },
): Promise<Incoming> {
  const whole = { memory, file: memory.file };
  if (!memory.mapped || memory.form !== 'mapped-ram' || imgPath === undefined) return whole;
  const target = path.join(machine.runtimeDirectory, incomingFile);
  if (memory.underWay) {
    const end = memory.underWay();
    // It may fail while nobody waits for it.
    end.catch(() => undefined);
    const ram = await ramUnderWay(memory.file, { end, definition, signal });
    if (!ram) return whole;
    const settled = end.then(async () => {
      if (!(await writeRest({ ram, target, imgPath }))) throw noGain;
    });
    settled.catch(() => undefined);
    return { memory, file: target, ram, settled };
  }
  try {
    const ram = await mappableRam(memory.file, definition);
    if (ram && (await writeRest({ ram, target, imgPath }))) return { memory, file: target, ram };
  } catch (error) {
    await rm(target, { force: true });
    await machine.log.note(`The memory is loaded and not mapped: ${toFaultData(error).message}`);
  }
  return whole;
}

const noGain = new Fault({
  code: 'unsupported',
  message: 'The memory cannot be mapped: its file system does not tell holes.',
  remedy: 'Start from it once more: then it is loaded.',
});

/** QEMU says at the beginning of the file where the RAM will be. undefined: it came to its end without a word of it. */
async function ramUnderWay(
  file: string,
  { end, definition, signal }: { end: Promise<void>; definition: VmDefinition; signal: AbortSignal },
): Promise<MappedRam | undefined> {
  let ended = false;
  const note = () => {
    ended = true;
  };
  end.then(note, note);
  for (;;) {
    signal.throwIfAborted();
    const last = ended;
    if (last) await end;
    const ram = await unlessMissing(mappableRam(file, definition));
    if (ram || last) return ram;
    await sleep(headPollMs);
  }
}

/** For the note of the run. */
export async function mappedFile({ file }: MappedRam): Promise<{ file: string; bytes: number }> {
  return { file, bytes: await allocatedBytes(file) };
}

export async function loadIncoming(
  machine: Machine,
  qmp: QmpClient,
  { memory, file, ram, settled }: Incoming,
  signal: AbortSignal,
): Promise<void> {
  await machine.reached('resume:started');
  await untilAborted(signal, async () => {
    await (settled ?? memory.underWay?.());
    await loadMemory(qmp, file, memory);
    if (ram) await rm(file);
    await memory.outfit?.();
  });
  await machine.reached('resume:loaded');
}

/** The memory is spent before the guest runs: loaded a second time it would not fit the disks any more. */
export async function goOn(machine: Machine, { paused, spend }: StartMemory): Promise<void> {
  const { phase } = machine;
  if (phase.kind !== 'live') return;
  await spend?.();
  await machine.reached('resume:spent');
  if (paused) return;
  await phase.run.qmp.execute('cont');
  await phase.run.refreshStatus();
  await machine.reached('resume:running');
}
