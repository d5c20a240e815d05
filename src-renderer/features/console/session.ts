// Keeps one viewer joined to its console: opens the channel, feeds the screen, acknowledges, comes back by itself.
import { type ConsoleToMain, consoleFromMain } from '../../../src-main/contract/console.ts';
import {
  disconnected,
  earlierBytes,
  initialStream,
  receiveBytes,
  receiveText,
  type StreamEffect,
  type StreamPhase,
  type StreamState,
  type StreamStep,
} from './stream.ts';

/** What of a byte channel a session needs. */
export interface ConsoleChannel {
  send(frame: Uint8Array | string): void;
  onFrame(listener: (frame: Uint8Array | string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export type OpenPosition = { from: number } | { tail: number } | Record<string, never>;

/** The screen as the session sees it; `shown` is called once the terminal has parsed the bytes. */
export interface ConsoleScreen {
  write(bytes: Uint8Array, shown: () => void): void;
  reset(because: 'open' | 'cleared'): void;
  gap(bytes: number): void;
  /** Old bytes follow (true), or live ones (false); takes effect in the order of the writes. */
  replaying(value: boolean): void;
}

export interface ConsoleStatus {
  readonly phase: StreamPhase | 'failed';
  /** Bytes kept by main before the first one shown. */
  readonly earlier: number;
  /** Why keys did not arrive, and a number that grows with each refusal. */
  readonly refusal: { readonly reason: string; readonly count: number } | null;
  /** Why the console cannot be opened; set with `failed` and while reconnecting. */
  readonly failure: string | null;
}

export interface SessionOptions {
  open(position: OpenPosition): Promise<ConsoleChannel>;
  screen: ConsoleScreen;
  /** Bytes before the end to begin with. */
  tail: number;
  /** One sentence for a failed open, and whether trying again can help. */
  explain(error: unknown): { message: string; final: boolean };
  onStatus(status: ConsoleStatus): void;
  later(run: () => void, ms: number): () => void;
}

export interface ConsoleSession {
  /** Bytes for the UART, in UTF-8. False when there is no channel to send them by. */
  type(data: string | Uint8Array): boolean;
  /** Starts over with more (or less) of the past: everything from `tail` bytes before the end. */
  reload(tail: number): void;
  retry(): void;
  /** Offset of the next byte expected; null before the first answer. */
  offset(): number | null;
  close(): void;
}

const waits = [200, 500, 1000, 2000, 5000] as const;
/** One acknowledgement for many small frames; far below the window that main allows. */
const acknowledgeAt = 32 * 1024;

export function startSession(options: SessionOptions): ConsoleSession {
  let state: StreamState = initialStream;
  let tail = options.tail;
  let channel: ConsoleChannel | null = null;
  let attempt = 0;
  /** Grows with each channel: what belongs to an older one is ignored. */
  let generation = 0;
  let cancelRetry = () => {};
  let failure: ConsoleStatus['failure'] = null;
  let failed = false;
  let refusal: ConsoleStatus['refusal'] = null;
  let told: ConsoleStatus | null = null;

  const tell = () => {
    const status: ConsoleStatus = {
      phase: failed ? 'failed' : state.phase,
      earlier: earlierBytes(state),
      refusal,
      failure,
    };
    if (told !== null && sameStatus(told, status)) return;
    told = status;
    options.onStatus(status);
  };

  const connect = async () => {
    generation += 1;
    const mine = generation;
    const position = state.next === null ? { tail } : { from: state.next };
    let opened: ConsoleChannel;
    try {
      opened = await options.open(position);
    } catch (error) {
      if (mine === generation) lost(error);
      return;
    }
    if (mine !== generation) {
      opened.close();
      return;
    }
    channel = opened;
    const acknowledge = acknowledger((bytes) => {
      if (mine !== generation) return;
      const frame: ConsoleToMain = { type: 'ack', bytes };
      opened.send(JSON.stringify(frame));
    });
    opened.onFrame((frame) => {
      if (mine === generation) receive(frame, acknowledge);
    });
    opened.onClose(() => {
      if (mine === generation) lost(null);
    });
  };

  const lost = (error: unknown) => {
    channel = null;
    generation += 1;
    state = disconnected(state);
    const explained = error === null ? null : options.explain(error);
    failure = explained?.message ?? null;
    failed = explained?.final ?? false;
    if (!failed) {
      const wait = waits[Math.min(attempt, waits.length - 1)] ?? 5000;
      attempt += 1;
      cancelRetry = options.later(connect, wait);
    }
    tell();
  };

  const receive = (frame: Uint8Array | string, acknowledge: Acknowledger) => {
    const step = readFrame(state, frame);
    if (step === undefined) {
      channel?.close();
      lost(new Error('What came is not of the console protocol.'));
      return;
    }
    state = step.state;
    failure = null;
    attempt = 0;
    for (const effect of step.effects) perform(effect, acknowledge);
    tell();
  };

  const perform = (effect: StreamEffect, acknowledge: Acknowledger) => {
    const { screen } = options;
    switch (effect.type) {
      case 'write': {
        const shown = acknowledge.expect(effect.acknowledge);
        screen.write(effect.bytes, shown);
        return;
      }
      case 'reset':
        screen.reset(effect.because);
        return;
      case 'gap':
        screen.gap(effect.bytes);
        return;
      case 'replay':
        screen.replaying(true);
        return;
      case 'live':
        screen.replaying(false);
        return;
      case 'refused':
        refusal = { reason: effect.reason, count: (refusal?.count ?? 0) + 1 };
        return;
    }
  };

  const leave = () => {
    generation += 1;
    cancelRetry();
    channel?.close();
    channel = null;
  };

  tell();
  void connect();
  const encoder = new TextEncoder();

  return {
    type(data) {
      if (channel === null) return false;
      channel.send(typeof data === 'string' ? encoder.encode(data) : data);
      return true;
    },
    reload(newTail) {
      leave();
      tail = newTail;
      state = initialStream;
      failed = false;
      attempt = 0;
      tell();
      void connect();
    },
    retry() {
      leave();
      if (state.phase === 'live' || state.phase === 'replaying') state = disconnected(state);
      failed = false;
      tell();
      void connect();
    },
    offset: () => state.next,
    close: leave,
  };
}

/** Undefined for a text frame that the protocol does not have. */
function readFrame(state: StreamState, frame: Uint8Array | string): StreamStep | undefined {
  if (typeof frame !== 'string') return receiveBytes(state, frame);
  const parsed = consoleFromMain.safeParse(parseJson(frame));
  return parsed.success ? receiveText(state, parsed.data) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Acknowledger {
  /** Notes bytes given to the screen; the function it returns tells that they were parsed. */
  expect(bytes: number): () => void;
}

function acknowledger(send: (bytes: number) => void): Acknowledger {
  let underWay = 0;
  let parsed = 0;
  return {
    expect(bytes) {
      underWay += bytes;
      return () => {
        underWay -= bytes;
        parsed += bytes;
        if (parsed < acknowledgeAt && underWay > 0) return;
        const count = parsed;
        parsed = 0;
        send(count);
      };
    },
  };
}

function sameStatus(a: ConsoleStatus, b: ConsoleStatus): boolean {
  return a.phase === b.phase && a.earlier === b.earlier && a.refusal === b.refusal && a.failure === b.failure;
}
