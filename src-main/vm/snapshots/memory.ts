// A saved memory as a file: whether it can be loaded here and now, and its way onto the disk.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { Fault, type FaultData } from '../../contract/fault.ts';
import type { Problem } from '../../contract/problem.ts';
import { syncFile } from '../../lib/atomic-write.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { bootId } from '../../lib/process-identity.ts';
import type { Machine } from '../machine.ts';
import { memoryFile, snapshotDirectory } from '../names.ts';
import type { StartMemory } from '../start-memory.ts';
import type { Manifest, SavedMemory } from './manifest.ts';
import { memoryMismatch } from './mismatch.ts';

const remedy = 'Start from the same disks without the memory (a cold boot).';

/** Found before trying; undefined: nothing speaks against it. */
export async function memoryFault(
  { context }: Machine,
  { file, memory, definition }: { file: string; memory: SavedMemory; definition: VmDefinition },
): Promise<FaultData | undefined> {
  const facts = await unlessMissing(stat(file));
  if (facts?.size !== memory.sizeBytes) {
    return {
      code: 'damaged',
      message: facts ? 'The saved memory was cut off.' : 'The saved memory is missing.',
      remedy,
      detail: file,
    };
  }
  if (memory.unsettledIn !== undefined && memory.unsettledIn !== (await bootId())) {
    return {
      code: 'damaged',
      message:
        memory.unsettledIn === lost
          ? 'The saved memory could not be written to the disk.'
          : 'The computer went down before the saved memory was on its disk.',
      remedy,
      detail: file,
    };
  }
  // Without a QEMU nothing starts, and that is told elsewhere.
  const qemu = await context.finder.require().catch(() => undefined);
  return qemu && memoryMismatch(memory, definition, qemu, context.host);
}

export function snapshotMemoryFault(machine: Machine, manifest: Manifest): Promise<FaultData | undefined> {
  const { memory, definition, id } = manifest;
  if (!memory) return Promise.resolve(undefined);
  return memoryFault(machine, { file: memoryPath(machine, id), memory, definition });
}

export const memoryPath = (machine: Machine, snapshot: string) =>
  path.join(machine.directory, snapshotDirectory(snapshot), memoryFile);

/**
 * How a start goes on from a snapshot's memory. `without`: what is told of one that has none. Throws Fault `bad-input`
 * then, `damaged`, `unsupported` where it cannot be loaded here and now.
 */
export async function usableMemory(
  machine: Machine,
  manifest: Manifest,
  { mapped, without }: { mapped: boolean; without: Pick<FaultData, 'message' | 'remedy'> },
): Promise<StartMemory> {
  const { memory, id } = manifest;
  if (!memory) throw new Fault({ code: 'bad-input', ...without });
  const fault = await snapshotMemoryFault(machine, manifest);
  if (fault) throw new Fault(fault);
  return { file: memoryPath(machine, id), form: memory.form, paused: memory.paused, mapped };
}

/** In place of a boot of the computer: the disk has refused it. */
const lost = 'lost';

const memoryLost: Problem = {
  rule: 'memory-lost',
  field: '',
  severity: 'warning',
  message:
    'The disk refused the memory that this guest goes on from: what the guest has not read of it yet may be spoilt. Start the machine anew.',
};

/** Also those VMs whose RAM is mapped from it. */
async function tellLost(machine: Machine, id: string): Promise<void> {
  await machine.log.note('The disk refused the memory of a snapshot.');
  const file = memoryPath(machine, id);
  for (const { phase, log } of machine.context.machines()) {
    if (phase.kind !== 'live' || phase.run.record.mapped?.file !== file) continue;
    phase.run.setFinding(memoryLost.rule, memoryLost);
    await log.note(memoryLost.message);
  }
}

/**
 * Brings the memories onto the disk whose snapshots were noted before they were there. A disk tells of a failed write
 * once: what it has refused is not tried again, and not trusted.
 */
export async function settleMemories(machine: Machine): Promise<void> {
  const boot = await bootId();
  for (const { id, memory } of machine.snapshots.manifests.values()) {
    if (memory?.unsettledIn !== boot) continue;
    const settled = await syncFile(memoryPath(machine, id)).then(
      () => true,
      () => false,
    );
    // Deleted meanwhile.
    if (!machine.snapshots.manifests.has(id)) continue;
    await machine.snapshots.change(id, ({ memory: now }) => {
      if (now === null) return {};
      const { unsettledIn: _, ...rest } = now;
      return { memory: settled ? rest : { ...rest, unsettledIn: lost } };
    });
    if (!settled) await tellLost(machine, id);
  }
}
