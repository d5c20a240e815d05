// One VM of the library and what is known of its life: the state that verbs change and views show.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { HostFacts } from '../boards/accelerator.ts';
import type { Disk, VmDefinition } from '../contract/definition.ts';
import type { FaultData } from '../contract/fault.ts';
import type { Settings } from '../contract/host.ts';
import { allowedActions, type VmAction, type VmExit, type VmState } from '../contract/vm.ts';
import { createSerial } from '../lib/serial.ts';
import type { QemuFinder } from '../qemu/locate.ts';
import { Console } from './console.ts';
import type { Jobs } from './jobs.ts';
import type { Library } from './library.ts';
import type { LibraryRecord } from './library-scan.ts';
import { LiveRun } from './live-run.ts';
import { logsDirectory } from './names.ts';
import { type ProcessOf, type RunRecord, removeRunRecord, writeRunRecord } from './run-record.ts';
import type { SavedState } from './saved-state.ts';
import type { OperationStep } from './snapshots/journal.ts';
import { chainsOf, diskImages, type LayerImage, type Tree, type TreeNode } from './snapshots/layers.ts';
import { SnapshotStore } from './snapshots/store.ts';
import { storing } from './storage-fault.ts';
import { VmLog } from './vm-log.ts';
import { beingHandled, needsRest, wrongState } from './wrong-state.ts';

export interface MachineContext {
  library: Library;
  settings: () => Settings;
  /** The parent of every VM's runtime directory. */
  runtimeDirectory: string;
  resourcesDirectory: string;
  finder: QemuFinder;
  host: HostFacts;
  jobs: Jobs;
  /** Told of every step of an operation on snapshots, before the next one begins. */
  onStep?: ((machine: Machine, step: OperationStep) => void | Promise<void>) | undefined;
  /** Every VM: whose ports and disks are in use. */
  machines: () => readonly Machine[];
  /** The machine's view may be another one now. */
  changed: (machine: Machine) => void;
  /** The process may still run, and nobody is connected to it. */
  lost: (machine: Machine) => Promise<void>;
}

export type Phase =
  | { kind: 'off' }
  /** `settled`: it runs, or the attempt is cleared away. */
  | { kind: 'starting'; cancel: AbortController; settled: Promise<void> }
  | { kind: 'live'; run: LiveRun }
  /** `proven`: the process is this VM's for certain, and only does not answer. */
  | { kind: 'unknown'; fault: FaultData; proven: ProcessOf | null };

export class Machine {
  readonly id: string;
  readonly context: MachineContext;
  readonly log: VmLog;
  readonly snapshots: SnapshotStore;
  /** Its memory is on disk: when that was saved. */
  saved: SavedState | undefined;
  lastExit: VmExit | undefined;
  /** A note says that something is half done with its snapshots. */
  unfinished = false;
  /** A look for a QEMU that is under way; one at a time, since QEMU talks to one at a time. */
  adoption: Promise<void> | undefined;
  private current: Phase = { kind: 'off' };
  private readonly consoles = new Map<string, Promise<Console>>();
  private readonly noting = createSerial();
  private readonly background = new Set<Promise<void>>();
  private readonly editing = createSerial();
  private held = false;
  private afterHold: (() => Promise<void>) | undefined;
  private upkeep: Promise<void> | undefined;

  constructor(id: string, context: MachineContext) {
    this.id = id;
    this.context = context;
    this.log = new VmLog(this.directory);
    this.snapshots = new SnapshotStore(this.directory);
  }

  get phase(): Phase {
    return this.current;
  }

  get record(): LibraryRecord {
    return this.context.library.get(this.id);
  }

  get directory(): string {
    return path.join(this.context.library.directory, this.id);
  }

  get runtimeDirectory(): string {
    return path.join(this.context.runtimeDirectory, this.id);
  }

  get state(): VmState {
    return stateOf(this);
  }

  /** The snapshot tree, for who looks for the images of a disk. Throws Fault `damaged`. */
  get tree(): Tree {
    const { library } = this.context;
    return {
      libraryDirectory: library.directory,
      vmId: this.id,
      base: library.usable(this.id).document.base,
      manifests: this.snapshots.manifests,
    };
  }

  /** By disk id: the images of a node's disks that are more than their definition's file; left out: the present's. */
  layers(node?: TreeNode & { definition: VmDefinition }): Record<string, LayerImage[]> {
    const { document } = this.context.library.usable(this.id);
    const { definition, ...at } = node ?? { definition: document.definition, ...document.present };
    return Object.fromEntries(chainsOf(this.tree, at, definition));
  }

  /** The image that the present writes to. */
  activeImage(disk: Disk): string {
    const { present } = this.context.library.usable(this.id).document;
    return diskImages(this.tree, present, disk)[0]?.path ?? '';
  }

  async reached(step: OperationStep): Promise<void> {
    await this.context.onStep?.(this, step);
  }

  enter(phase: Phase): void {
    this.current = phase;
    this.context.changed(this);
  }

  changed(): void {
    this.context.changed(this);
  }

  /** Throws Fault `wrong-state`. */
  require(action: VmAction): void {
    const { state } = this;
    if (!allowedActions[state].includes(action)) throw wrongState(state, action);
    if (this.held && needsRest.includes(action)) throw beingHandled(action);
  }

  /** For a verb that takes its time over the files of a VM at rest: until it is through, none of its kind begins. */
  async atRest<T>(action: VmAction, work: () => Promise<T>): Promise<T> {
    await this.upkept();
    this.require(action);
    return this.alone(work);
  }

  /** As `atRest`, in any state. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.held) throw beingHandled('edit');
    this.held = true;
    try {
      return await storing('this', this.directory, work);
    } finally {
      this.held = false;
      if (this.afterHold) this.keepUp(this.afterHold);
    }
  }

  /**
   * For who reads the files of a snapshot, whatever becomes of the VM: until `work` is through it is neither merged nor
   * removed. Throws Fault `wrong-state` when that is just being done.
   */
  async whileRead<T>(snapshot: string, work: () => Promise<T>): Promise<T> {
    await this.upkept();
    if (this.held) throw beingHandled('clone');
    return this.snapshots.whileRead(snapshot, work);
  }

  /** Work over the files of a VM at rest that nobody asked for: it waits for the verb that has them, and the next for it. */
  keepUp(work: () => Promise<void>): void {
    this.afterHold = this.held ? work : undefined;
    if (this.held) return;
    const before = this.upkeep;
    const next = this.inBackground(Promise.resolve(before).then(work));
    this.upkeep = next;
    void next.finally(() => {
      if (this.upkeep === next) this.upkeep = undefined;
    });
  }

  async upkept(): Promise<void> {
    await this.upkeep;
  }

  /** Edits one after the other: each begins from what the one before has saved and forwarded. */
  edit(work: () => Promise<void>): Promise<void> {
    return this.editing(work);
  }

  /** The run that a verb works on. Throws Fault `wrong-state`. */
  requireLive(action: VmAction): LiveRun {
    this.require(action);
    if (this.current.kind === 'live') return this.current.run;
    throw wrongState(this.state, action);
  }

  /** Consoles keep their viewers over all starts, so each is opened once and kept. */
  console(id: string): Promise<Console> {
    let opened = this.consoles.get(id);
    if (!opened) {
      opened = Console.open(path.join(this.directory, logsDirectory), id);
      this.consoles.set(id, opened);
      opened.catch(() => this.consoles.delete(id));
    }
    return opened;
  }

  /** No QEMU reads what is typed any more. */
  async disconnectConsoles(): Promise<void> {
    const opened = await Promise.allSettled(this.consoles.values());
    await Promise.all(opened.map((result) => result.status === 'fulfilled' && result.value.disconnect()));
  }

  /**
   * Notes what runs, or how it ended. One after the other, so that a late note never replaces a newer one; what a
   * run has to say is asked for in its turn, and a run that is over says nothing any more.
   */
  noteRun(what: RunRecord | LiveRun | null): Promise<void> {
    return this.noting(async () => {
      if (what === null) return removeRunRecord(this.directory);
      if (!(what instanceof LiveRun)) return writeRunRecord(this.directory, what);
      if (!what.isOver) await writeRunRecord(this.directory, what.record);
    });
  }

  /** Work that nobody waits for: what goes wrong in it is noted, and `release` waits for it. */
  inBackground(work: Promise<void>): Promise<void> {
    const settled = work
      .catch((error: unknown) => this.log.note(`Something went wrong: ${error}`))
      .finally(() => this.background.delete(settled));
    this.background.add(settled);
    return settled;
  }

  /** Viewers are let go of; a running QEMU is left alone. What is under way comes to its end first. */
  async release(): Promise<void> {
    while (this.background.size > 0) await Promise.all(this.background);
    if (this.current.kind === 'live') this.current.run.release();
    const opened = await Promise.allSettled(this.consoles.values());
    this.consoles.clear();
    await Promise.all(opened.map((result) => result.status === 'fulfilled' && result.value.close()));
  }

  /** Sockets and pipes of a VM that is gone. */
  async clearRuntime(): Promise<void> {
    await rm(this.runtimeDirectory, { recursive: true, force: true });
  }
}

function stateOf({ phase, record, lastExit, saved }: Machine): VmState {
  switch (phase.kind) {
    case 'starting':
      return 'starting';
    case 'unknown':
      return 'unknown';
    case 'live':
      // It runs, and what it is cannot be read: it can be ended, nothing else.
      if (record.kind === 'damaged') return 'unknown';
      if (phase.run.status === 'paused') return 'paused';
      return phase.run.record.shutdownRequestedAt === undefined ? 'running' : 'stopping';
    case 'off':
      if (record.kind === 'damaged') return 'damaged';
      if (saved) return 'saved';
      return lastExit?.kind === 'crashed' ? 'crashed' : 'stopped';
  }
}
