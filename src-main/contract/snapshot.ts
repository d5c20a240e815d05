// Snapshots as the two sides talk about them: a tree of points in a VM's life, and the present that grows from one.
import { z } from 'zod';
import { vmDefinition, vmId } from './definition.ts';
import { faultData } from './fault.ts';
import { json } from './json.ts';
import { jsonPointer } from './problem.ts';

export const snapshotId = z.uuid();

export const snapshotName = z
  .string()
  .trim()
  .min(1, 'A name is needed.')
  .max(80, 'At most 80 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Line breaks and control characters cannot be part of a name.');

export const snapshotNote = z.string().max(4000);

/** Who wanted it: the user, Armoire before something risky, or a fork that needs a point to grow from. */
export const snapshotOrigin = z.enum(['user', 'automatic', 'fork']);
export type SnapshotOrigin = z.infer<typeof snapshotOrigin>;

export const snapshotView = z.object({
  id: snapshotId,
  /** null: it grows from nothing. */
  parent: snapshotId.nullable(),
  name: snapshotName,
  note: snapshotNote,
  /** ISO 8601. */
  createdAt: z.string(),
  origin: snapshotOrigin,
  /** With memory: a restore goes on in the middle of what the guest did. Else disks alone, as after a power cut or a shutdown. */
  memory: z.boolean(),
  /** The guest stood still when it was taken, and does after a restore. */
  paused: z.boolean(),
  /** What its files take on disk: memory, firmware variables, the disks' changes since its parent. */
  bytes: z.number(),
  /** At least this comes back when it is deleted; changes that later states build on do not. */
  freedBytes: z.number(),
  definition: vmDefinition,
  qemuVersion: z.string(),
  /** Names of VMs that build on it: it stays while they do. */
  usedBy: z.array(z.string()),
  /** Why its memory cannot be loaded here and now; a cold boot of its disks can still be had. */
  mismatch: faultData.optional(),
  /** A file of it is missing or is not what it was: it cannot be restored at all. */
  damage: faultData.optional(),
});
export type SnapshotView = z.infer<typeof snapshotView>;

export const snapshotTree = z.object({
  vm: vmId,
  /** Oldest first. */
  snapshots: z.array(snapshotView),
  present: z.object({
    /** The snapshot that the present grew from; null: none. */
    parent: snapshotId.nullable(),
    /** What the disks' changes since then take. */
    bytes: z.number(),
  }),
  /** Every start begins from this one. */
  resetTo: snapshotId.nullable(),
  /** Manifests that cannot be read: their snapshots are kept and cannot be used. */
  damaged: z.array(z.string()),
  /** Snapshots inside of imported qcow2 images: shown, never touched. */
  internal: z.array(
    z.object({
      /** The disk's id. */
      disk: z.string(),
      name: z.string(),
      /** ISO 8601. */
      createdAt: z.string(),
      /** Bytes of saved memory; 0: disk alone. */
      memoryBytes: z.number(),
    }),
  ),
});
export type SnapshotTree = z.infer<typeof snapshotTree>;

/** One setting that is another one now. Left out: there is none on that side. */
export const settingChange = z.object({
  field: jsonPointer,
  before: json.optional(),
  now: json.optional(),
});
export type SettingChange = z.infer<typeof settingChange>;

export const snapshotDetail = z.object({
  /** The newest output of the main console at that moment, as the guest sent it (base64): for a terminal to draw. */
  console: z.string(),
  /** PNG (base64) of the display, where the board has one. */
  screen: z.string().nullable(),
  /** The hardware at that moment against what it is now. */
  changes: z.array(settingChange),
});
export type SnapshotDetail = z.infer<typeof snapshotDetail>;

/**
 * How a VM is made from another: `copy` shares nothing; `linked` builds on a frozen state of the other's disks; `fork`
 * also goes on from its memory, running at once.
 */
export const cloneKind = z.enum(['copy', 'linked', 'fork']);
export type CloneKind = z.infer<typeof cloneKind>;
