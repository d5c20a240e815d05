// A console's output on disk: the file that QEMU appends to, one older file, and where they begin.
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { atomicWrite } from '../lib/atomic-write.ts';
import { unlessMissing } from '../lib/errno.ts';
import { createSerial } from '../lib/serial.ts';
import { consoleLogFile, consoleOlderFile, consoleStateFile } from './names.ts';

const stateSchema = z.object({
  /** Offset of the first byte of the file that QEMU writes. */
  base: z.int().min(0),
  /** Offset of the first byte of the older file, which ends at `base`; null when there is none. */
  olderFrom: z.int().min(0).nullable(),
  /** Why what came before the oldest kept byte is gone. */
  gone: z.enum(['dropped', 'cleared']),
  /** A rotation under way, for whoever comes after a crash. `resume`: the guest was stopped for it. */
  pending: z
    .discriminatedUnion('stage', [
      /** The older file is being made; nothing was taken from QEMU's file. */
      z.object({ stage: z.literal('copying'), resume: z.boolean() }),
      /** The bytes before `upTo` in QEMU's file are safe elsewhere (from offset `from`), or are to be dropped. */
      z.object({
        stage: z.literal('truncating'),
        upTo: z.int(),
        from: z.int().nullable(),
        gone: z.enum(['dropped', 'cleared']),
        resume: z.boolean(),
      }),
      z.object({ stage: z.literal('resuming') }),
    ])
    .optional(),
});
export type ConsoleState = z.infer<typeof stateSchema>;

const fresh: ConsoleState = { base: 0, olderFrom: null, gone: 'dropped' };
const chunkBytes = 256 * 1024;

export class ConsoleStore {
  readonly consoleId: string;
  /** The file that QEMU appends to. */
  readonly liveFile: string;
  private readonly directory: string;
  private readonly inTurn = createSerial();
  private readonly scratch = Buffer.allocUnsafeSlow(chunkBytes);
  private current: ConsoleState;
  private live: FileHandle | undefined;
  private older: { from: number; handle: FileHandle } | undefined;
  private closed = false;

  private constructor(directory: string, consoleId: string, state: ConsoleState) {
    this.directory = directory;
    this.consoleId = consoleId;
    this.liveFile = path.join(directory, consoleLogFile(consoleId));
    this.current = state;
  }

  static async open(logsDirectory: string, consoleId: string): Promise<ConsoleStore> {
    const text = await unlessMissing(readFile(path.join(logsDirectory, consoleStateFile(consoleId)), 'utf8'));
    return new ConsoleStore(logsDirectory, consoleId, parseState(text));
  }

  get state(): ConsoleState {
    return this.current;
  }

  /** Offset of the oldest byte that can still be read. */
  get start(): number {
    return this.current.olderFrom ?? this.current.base;
  }

  olderFile(from: number): string {
    return path.join(this.directory, consoleOlderFile(this.consoleId, from));
  }

  /** Offset after the newest byte. */
  async end(): Promise<number> {
    return this.current.base + (await this.liveSize());
  }

  async liveSize(): Promise<number> {
    const handle = await this.openLive();
    return handle ? (await handle.stat()).size : 0;
  }

  /** Up to `limit` bytes from an offset, in memory of their own; empty at the end. `gone`: older than `start`. */
  read(offset: number, limit: number): Promise<Uint8Array | 'gone'> {
    return this.inTurn(async () => {
      const { base } = this.current;
      if (this.closed) return new Uint8Array(0);
      if (offset < this.start) return 'gone';
      const length = Math.min(limit, chunkBytes);
      if (offset < base) return this.readOlder(offset, Math.min(length, base - offset));
      const handle = await this.openLive();
      if (!handle) return new Uint8Array(0);
      const { bytesRead } = await handle.read(this.scratch, 0, length, offset - base);
      return new Uint8Array(this.scratch.subarray(0, bytesRead));
    });
  }

  /** No read sees the files while `work` moves bytes between them. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work);
  }

  /** Not durable where a stopped guest waits for it. */
  async save(state: ConsoleState, { durable }: { durable: boolean }): Promise<void> {
    const file = path.join(this.directory, consoleStateFile(this.consoleId));
    await atomicWrite(file, JSON.stringify(state), { durable });
    this.current = state;
  }

  /** Removes an older file that the state does not name any more. */
  async forgetOlder(from: number): Promise<void> {
    if (this.older?.from === from) {
      await this.older.handle.close();
      this.older = undefined;
    }
    await rm(this.olderFile(from), { force: true });
  }

  async close(): Promise<void> {
    await this.inTurn(async () => {
      this.closed = true;
      await this.live?.close();
      await this.older?.handle.close();
      this.live = undefined;
      this.older = undefined;
    });
  }

  private async readOlder(offset: number, length: number): Promise<Uint8Array> {
    const from = this.current.olderFrom ?? 0;
    if (this.older?.from !== from) {
      await this.older?.handle.close();
      this.older = { from, handle: await open(this.olderFile(from), 'r') };
    }
    const { bytesRead } = await this.older.handle.read(this.scratch, 0, length, offset - from);
    return new Uint8Array(this.scratch.subarray(0, bytesRead));
  }

  /** Kept open: QEMU's file is never replaced, only truncated. undefined until the VM's first start. */
  private async openLive(): Promise<FileHandle | undefined> {
    if (this.live || this.closed) return this.live;
    const opened = await unlessMissing(open(this.liveFile, 'r'));
    // Another caller may have been quicker, or the store been closed.
    if (this.live || this.closed) await opened?.close();
    else this.live = opened;
    return this.live;
  }
}

function parseState(text: string | undefined): ConsoleState {
  if (text === undefined) return fresh;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return fresh;
  }
}
