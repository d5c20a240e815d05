// One viewer of a console: replays from an offset, then follows, never more than a window ahead of it.
import {
  type ConsoleFromMain,
  type ConsoleToMain,
  consoleToMain,
  consoleWindowBytes,
} from '../contract/console.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { ConsoleStore } from './console-store.ts';

/** Small enough that four are under way in a window, large enough to cost little each. */
const frameBytes = 128 * 1024;

/** At an offset, or so many bytes before the end; neither: at the oldest byte kept. */
export interface ViewerStart {
  from?: number | undefined;
  tail?: number | undefined;
}

export interface ViewerOptions {
  channel: ByteChannel;
  store: ConsoleStore;
  where: ViewerStart;
  /** Gets what the user typed; returns why not, when it cannot be delivered. */
  onInput(bytes: Uint8Array): string | undefined;
  onClose(): void;
}

export class ConsoleViewer {
  private readonly channel: ByteChannel;
  private readonly store: ConsoleStore;
  private readonly where: ViewerStart;
  private readonly onInput: ViewerOptions['onInput'];
  private offset: number | undefined;
  private unacknowledged = 0;
  private readonly early: ConsoleFromMain[] = [];
  private toldLive = false;
  /** A whole window is under way: an acknowledgement lets it go on. */
  private full = false;
  private cleared = false;
  private pumping = false;
  private again = false;
  private closed = false;

  constructor(options: ViewerOptions) {
    this.channel = options.channel;
    this.store = options.store;
    this.where = options.where;
    this.onInput = options.onInput;
    this.channel.onFrame((frame) => this.receive(frame));
    this.channel.onClose(() => {
      this.closed = true;
      options.onClose();
    });
    this.pump();
  }

  /** There may be more to send. */
  pump(): void {
    this.again = true;
    if (!this.pumping) void this.run();
  }

  /** All output so far was forgotten, also what this viewer has been sent. */
  forget(): void {
    this.cleared = this.offset !== undefined;
    this.pump();
  }

  /** Keys that were taken and will not arrive, such as when the VM ended. */
  refuseInput(reason: string): void {
    const message: ConsoleFromMain = { type: 'input-refused', reason };
    // The first message tells where the bytes begin; nothing goes before it.
    if (this.offset === undefined) this.early.push(message);
    else this.tell(message);
  }

  close(): void {
    this.channel.close();
  }

  private async run(): Promise<void> {
    this.pumping = true;
    try {
      while (this.again && !this.closed) {
        this.again = false;
        await this.sendAll();
      }
    } catch {
      // The log cannot be read any more (deleted with its VM, a broken disk): the viewer reconnects or is told so.
      this.channel.close();
    } finally {
      this.pumping = false;
    }
  }

  private async sendAll(): Promise<void> {
    if (this.offset === undefined) await this.begin();
    while (!this.closed && this.offset !== undefined) {
      if (this.cleared) {
        this.cleared = false;
        this.jump(this.store.start, 'cleared');
      }
      const room = consoleWindowBytes - this.unacknowledged;
      this.full = room <= 0;
      if (this.full) return;
      const more = await this.sendFrame(this.offset, Math.min(room, frameBytes));
      if (!more) break;
    }
    if (!this.toldLive) {
      this.toldLive = true;
      this.tell({ type: 'live' });
    }
  }

  /**
   * False when the viewer is up to date. A frame that was not filled is enough to tell: reading on until nothing is
   * found would send a guest's output byte by byte while it prints.
   */
  private async sendFrame(offset: number, limit: number): Promise<boolean> {
    const bytes = await this.store.read(offset, limit);
    if (bytes === 'gone') {
      this.jump(this.store.start, this.store.state.gone);
      return true;
    }
    const { base } = this.store.state;
    if (bytes.length > 0) {
      this.offset = offset + bytes.length;
      this.unacknowledged += bytes.length;
      this.channel.send(bytes);
    } else if (offset < base) {
      this.jump(base, 'dropped'); // the older file is shorter than it was
    }
    return bytes.length === limit || offset < base;
  }

  private async begin(): Promise<void> {
    const { start, state } = this.store;
    const end = await this.store.end();
    const wanted = this.beginAt(start, end);
    this.jump(Math.max(wanted, start), wanted < start ? state.gone : 'open');
    for (const message of this.early.splice(0)) this.tell(message);
  }

  private beginAt(start: number, end: number): number {
    const { from, tail } = this.where;
    if (tail !== undefined) return Math.max(start, end - tail);
    // An offset after the end was not seen from this log.
    return from === undefined || from > end ? start : from;
  }

  private jump(offset: number, because: 'open' | 'dropped' | 'cleared'): void {
    this.offset = offset;
    this.toldLive = false;
    this.tell({ type: 'at', offset, because, oldest: this.store.start });
  }

  private receive(frame: Uint8Array | string): void {
    if (typeof frame !== 'string') {
      const refused = this.onInput(frame);
      if (refused !== undefined) this.refuseInput(refused);
      return;
    }
    const message = parseMessage(frame);
    if (!message) {
      this.channel.close();
      return;
    }
    this.unacknowledged = Math.max(0, this.unacknowledged - message.bytes);
    if (this.full) this.pump();
  }

  private tell(message: ConsoleFromMain): void {
    this.channel.send(JSON.stringify(message));
  }
}

function parseMessage(text: string): ConsoleToMain | undefined {
  try {
    return consoleToMain.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
