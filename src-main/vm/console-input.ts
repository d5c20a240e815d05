// Keys on their way to a guest's UART: a pipe that holds little, and a queue for what it does not hold yet.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from '../lib/errno.ts';

/** A write of up to PIPE_BUF (POSIX: at least 512, Linux 4096) goes into a pipe whole or not at all. */
const pieceBytes = 512;
/** A paste larger than this at 115200 baud would take a quarter of an hour. */
export const queueLimitBytes = 8 * 1024 * 1024;
/** The pipe is full: the guest reads slowly. Doubled up to the longest while nothing moves. */
const shortestWaitMs = 4;
const longestWaitMs = 250;

export class ConsoleInput {
  private readonly pipe: FileHandle;
  private readonly queue: Uint8Array[] = [];
  private queuedBytes = 0;
  private waitMs = shortestWaitMs;
  private timer: NodeJS.Timeout | undefined;
  private writing = false;
  private closed = false;

  private constructor(pipe: FileHandle) {
    this.pipe = pipe;
  }

  /** Read-write, so that opening waits for nobody; non-blocking, so that a guest that does not read stops nobody. */
  static async open(path: string): Promise<ConsoleInput> {
    return new ConsoleInput(await open(path, constants.O_RDWR | constants.O_NONBLOCK));
  }

  /** For QEMU to inherit: with a writer of its own it never sees the end of its input. */
  get descriptor(): number {
    return this.pipe.fd;
  }

  /** False when the queue has no room for all of it: then none of it was taken. */
  write(bytes: Uint8Array): boolean {
    if (this.closed || this.queuedBytes + bytes.length > queueLimitBytes) return false;
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      this.queue.push(bytes.subarray(start, start + pieceBytes));
    }
    this.queuedBytes += bytes.length;
    void this.drain();
    return true;
  }

  /** Resolves to how many bytes never reached the guest. */
  async close(): Promise<number> {
    if (this.closed) return 0;
    this.closed = true;
    clearTimeout(this.timer);
    await this.pipe.close();
    return this.queuedBytes;
  }

  private async drain(): Promise<void> {
    if (this.writing || this.timer !== undefined) return;
    this.writing = true;
    try {
      for (let piece = this.queue[0]; piece && !this.closed; piece = this.queue[0]) {
        const { bytesWritten } = await this.pipe.write(piece);
        this.taken(piece, bytesWritten);
      }
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') this.wait();
      else if (!this.closed) await this.close();
    } finally {
      this.writing = false;
    }
  }

  private taken(piece: Uint8Array, count: number): void {
    this.queuedBytes -= count;
    this.waitMs = shortestWaitMs;
    if (count === piece.length) this.queue.shift();
    else this.queue[0] = piece.subarray(count);
  }

  private wait(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.drain();
    }, this.waitMs);
    this.timer.unref();
    this.waitMs = Math.min(this.waitMs * 2, longestWaitMs);
  }
}
