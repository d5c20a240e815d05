// run.json: what runs of a VM on this host, written before it runs, or how its last run ended.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { accelerator } from '../contract/definition.ts';
import { explainedArgument, vmExit } from '../contract/vm.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { unlessMissing } from '../lib/errno.ts';
import { fileStamp } from './boot-files.ts';
import { parseDocument, type VmDocument } from './document.ts';
import { runFile } from './names.ts';
import { storing } from './storage-fault.ts';

/** The VM's document as it was at the start, migrated like vm.json when a newer Armoire reads it. */
const documentAtStart = z.unknown().transform((value, context): VmDocument => {
  const parsed = parseDocument(new TextEncoder().encode(JSON.stringify(value ?? null)));
  if (parsed.kind === 'usable') return parsed.document;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

const started = z.object({
  bootId: z.string(),
  /** The VM's directory at the start: a copied library must not take over the original's process. */
  directory: z.string(),
  runtimeDirectory: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  qemuPath: z.string(),
  qemuVersion: z.string(),
  accelerator,
  document: documentAtStart,
  /** Where this run's words begin in the log, in bytes. */
  logFrom: z.int(),
  /** The files that QEMU read at the start, as they were then. */
  bootFiles: z.array(fileStamp).optional(),
  /** What QEMU was started with, each with the setting that made it. */
  arguments: z.array(explainedArgument).optional().catch(undefined),
  /** The file that the RAM is mapped from, and what it takes on the disk. */
  mapped: z.object({ file: z.string(), bytes: z.int() }).optional(),
  /** Where each console stood before the start. */
  consoleFrom: z.record(z.string(), z.int()).optional(),
});

const processOf = z.object({
  pid: z.int(),
  /** As lib/process-identity.ts tells it. */
  processStart: z.string(),
});
export type ProcessOf = z.infer<typeof processOf>;

const runRecord = z.discriminatedUnion('phase', [
  /** QEMU is about to be started, or was: its pid is not known yet. */
  started.extend({ phase: z.literal('starting') }),
  started.extend({
    phase: z.literal('running'),
    ...processOf.shape,
    /** ISO 8601. */
    shutdownRequestedAt: z.string().optional(),
  }),
  z.object({ phase: z.literal('ended'), exit: vmExit }),
]);
export type RunRecord = z.infer<typeof runRecord>;
export type StartingRecord = Extract<RunRecord, { phase: 'starting' }>;
export type RunningRecord = Extract<RunRecord, { phase: 'running' }>;

/** null: never started. `damaged`: nothing is known, and nothing may be assumed. */
export async function readRunRecord(vmDirectory: string): Promise<RunRecord | 'damaged' | null> {
  const text = await unlessMissing(readFile(path.join(vmDirectory, runFile), 'utf8'));
  if (text === undefined) return null;
  try {
    return runRecord.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

/**
 * What runs need not outlive a power failure, which ends it: of that the boot's id tells. How a run ended must.
 * Throws Fault `disk-full`, `library-unwritable`.
 */
export async function writeRunRecord(vmDirectory: string, record: RunRecord): Promise<void> {
  await storing('noting the state of the VM', vmDirectory, () =>
    atomicWrite(path.join(vmDirectory, runFile), JSON.stringify(record), {
      durable: record.phase === 'ended',
    }),
  );
}

/** A start that never came to a QEMU leaves nothing to tell. */
export async function removeRunRecord(vmDirectory: string): Promise<void> {
  await rm(path.join(vmDirectory, runFile), { force: true });
}
