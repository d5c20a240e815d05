// Disks of a VM: what their images hold and take, and what can be done with them.
import { z } from 'zod';
import { diskBus, fileRef } from './definition.ts';

export const diskUse = z.object({
  /** The disk's id in the definition. */
  id: z.string(),
  /** The file that the guest's writes go to; relative to the VM's directory, or absolute. */
  file: fileRef,
  format: z.enum(['qcow2', 'raw']),
  /** As the guest sees it. */
  virtualBytes: z.number(),
  /** What this file takes on disk. */
  ownBytes: z.number(),
  /** What it builds on (snapshots, a linked base), nearest first. */
  layers: z.array(z.object({ file: z.string(), bytes: z.number() })),
  /** Can be taken out of the machine while it runs. */
  detachable: z.boolean(),
  /** Why what is in this list is not known: a missing file. */
  fault: z.string().optional(),
});
export type DiskUse = z.infer<typeof diskUse>;

export const diskReport = z.object({
  disks: z.array(diskUse),
  /** Everything in the VM's directory: disks, snapshots, logs. */
  totalBytes: z.number(),
  /** Of that, snapshots. */
  snapshotBytes: z.number(),
  /** Buses that take another disk while the VM runs; empty when it does not run. */
  hotplugBuses: z.array(diskBus),
});
export type DiskReport = z.infer<typeof diskReport>;

export const diskCheck = z.object({
  /** qemu-img check found nothing. */
  clean: z.boolean(),
  /** Clusters that are taken and belong to nothing: harmless, wasted. */
  leaks: z.int(),
  /** Clusters whose bookkeeping is wrong: data may be lost. */
  corruptions: z.int(),
  /** What `repair` mended. */
  repaired: z.int(),
});
export type DiskCheck = z.infer<typeof diskCheck>;

/** What the disk's image is made from when it is added. */
export const diskSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new'), sizeBytes: z.number().int().min(1048576) }),
  /** Imported into the VM's directory: any format that Armoire takes, also packed (.xz .zst .gz). */
  z.object({ kind: z.literal('import'), from: z.string() }),
  /** Used where it is. */
  z.object({ kind: z.literal('in-place'), file: fileRef }),
]);
export type DiskSource = z.infer<typeof diskSource>;
