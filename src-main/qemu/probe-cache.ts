// Remembers what a QEMU binary said of itself, for as long as it is the same file.
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { atomicWrite } from '../lib/atomic-write.ts';
import { type BinaryFacts, binaryFacts } from './probe.ts';

/** Grows when the probe learns to ask more: older files are not read then. */
const cacheVersion = 1;

const fileIdentity = z.object({ size: z.number(), modifiedMs: z.number(), inode: z.number() });

const binaryIdentity = z.object({
  path: z.string(),
  binary: fileIdentity,
  /** A bundle's launcher stays the same when the QEMU behind it changes; its manifest does not. */
  manifest: fileIdentity.nullable(),
});
export type BinaryIdentity = z.infer<typeof binaryIdentity>;

const cacheFile = z.object({
  cacheVersion: z.literal(cacheVersion),
  identity: binaryIdentity,
  facts: binaryFacts,
});

async function identityOf(file: string): Promise<z.infer<typeof fileIdentity> | null> {
  const facts = await stat(file).catch(() => null);
  return facts && { size: facts.size, modifiedMs: facts.mtimeMs, inode: facts.ino };
}

/** null when there is no such file. */
export async function readIdentity(binary: string): Promise<BinaryIdentity | null> {
  const [file, manifest] = await Promise.all([
    identityOf(binary),
    identityOf(path.join(path.dirname(binary), '..', 'bundle.json')),
  ]);
  return file && { path: binary, binary: file, manifest };
}

export function sameIdentity(a: BinaryIdentity, b: BinaryIdentity): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function cachePath(cacheDir: string, binary: string): string {
  const name = createHash('sha256').update(binary).digest('hex').slice(0, 16);
  return path.join(cacheDir, 'qemu', `${name}.json`);
}

/** undefined when nothing is remembered, the binary has changed, or the file is damaged. */
export async function recallFacts(
  cacheDir: string,
  identity: BinaryIdentity,
): Promise<BinaryFacts | undefined> {
  try {
    const text = await readFile(cachePath(cacheDir, identity.path), 'utf8');
    const known = cacheFile.safeParse(JSON.parse(text));
    return known.success && sameIdentity(known.data.identity, identity) ? known.data.facts : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs time, not truth: nothing is thrown. */
export async function rememberFacts(
  cacheDir: string,
  identity: BinaryIdentity,
  facts: BinaryFacts,
): Promise<void> {
  const file = cachePath(cacheDir, identity.path);
  const content: z.infer<typeof cacheFile> = { cacheVersion, identity, facts };
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await atomicWrite(file, JSON.stringify(content));
  } catch {
    // The next start asks the binary again.
  }
}
