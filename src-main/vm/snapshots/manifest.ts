// manifest.json of a snapshot: written last, so that a snapshot without one is half made.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { accelerator, vmDefinition } from '../../contract/definition.ts';
import { snapshotId, snapshotName, snapshotNote, snapshotOrigin } from '../../contract/snapshot.ts';
import { atomicWrite } from '../../lib/atomic-write.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { nodeLayers } from '../document.ts';
import { snapshotDirectory, snapshotManifestFile } from '../names.ts';

/** The newest version this Armoire writes; see `schemaVersion` in document.ts for what a change needs. */
const manifestVersion = 1;

/** What a saved memory needs to be loaded again. */
export const savedMemory = z.object({
  /** `mapped-ram`: one place per page; `stream`: pages as they came (before QEMU 9.0). */
  form: z.enum(['mapped-ram', 'stream']),
  /** A file that is shorter was cut off. */
  sizeBytes: z.number(),
  /** The guest stood still. */
  paused: z.boolean(),
  qemuVersion: z.string(),
  accelerator,
  /**
   * The snapshot was noted before its memory was on the disk: in this boot of the computer (lib/process-identity.ts) it
   * can be read all the same, after a power failure it cannot be trusted. `lost`: the disk has refused it.
   */
  unsettledIn: z.string().optional(),
  /** Node's word for the computer's processor: a hardware-accelerated CPU cannot go on elsewhere. */
  hostArch: z.string(),
});
export type SavedMemory = z.infer<typeof savedMemory>;

/** A file on which it rests, as it was then. */
const stamp = z.object({ file: z.string(), sizeBytes: z.number(), modifiedMs: z.number() });

const manifestSchema = z.object({
  schemaVersion: z.literal(manifestVersion),
  id: snapshotId,
  parent: snapshotId.nullable(),
  name: snapshotName,
  note: snapshotNote,
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  origin: snapshotOrigin,
  definition: vmDefinition,
  /** The QEMU in use then. */
  qemuVersion: z.string(),
  layers: nodeLayers,
  /** Its copy of the firmware's variables; null: the machine has none. */
  variables: z.enum(['raw', 'qcow2']).nullable(),
  memory: savedMemory.nullable(),
  /** It has a picture of the display. */
  screen: z.boolean(),
  stamps: z.array(stamp),
  /** Deleted by the user; only its layers stay, because several later states build on them. */
  hidden: z.boolean(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const newManifest = (manifest: Omit<Manifest, 'schemaVersion'>): Manifest => ({
  schemaVersion: manifestVersion,
  ...manifest,
});

/** null: there is none. `damaged`: it cannot be read as what it should be. */
export async function readManifest(vmDirectory: string, id: string): Promise<Manifest | 'damaged' | null> {
  const file = path.join(vmDirectory, snapshotDirectory(id), snapshotManifestFile);
  const text = await unlessMissing(readFile(file, 'utf8'));
  if (text === undefined) return null;
  try {
    const manifest = manifestSchema.parse(JSON.parse(text));
    return manifest.id === id ? manifest : 'damaged';
  } catch {
    return 'damaged';
  }
}

export async function writeManifest(vmDirectory: string, manifest: Manifest): Promise<void> {
  const file = path.join(vmDirectory, snapshotDirectory(manifest.id), snapshotManifestFile);
  await atomicWrite(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
