// Work that takes its time: what is under way, how far it is, and whether it can be stopped.
import { z } from 'zod';
import { vmId } from './definition.ts';

export const jobKind = z.enum([
  'create',
  'import',
  'grow-disk',
  'convert-disk',
  'compact-disk',
  'check-disk',
  'take-snapshot',
  'restore-snapshot',
  'delete-snapshot',
  'save-state',
  'clone',
]);
export type JobKind = z.infer<typeof jobKind>;

export const job = z.object({
  id: z.uuid(),
  kind: jobKind,
  /** The VM that it works on; null for one that is being made. */
  vm: vmId.nullable(),
  /** What goes on, in a few words: `Copying disk.vmdk`. */
  title: z.string(),
  /** 0 to 100; null while nobody can tell. */
  percent: z.number().min(0).max(100).nullable(),
  /** From the pace so far; null while nobody can tell. */
  remainingSeconds: z.number().min(0).nullable(),
  /** Cancel leaves everything as it was before. False in the moment that cannot be halved. */
  cancellable: z.boolean(),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type Job = z.infer<typeof job>;
