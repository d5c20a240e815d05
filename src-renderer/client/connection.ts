// The one RPC connection of the page: made at start, made again whenever it is lost, its state for all to see.
import { createStore } from 'zustand/vanilla';
import { openLink, type RpcLink } from './link.ts';
import { retryDelayMs } from './retry-delay.ts';

export type ConnectionState =
  | { status: 'connecting'; attempt: number }
  | { status: 'connected' }
  /** Tries again at `retryAt` (ms since the epoch). */
  | { status: 'lost'; attempt: number; retryAt: number }
  /** The server answers, but does not know this browser (any more): only a new link from it helps. */
  | { status: 'refused' };

export const connection = createStore<ConnectionState>(() => ({ status: 'connecting', attempt: 0 }));

let current: RpcLink | undefined;
let attempt = 0;
let timer: number | undefined;
let started = false;

/** Starts the connection; called once, by the page's entry. */
export function connect(): void {
  if (started) return;
  started = true;
  window.addEventListener('online', reconnectNow);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') reconnectNow();
  });
  open();
}

/** Does not wait for the next attempt. Without effect while connected. */
export function reconnectNow(): void {
  if (connection.getState().status === 'lost') open();
}

/** The link to call over. Waits while an attempt is under way; throws when there is none. */
export async function currentLink(): Promise<RpcLink> {
  if (connection.getState().status === 'connecting') await settled();
  if (!current || connection.getState().status !== 'connected') throw new ConnectionLost();
  return current;
}

/** Resolves when the connection stands, at once if it does. */
export async function untilConnected(signal: AbortSignal): Promise<void> {
  await until((state) => state.status === 'connected', signal);
}

export class ConnectionLost extends Error {
  constructor() {
    super('There is no connection to Armoire.');
  }
}

function settled(): Promise<void> {
  return until((state) => state.status !== 'connecting');
}

function until(wanted: (state: ConnectionState) => boolean, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      unsubscribe();
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const unsubscribe = connection.subscribe((state) => {
      if (wanted(state)) stop();
    });
    signal?.addEventListener('abort', stop);
    if (wanted(connection.getState()) || signal?.aborted) stop();
  });
}

function open(): void {
  window.clearTimeout(timer);
  connection.setState({ status: 'connecting', attempt }, true);
  const link = openLink();
  current = link;
  link.onOpen(() => {
    if (current !== link) return;
    attempt = 0;
    connection.setState({ status: 'connected' }, true);
  });
  link.onClose(() => {
    if (current !== link) return;
    current = undefined;
    void retryLater();
  });
}

async function retryLater(): Promise<void> {
  const delay = retryDelayMs(attempt);
  attempt += 1;
  connection.setState({ status: 'lost', attempt, retryAt: Date.now() + delay }, true);
  timer = window.setTimeout(open, delay);
  if (attempt > 1 && (await isRefused()) && connection.getState().status !== 'connected') {
    window.clearTimeout(timer);
    current = undefined;
    connection.setState({ status: 'refused' }, true);
  }
}

/** A browser does not tell why a WebSocket failed; an ordinary request does. */
async function isRefused(): Promise<boolean> {
  if (window.armoire) return false;
  try {
    const response = await fetch('/', { method: 'HEAD', cache: 'no-store' });
    return response.status === 401 || response.status === 403;
  } catch {
    return false;
  }
}
