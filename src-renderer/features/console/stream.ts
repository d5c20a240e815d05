// The viewer's half of the console protocol as a pure state machine: frames in, effects on the terminal out.
import type { ConsoleFromMain } from '../../../src-main/contract/console.ts';

export type StreamPhase = 'connecting' | 'replaying' | 'live' | 'reconnecting';

export interface StreamState {
  readonly phase: StreamPhase;
  /** Offset of the next byte expected; null until the first `at`. */
  readonly next: number | null;
  /** Offset of the first byte shown; null until the first `at`. */
  readonly first: number | null;
  /** Oldest byte that main still keeps, as last told. */
  readonly oldest: number;
  /** A tail begins anywhere: what comes before the first line break is left out. */
  readonly skipping: boolean;
}

export type StreamEffect =
  /** `bytes` belong on the screen; `acknowledge` counts the whole frame, also the part left out. */
  | { type: 'write'; bytes: Uint8Array; acknowledge: number }
  /** Empty the screen and the scrollback: what follows is a new beginning. */
  | { type: 'reset'; because: 'open' | 'cleared' }
  /** Bytes between the last one shown and the next one are gone for good. */
  | { type: 'gap'; bytes: number }
  /** From here on the guest is being watched live: its questions to the terminal may be answered. */
  | { type: 'live' }
  /** From here on old bytes follow, whose questions were asked long ago. */
  | { type: 'replay' }
  | { type: 'refused'; reason: string };

export const initialStream: StreamState = {
  phase: 'connecting',
  next: null,
  first: null,
  oldest: 0,
  skipping: false,
};

export interface StreamStep {
  readonly state: StreamState;
  readonly effects: readonly StreamEffect[];
}

const lineFeed = 0x0a;
/** A serial console's lines are shorter; a longer run without a break is shown as it is. */
const longestSkip = 4096;

export function receiveBytes(state: StreamState, bytes: Uint8Array): StreamStep {
  const next = (state.next ?? 0) + bytes.length;
  if (!state.skipping) {
    return {
      state: { ...state, next },
      effects: [{ type: 'write', bytes, acknowledge: bytes.length }],
    };
  }
  const lineEnd = bytes.subarray(0, longestSkip).indexOf(lineFeed);
  const from = lineEnd === -1 ? 0 : lineEnd + 1;
  return {
    state: { ...state, next, first: (state.first ?? 0) + from, skipping: false },
    effects: [{ type: 'write', bytes: bytes.subarray(from), acknowledge: bytes.length }],
  };
}

export function receiveText(state: StreamState, frame: ConsoleFromMain): StreamStep {
  switch (frame.type) {
    case 'at':
      return receiveAt(state, frame);
    case 'live':
      return { state: { ...state, phase: 'live' }, effects: [{ type: 'live' }] };
    case 'input-refused':
      return { state, effects: [{ type: 'refused', reason: frame.reason }] };
  }
}

function receiveAt(state: StreamState, at: Extract<ConsoleFromMain, { type: 'at' }>): StreamStep {
  const oldest = at.oldest ?? Math.min(state.oldest, at.offset);
  const continued = state.next !== null && at.because !== 'cleared' && at.offset >= state.next;
  if (continued) {
    const missing = at.offset - (state.next ?? at.offset);
    const gap: StreamEffect[] = missing > 0 ? [{ type: 'gap', bytes: missing }] : [];
    return {
      state: { ...state, phase: 'replaying', next: at.offset, oldest },
      effects: [{ type: 'replay' }, ...gap],
    };
  }
  return {
    state: {
      phase: 'replaying',
      next: at.offset,
      first: at.offset,
      oldest,
      skipping: at.offset > oldest,
    },
    effects: [{ type: 'replay' }, { type: 'reset', because: at.because === 'cleared' ? 'cleared' : 'open' }],
  };
}

/** The channel is gone; the next one is opened at `next`. */
export function disconnected(state: StreamState): StreamState {
  return { ...state, phase: state.next === null ? 'connecting' : 'reconnecting' };
}

/** Bytes that main keeps and this viewer does not show. */
export function earlierBytes(state: StreamState): number {
  return state.first === null ? 0 : Math.max(0, state.first - state.oldest);
}
