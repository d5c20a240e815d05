// One console of a VM, over all its starts: its log, its viewers, its keys.
import { statSync } from 'node:fs';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { Unsubscribe } from '../lib/feed.ts';
import { createSerial } from '../lib/serial.ts';
import type { ConsoleInput } from './console-input.ts';
import { clear, type GuestHold, recoverRotation, rotate } from './console-rotation.ts';
import { ConsoleStore } from './console-store.ts';
import { ConsoleTail } from './console-tail.ts';
import { ConsoleViewer, type ViewerStart } from './console-viewer.ts';

const notRunning = 'The VM is not running: what you type goes nowhere.';
const inputFull = 'The guest is not reading its input: what you typed did not fit any more and was dropped.';

export class Console {
  readonly id: string;
  readonly store: ConsoleStore;
  private readonly tail: ConsoleTail;
  private readonly viewers = new Map<ConsoleViewer, Unsubscribe>();
  private readonly maintenance = createSerial();
  private input: ConsoleInput | undefined;

  private constructor(id: string, store: ConsoleStore) {
    this.id = id;
    this.store = store;
    this.tail = new ConsoleTail(store.liveFile);
  }

  static async open(logsDirectory: string, id: string): Promise<Console> {
    return new Console(id, await ConsoleStore.open(logsDirectory, id));
  }

  /** Serves a viewer until its channel closes. */
  attach(channel: ByteChannel, where: ViewerStart): void {
    const viewer: ConsoleViewer = new ConsoleViewer({
      channel,
      store: this.store,
      where,
      onInput: (bytes) => this.type(bytes),
      onClose: () => {
        this.viewers.get(viewer)?.();
        this.viewers.delete(viewer);
      },
    });
    this.viewers.set(
      viewer,
      this.tail.subscribe(() => viewer.pump()),
    );
  }

  /** QEMU runs and has the log and the pipe open. */
  connect(input: ConsoleInput): void {
    const { input: earlier } = this;
    this.input = input;
    // Found again after its monitor was lost: the pipe was opened anew.
    void earlier?.close().catch(() => undefined);
    this.tail.poke();
  }

  /** QEMU is gone. What it wrote last is still sent. */
  async disconnect(): Promise<void> {
    const { input } = this;
    this.input = undefined;
    this.tail.poke();
    const lost = (await input?.close()) ?? 0;
    if (lost > 0) {
      for (const viewer of this.viewers.keys()) {
        viewer.refuseInput(`The VM ended before it had read the last ${lost} bytes that were typed.`);
      }
    }
  }

  /** Whether `keepBelow` would do anything. Quick: it is asked every few seconds of every console that runs. */
  outgrows(capBytes: number): boolean {
    const size = statSync(this.store.liveFile, { throwIfNoEntry: false })?.size ?? 0;
    return this.store.state.pending !== undefined || size > capBytes / 2;
  }

  /** Ends a rotation that was interrupted, then begins one when the log has reached half its cap. */
  keepBelow(capBytes: number, hold: () => GuestHold | null): Promise<void> {
    return this.maintenance(async () => {
      if (this.store.state.pending) await recoverRotation(this.store, hold());
      // The older file goes when this one takes its place: together they have reached the cap by then.
      if (!this.outgrows(capBytes)) return;
      await rotate(this.store, capBytes, hold());
      for (const viewer of this.viewers.keys()) viewer.pump();
    });
  }

  clear(hold: () => GuestHold | null): Promise<void> {
    return this.maintenance(async () => {
      if (this.store.state.pending) await recoverRotation(this.store, hold());
      await clear(this.store, hold());
      for (const viewer of this.viewers.keys()) viewer.forget();
    });
  }

  async close(): Promise<void> {
    for (const viewer of [...this.viewers.keys()]) viewer.close();
    await this.maintenance(async () => undefined);
    await this.input?.close();
    this.input = undefined;
    await this.store.close();
  }

  private type(bytes: Uint8Array): string | undefined {
    if (!this.input) return notRunning;
    return this.input.write(bytes) ? undefined : inputFull;
  }
}
