// A conversation over an opened console: what is typed arrives or is said not to, and a pattern is waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { Expectation } from './expectation.ts';
import { followConsole, lostConsole } from './follow-console.ts';

/** The guest's pipe takes what was typed at once, unless it is full. */
const deliveryMs = 100;
/** From QEMU's end until its output was read to the end. */
const lastWordsMs = 300;

/** `sent`: nothing was waited for. `down`: the VM ended before the pattern came. */
export type Outcome = 'sent' | 'seen' | 'timeout' | 'down';

export interface TalkOptions {
  /** The unfinished line that stands there counts too, as far as it comes after this offset (an earlier run's does not). */
  standingFrom: number | undefined;
  print(bytes: Uint8Array): void;
}

/** One conversation over an opened console. */
export class Talk {
  /** Everything older was sent; what comes now is new. */
  readonly live: Promise<void>;
  readonly output: Uint8Array[] = [];
  readonly awaited: Expectation;
  private readonly channel: ByteChannel;
  private readonly closed: Promise<void>;
  private refused: string | undefined;
  private ending = false;
  private seen: () => void = () => undefined;
  private readonly sight = new Promise<void>((resolve) => {
    this.seen = resolve;
  });
  private fail: (error: Fault) => void = () => undefined;
  private readonly failure: Promise<never>;

  constructor(channel: ByteChannel, awaited: Expectation, { standingFrom, print }: TalkOptions) {
    this.channel = channel;
    this.awaited = awaited;
    this.failure = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    // Whoever waits for it later is told; until then it is nobody's.
    this.failure.catch(() => undefined);
    const before: Uint8Array[] = [];
    let beforeFrom = 0;
    let isLive = false;
    const now = new Promise<void>((resolve) => {
      followConsole(channel, {
        take: async (bytes) => {
          if (!isLive) before.push(bytes);
          else this.hear(bytes, print);
        },
        onMessage: (message) => {
          if (message.type === 'at' && !isLive) {
            before.length = 0;
            beforeFrom = message.offset;
          }
          if (message.type === 'live' && !isLive) {
            isLive = true;
            if (standingFrom !== undefined)
              this.hear(
                lastLine(Buffer.concat(before).subarray(Math.max(0, standingFrom - beforeFrom))),
                print,
              );
            resolve();
          }
          if (message.type === 'input-refused') {
            this.refused = message.reason;
            this.fail(undelivered(message.reason));
          }
        },
      });
    });
    this.live = Promise.race([now, this.failure]);
    this.closed = new Promise((resolve) => {
      channel.onClose(() => {
        if (!this.ending) this.fail(lostConsole());
        resolve();
      });
    });
  }

  /** Nothing says that keys arrived; that they did not is said soon. */
  async delivered(): Promise<Outcome> {
    await Promise.race([sleep(deliveryMs), this.failure]);
    return 'sent';
  }

  /** `watch`: resolves when there is nothing left to wait for; its signal says that it may end. */
  async waitFor(watch: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
    const enough = new AbortController();
    const watched = watch(enough.signal);
    try {
      const first = await Promise.race([this.sight.then(() => 'seen' as const), watched, this.failure]);
      // The last words of a VM that went down may still be on their way.
      if (first === 'down') await Promise.race([this.sight, sleep(lastWordsMs)]);
      return this.awaited.match() ? 'seen' : first;
    } finally {
      enough.abort();
      await watched.catch(() => undefined);
    }
  }

  /** Closed in order: what was sent arrives before the end does. */
  async end(): Promise<void> {
    this.ending = true;
    this.channel.close();
    await this.closed;
    if (this.refused !== undefined) throw undelivered(this.refused);
  }

  private hear(bytes: Uint8Array, print: TalkOptions['print']): void {
    if (this.ending || bytes.length === 0) return;
    this.output.push(bytes);
    print(bytes);
    if (this.awaited.take(bytes)) this.seen();
  }
}

function lastLine(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.lastIndexOf('\n') + 1);
}

function undelivered(reason: string): Fault {
  return new Fault({
    code: 'wrong-state',
    message: `The keys were not delivered. ${reason}`,
    remedy: 'See "armoire list" for its state, and "armoire console" for what it does.',
  });
}
