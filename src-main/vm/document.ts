// vm.json: the definition with its schema version, and what is told when the file cannot be used.
import { z } from 'zod';
import { fileRef, vmDefinition, vmId } from '../contract/definition.ts';
import { snapshotId } from '../contract/snapshot.ts';

/**
 * The newest version this Armoire writes. A change that old files do not satisfy adds a version: a migration from
 * the one before it below, and a fixture of the old version in fixtures/ with the test that reads it.
 */
export const schemaVersion = 2;

/** An image that holds what a disk held at some moment, or what has changed since another. */
const layer = z.object({
  /** Relative to the VM's directory, or the user's own file. */
  file: fileRef,
  format: z.enum(['qcow2', 'raw']),
});

/** A layer of another VM, on which a linked clone builds. */
const foreignLayer = layer.extend({ vm: vmId });
export type ForeignLayer = z.infer<typeof foreignLayer>;

/** What a node of the snapshot tree (or the present) holds of a disk. */
export const nodeLayer = layer.extend({
  /** The disk's file in the definition: a disk that has another one is another disk, whatever its id. */
  of: fileRef,
  /** It holds only what has changed since the node's parent; else everything. */
  overlay: z.boolean(),
});
export type NodeLayer = z.infer<typeof nodeLayer>;

/** By disk id. A disk without an entry is its definition's file alone. */
export const nodeLayers = z.record(z.string(), nodeLayer);
export type NodeLayers = z.infer<typeof nodeLayers>;

export const presentSchema = z.object({
  /** The snapshot that will be taken of it has this id, and its layers lie in that directory; null: no directory yet. */
  id: snapshotId.nullable(),
  /** The snapshot that it grew from. */
  parent: snapshotId.nullable(),
  layers: nodeLayers,
});
export type Present = z.infer<typeof presentSchema>;

export const emptyPresent: Present = { id: null, parent: null, layers: {} };

const documentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** Grows by one with every saved change. */
  revision: z.int().min(1),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  definition: vmDefinition,
  present: presentSchema,
  /** Linked clone or fork: what the roots of its tree build on. */
  base: z
    .object({
      vm: vmId,
      snapshot: snapshotId,
      /** By disk id, nearest first, each with all that it builds on in turn. */
      layers: z.record(z.string(), z.array(foreignLayer)),
    })
    .nullable(),
  /** Every start begins from this snapshot. */
  resetTo: snapshotId.nullable(),
});
export type VmDocument = z.infer<typeof documentSchema>;

type Migration = (old: Record<string, unknown>) => Record<string, unknown>;

/** By the version a file is at: what makes it one version newer. */
const migrations: ReadonlyMap<number, Migration> = new Map([
  // 2: snapshots.
  [1, (old) => ({ ...old, schemaVersion: 2, present: emptyPresent, base: null, resetTo: null })],
]);

export type ParsedDocument =
  | { kind: 'usable'; document: VmDocument }
  /** One sentence: why the file cannot be used. */
  | { kind: 'damaged'; reason: string };

export function parseDocument(bytes: Uint8Array): ParsedDocument {
  if (bytes.length === 0) return damaged('The file is empty.');
  if (bytes.every((byte) => byte === 0)) {
    return damaged('The file holds nothing but zero bytes, as after a power failure.');
  }
  const parsed = parseJson(bytes);
  if (parsed.kind === 'damaged') return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return damaged('The file is JSON, but not the description of a VM.');
  }
  const migrated = migrate(value as Record<string, unknown>);
  if (migrated.kind === 'damaged') return migrated;
  const checked = documentSchema.safeParse(migrated.value);
  if (checked.success) return { kind: 'usable', document: checked.data };
  const [issue] = checked.error.issues;
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  return damaged(`The description of the VM is not valid${place}: ${issue?.message ?? 'unknown reason'}`);
}

/** In the schema's order of keys, whoever made it: what says the same looks the same. */
export function printDocument(document: VmDocument): string {
  return `${JSON.stringify(documentSchema.parse(document), null, 2)}\n`;
}

function parseJson(
  bytes: Uint8Array,
): { kind: 'usable'; value: unknown } | { kind: 'damaged'; reason: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return damaged('The file is not text.');
  }
  try {
    return { kind: 'usable', value: JSON.parse(text) };
  } catch {
    return damaged(
      text.trimEnd().endsWith('}') ? 'The file is not valid JSON.' : 'The file breaks off in the middle.',
    );
  }
}

function migrate(
  value: Record<string, unknown>,
): { kind: 'usable'; value: Record<string, unknown> } | { kind: 'damaged'; reason: string } {
  const from = value.schemaVersion;
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 1) {
    return damaged('The file does not say which version of Armoire wrote it.');
  }
  if (from > schemaVersion) {
    return damaged(`A newer Armoire wrote this VM (format ${from}; this one knows ${schemaVersion}).`);
  }
  let current = value;
  for (let version = from; version < schemaVersion; version++) {
    const step = migrations.get(version);
    if (!step) return damaged(`Format ${version} of the file cannot be read any more.`);
    current = step(current);
  }
  return { kind: 'usable', value: current };
}

function damaged(reason: string): { kind: 'damaged'; reason: string } {
  return { kind: 'damaged', reason };
}
