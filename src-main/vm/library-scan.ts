// Reads the library: every VM, the damaged ones with their reason, none hiding another.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { vmId } from '../contract/definition.ts';
import { errnoOf } from '../lib/errno.ts';
import { parseDocument, type VmDocument } from './document.ts';
import { documentFile, doomedPrefix, unfinishedPrefix } from './names.ts';

export type LibraryRecord =
  | { kind: 'usable'; id: string; directory: string; document: VmDocument }
  | {
      kind: 'damaged';
      id: string;
      directory: string;
      createdAt: string;
      file: string;
      reason: string;
      /** Ids that can still be read in it: it may build on the disks of those VMs. */
      mentions: readonly string[];
    };

/** Reading a thousand small files at once would run out of descriptors on a cautious system. */
const readsAtOnce = 32;

const idPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A directory whose name is no VM id is not a VM and is left alone. */
export async function scanLibrary(libraryDirectory: string): Promise<Map<string, LibraryRecord>> {
  const ids = (await readdir(libraryDirectory, { withFileTypes: true }))
    .filter((entry) => !entry.isFile() && vmId.safeParse(entry.name).success)
    .map((entry) => entry.name);
  const records = new Map<string, LibraryRecord>();
  for (let start = 0; start < ids.length; start += readsAtOnce) {
    const batch = ids.slice(start, start + readsAtOnce);
    for (const record of await Promise.all(batch.map((id) => readRecord(libraryDirectory, id)))) {
      records.set(record.id, record);
    }
  }
  return records;
}

export async function readRecord(libraryDirectory: string, id: string): Promise<LibraryRecord> {
  const directory = path.join(libraryDirectory, id);
  const file = path.join(directory, documentFile);
  const damaged = async (reason: string, text = ''): Promise<LibraryRecord> => ({
    kind: 'damaged',
    id,
    directory,
    createdAt: await birthTime(directory),
    file,
    reason,
    mentions: [...new Set(text.match(idPattern) ?? [])],
  });
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return damaged(unreadable(error));
  }
  const parsed = parseDocument(bytes);
  return parsed.kind === 'usable'
    ? { kind: 'usable', id, directory, document: parsed.document }
    : damaged(parsed.reason, bytes.toString('latin1'));
}

/** Removes what a crash left of VMs in the making and of VMs on their way out. */
export async function sweepLibrary(libraryDirectory: string): Promise<void> {
  const names = await readdir(libraryDirectory);
  const leftovers = names.filter((name) => [unfinishedPrefix, doomedPrefix].some((p) => name.startsWith(p)));
  await Promise.all(
    leftovers.map((name) => rm(path.join(libraryDirectory, name), { recursive: true, force: true })),
  );
}

function unreadable(error: unknown): string {
  switch (errnoOf(error)) {
    case 'ENOENT':
      return `${documentFile} is missing.`;
    case 'EISDIR':
      return `${documentFile} is a directory.`;
    case 'EACCES':
    case 'EPERM':
      return `${documentFile} may not be read by this user.`;
    default:
      return `${documentFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function birthTime(directory: string): Promise<string> {
  return stat(directory).then(
    ({ birthtime }) => birthtime.toISOString(),
    () => new Date(0).toISOString(),
  );
}
