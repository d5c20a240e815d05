// The snapshots of one VM as they are known in memory: read once, changed only here.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../contract/fault.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { Feed } from '../../lib/feed.ts';
import { createSerial } from '../../lib/serial.ts';
import { snapshotDirectory, snapshotsDirectory } from '../names.ts';
import { storing } from '../storage-fault.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';

type ManifestChange = Partial<Omit<Manifest, 'id' | 'schemaVersion'>>;

export class SnapshotStore {
  /** Told after every change. */
  readonly changes = new Feed<'changed'>();
  /** Directories whose manifest cannot be read: kept, shown, never overwritten. */
  readonly damaged = new Set<string>();
  private readonly vmDirectory: string;
  private readonly known = new Map<string, Manifest>();
  private readonly readers: string[] = [];
  private readonly inTurn = createSerial();

  constructor(vmDirectory: string) {
    this.vmDirectory = vmDirectory;
  }

  /** Also the hidden ones. */
  get manifests(): ReadonlyMap<string, Manifest> {
    return this.known;
  }

  /** What the user sees, oldest first. */
  get visible(): Manifest[] {
    return [...this.known.values()]
      .filter(({ hidden }) => !hidden)
      .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  }

  async load(): Promise<void> {
    const names = (await unlessMissing(readdir(path.join(this.vmDirectory, snapshotsDirectory)))) ?? [];
    for (const id of names) {
      const manifest = await readManifest(this.vmDirectory, id);
      if (manifest === 'damaged') this.damaged.add(id);
      else if (manifest) this.known.set(id, manifest);
    }
  }

  /** One that the user sees. Throws Fault `not-found`. */
  require(id: string): Manifest {
    const manifest = this.known.get(id);
    if (manifest && !manifest.hidden) return manifest;
    throw new Fault({
      code: 'not-found',
      message: 'This snapshot is not there any more.',
      remedy: 'It was deleted, perhaps in another window.',
      detail: id,
    });
  }

  /** Nodes that grew from it, hidden ones too; the present is not among them. */
  childrenOf(id: string): Manifest[] {
    return [...this.known.values()].filter(({ parent }) => parent === id);
  }

  /** Those whose files something else than their VM reads now: they stay as they are meanwhile. */
  get read(): ReadonlySet<string> {
    return new Set(this.readers);
  }

  async whileRead<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.readers.push(id);
    try {
      return await work();
    } finally {
      this.readers.splice(this.readers.indexOf(id), 1);
    }
  }

  /** A new one. Throws Fault `disk-full`, `library-unwritable`. */
  save(manifest: Manifest): Promise<void> {
    return this.inTurn(() => this.write(manifest));
  }

  /**
   * What is known of it in its turn, changed: no change undoes another. A function sees what is known then. Throws as
   * `save`, and Fault `not-found`.
   */
  change(id: string, change: ManifestChange | ((manifest: Manifest) => ManifestChange)): Promise<void> {
    return this.inTurn(() => {
      const manifest = this.known.get(id) ?? this.require(id);
      return this.write({ ...manifest, ...(typeof change === 'function' ? change(manifest) : change) });
    });
  }

  private async write(manifest: Manifest): Promise<void> {
    await storing('noting the snapshot', this.vmDirectory, () => writeManifest(this.vmDirectory, manifest));
    this.known.set(manifest.id, manifest);
    this.changes.publish('changed');
  }

  /** With everything in its directory. */
  remove(id: string): Promise<void> {
    return this.inTurn(async () => {
      await rm(path.join(this.vmDirectory, snapshotDirectory(id)), { recursive: true, force: true });
      this.known.delete(id);
      this.changes.publish('changed');
    });
  }
}
