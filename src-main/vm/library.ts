// The VMs on disk: create, edit, delete, each in one step that a crash cannot halve.
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { atomicWrite, syncDirectory } from '../lib/atomic-write.ts';
import { listTree } from '../lib/file-tree.ts';
import { freeBytes } from '../lib/free-bytes.ts';
import { makePrivateDirectory } from '../lib/private-directory.ts';
import { createSerial, type Serial } from '../lib/serial.ts';
import { endOrphans, sweepDisks } from './disks/sweep.ts';
import { emptyPresent, printDocument, schemaVersion, type VmDocument } from './document.ts';
import { type LibraryRecord, readRecord, scanLibrary, sweepLibrary } from './library-scan.ts';
import {
  clonedDirectories,
  documentFile,
  doomedPrefix,
  logsDirectory,
  unbornPrefix,
  unfinishedPrefix,
  uploadsDirectory,
} from './names.ts';
import { storageFault, storing } from './storage-fault.ts';
import { sweepUnborn } from './unborn.ts';

/** What the maker of a VM decides about its document. */
export type NewDocument = Pick<VmDocument, 'definition'> & Partial<Pick<VmDocument, 'present' | 'base'>>;

export type UsableRecord = Extract<LibraryRecord, { kind: 'usable' }>;

const spaceKeptMs = 1000;

export class Library {
  readonly directory: string;
  private readonly records: Map<string, LibraryRecord>;
  private readonly turns = new Map<string, Serial>();
  /** VMs that were made as `unborn` and are not confirmed. */
  private readonly unborn = new Set<string>();
  private space: Promise<number> = Promise.resolve(0);
  private spaceAskedAt = 0;

  private constructor(directory: string, records: Map<string, LibraryRecord>) {
    this.directory = directory;
    this.records = records;
  }

  /** Makes the directory of a new library. Throws Fault `library-unwritable`, `disk-full`. */
  static async prepare(directory: string): Promise<void> {
    await storing('opening the library', directory, async () => {
      await makePrivateDirectory(directory);
      await makePrivateDirectory(path.join(directory, uploadsDirectory));
      await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    }).catch((error: unknown) => {
      if (error instanceof Fault) throw error;
      throw new Fault(
        {
          code: 'library-unwritable',
          message: `${directory} cannot be used as the library.`,
          remedy: 'Choose a directory of yours with the environment variable ARMOIRE_LIBRARY.',
          detail: error instanceof Error ? error.message : String(error),
        },
        { cause: error },
      );
    });
  }

  /** The caller owns the library (owner.ts): leftovers of a crash are swept away here. */
  static async open(directory: string, runtimeDirectory: string): Promise<Library> {
    await endOrphans(directory);
    await sweepUnborn(directory, runtimeDirectory);
    await sweepLibrary(directory);
    const records = await scanLibrary(directory);
    for (const record of records.values()) {
      // A directory that cannot be read or written is told of when it is used.
      if (record.kind === 'usable') await sweepDisks(record).catch(() => undefined);
    }
    return new Library(directory, records);
  }

  /** On its disk, as of the last second: all running VMs ask at the same moment. */
  async freeBytes(): Promise<number> {
    if (Date.now() - this.spaceAskedAt > spaceKeptMs) {
      this.spaceAskedAt = Date.now();
      this.space = freeBytes(this.directory);
    }
    return this.space;
  }

  list(): LibraryRecord[] {
    return [...this.records.values()];
  }

  /** Throws Fault `not-found`. */
  get(id: string): LibraryRecord {
    const record = this.records.get(id);
    if (record) return record;
    throw new Fault({
      code: 'not-found',
      message: 'This VM is not in the library any more.',
      remedy: 'It was deleted, perhaps in another window.',
      detail: id,
    });
  }

  /** Throws Fault `not-found`, `damaged`. */
  usable(id: string): UsableRecord {
    const record = this.get(id);
    if (record.kind === 'usable') return record;
    throw damagedFault(record);
  }

  /** Throws Fault `conflict` when a newer revision was saved. */
  atRevision(id: string, revision: number): UsableRecord {
    const record = this.usable(id);
    if (record.document.revision !== revision) throw conflict(record.document.definition.name);
    return record;
  }

  /**
   * Makes a VM in a directory that is not part of the library until it is whole.
   * `provision` fills it (disks, firmware) and settles the definition's files.
   * `unborn`: a crash takes it back until it is confirmed.
   */
  async create(
    definition: VmDefinition,
    provision: (directory: string, id: string) => Promise<NewDocument>,
    { unborn = false }: { unborn?: boolean } = {},
  ): Promise<UsableRecord> {
    const id = randomUUID();
    const unfinished = path.join(this.directory, `${unfinishedPrefix}${id}`);
    const directory = path.join(this.directory, id);
    try {
      if (unborn) await this.mark(id);
      await mkdir(unfinished, { mode: 0o700 });
      for (const name of [...clonedDirectories, logsDirectory]) {
        await mkdir(path.join(unfinished, name), { mode: 0o700 });
      }
      const document: VmDocument = {
        schemaVersion,
        revision: 1,
        createdAt: new Date().toISOString(),
        present: emptyPresent,
        base: null,
        resetTo: null,
        ...(await provision(unfinished, id)),
      };
      await atomicWrite(path.join(unfinished, documentFile), printDocument(document));
      await rename(unfinished, directory);
      await syncDirectory(this.directory);
      return this.keep({ kind: 'usable', id, directory, document });
    } catch (error) {
      for (const left of [unfinished, directory])
        await rm(left, { recursive: true, force: true }).catch(() => undefined);
      await this.unmark(id).catch(() => undefined);
      throw storageFault(error, `creating “${definition.name}”`, this.directory);
    }
  }

  /** It is not whole, and goes with its manager. */
  isUnborn(id: string): boolean {
    return this.unborn.has(id);
  }

  /** One that was made as `unborn` is whole. Throws Fault `library-unwritable`; then it is not. */
  async confirm(id: string): Promise<void> {
    await storing('noting that the VM is whole', this.directory, async () => {
      await this.unmark(id);
      await syncDirectory(this.directory);
    });
  }

  private async mark(id: string): Promise<void> {
    this.unborn.add(id);
    await writeFile(this.unbornMark(id), '', { mode: 0o600 });
  }

  private async unmark(id: string): Promise<void> {
    if (!this.unborn.has(id)) return;
    await rm(this.unbornMark(id), { force: true });
    this.unborn.delete(id);
  }

  private unbornMark(id: string): string {
    return path.join(this.directory, `${unbornPrefix}${id}`);
  }

  /**
   * Saves a changed definition. `revision`: the one the change began from; undefined: whatever is newest.
   * Throws Fault `conflict` when someone else saved first, `damaged` when the file on disk was damaged since.
   */
  edit(
    id: string,
    revision: number | undefined,
    change: (definition: VmDefinition) => VmDefinition,
  ): Promise<UsableRecord> {
    return this.inTurn(id, async () => {
      const { document } = revision === undefined ? this.usable(id) : this.atRevision(id, revision);
      return this.save(id, document, {
        ...document,
        revision: document.revision + 1,
        definition: change(document.definition),
      });
    });
  }

  /**
   * Notes where the VM is in its snapshot tree, and the definition that goes with it. No revision: nobody edits this,
   * and an edit that is under way in a window goes on, unless the definition is another one now.
   * `durable: false`: enough against the death of this process, for a moment in which the guest stands still.
   */
  place(
    id: string,
    change: (
      document: VmDocument,
    ) => Partial<Pick<VmDocument, 'definition' | 'present' | 'base' | 'resetTo'>>,
    { durable = true }: { durable?: boolean } = {},
  ): Promise<UsableRecord> {
    return this.inTurn(id, async () => {
      const { document } = this.usable(id);
      const next = { ...document, ...change(document) };
      const edited = JSON.stringify(next.definition) !== JSON.stringify(document.definition);
      return this.save(id, document, edited ? { ...next, revision: document.revision + 1 } : next, durable);
    });
  }

  private async save(id: string, known: VmDocument, next: VmDocument, durable = true): Promise<UsableRecord> {
    await this.refuseForeignChange(id, known);
    const directory = path.join(this.directory, id);
    await storing(`saving “${known.definition.name}”`, this.directory, () =>
      atomicWrite(path.join(directory, documentFile), printDocument(next), { durable }),
    );
    return this.keep({ kind: 'usable', id, directory, document: next });
  }

  /** Every file in the VM's directory, and what they take on disk. */
  async contents(id: string): Promise<{ directory: string; bytes: number; files: string[] }> {
    const { directory } = this.get(id);
    const files = await listTree(directory);
    return {
      directory,
      bytes: files.reduce((sum, file) => sum + file.allocatedBytes, 0),
      files: files.map((file) => file.path),
    };
  }

  /** To the system's trash where there is one, else for good. */
  delete(id: string, trash: ((directory: string) => Promise<void>) | undefined): Promise<void> {
    return this.inTurn(id, async () => {
      const { directory } = this.get(id);
      await storing('deleting the VM', this.directory, async () => {
        if (trash) await trash(directory);
        else await this.remove(id, directory);
        // A mark without a VM means nothing.
        await this.unmark(id).catch(() => undefined);
      });
      this.records.delete(id);
      this.turns.delete(id);
    });
  }

  /** Renamed first: a crash in the middle of removing must not leave half a VM. */
  private async remove(id: string, directory: string): Promise<void> {
    const doomed = path.join(this.directory, `${doomedPrefix}${id}`);
    await rename(directory, doomed);
    await syncDirectory(this.directory);
    // What remains of it is swept on the next start: to the user it is gone.
    await rm(doomed, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Someone may have changed or damaged the file by hand: it is never overwritten unseen. */
  private async refuseForeignChange(id: string, known: VmDocument): Promise<void> {
    const onDisk = await readRecord(this.directory, id);
    if (onDisk.kind === 'damaged') {
      this.records.set(id, onDisk);
      throw damagedFault(onDisk);
    }
    if (printDocument(onDisk.document) === printDocument(known)) return;
    this.records.set(id, onDisk);
    throw conflict(known.definition.name);
  }

  private keep(record: UsableRecord): UsableRecord {
    this.records.set(record.id, record);
    return record;
  }

  private inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = this.turns.get(id) ?? createSerial();
    this.turns.set(id, turn);
    return turn(work);
  }
}

function conflict(name: string): Fault {
  return new Fault({
    code: 'conflict',
    message: `“${name}” was changed elsewhere after you began to edit it. Nothing was saved.`,
    remedy: 'Look at the newest settings, then make your change again.',
  });
}

function damagedFault(record: Extract<LibraryRecord, { kind: 'damaged' }>): Fault {
  return new Fault({
    code: 'damaged',
    message: record.reason,
    remedy: `Armoire leaves the file as it is. Repair ${record.file} or restore it from a backup, then start Armoire again.`,
    detail: record.file,
  });
}
