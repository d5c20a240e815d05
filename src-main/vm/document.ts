// vm.json: the definition with its schema version, and what is told when the file cannot be used.
import { z } from 'zod';
import { vmDefinition } from '../contract/definition.ts';

/**
 * The newest version this Armoire writes. A change that old files do not satisfy adds a version: a migration from
 * the one before it below, and a fixture of the old version in fixtures/ with the test that reads it.
 */
export const schemaVersion = 1;

const documentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** Grows by one with every saved change. */
  revision: z.int().min(1),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  definition: vmDefinition,
});
export type VmDocument = z.infer<typeof documentSchema>;

type Migration = (old: Record<string, unknown>) => Record<string, unknown>;

/** By the version a file is at: what makes it one version newer. */
const migrations: ReadonlyMap<number, Migration> = new Map();

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

export function printDocument(document: VmDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
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
