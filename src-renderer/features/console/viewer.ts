// One live view of a console: a terminal and the session that feeds it, put together and taken apart as one.
import { openBytes } from '../../client/byte-channel.ts';
import { client } from '../../client/client.ts';
import { connection, reconnectNow } from '../../client/connection.ts';
import { faultOf } from '../../client/faults.ts';
import { type Candidacy, standForAnswerer } from './answerer.ts';
import { type ConsoleSession, type ConsoleStatus, startSession } from './session.ts';
import { createTerminal, type GuestTerminal, type TerminalOptions } from './terminal.ts';

export interface ViewerOptions
  extends Pick<
    TerminalOptions,
    'fontSize' | 'theme' | 'screenReader' | 'mac' | 'onShortcut' | 'onPaste' | 'onLink'
  > {
  vmId: string;
  console: string;
  onStatus(status: ConsoleStatus): void;
}

export interface Viewer {
  readonly guest: GuestTerminal;
  readonly session: ConsoleSession;
  /** Shows `times` as much of the past as before. */
  loadEarlier(times: number): void;
  /** Does not wait for the next attempt, neither of the page nor of this console. */
  retry(): void;
  dispose(): void;
}

/** About as many bytes as the scrollback has room for. */
const firstTail = 4 * 1024 * 1024;
const firstScrollback = 50_000;
/** 12 bytes per cell: more lines than this would take hundreds of MiB; the saved log has them all. */
const mostScrollback = 400_000;

export function createViewer(container: HTMLElement, options: ViewerOptions): Viewer {
  const { vmId, console } = options;
  const candidacy: Candidacy = standForAnswerer(`console ${vmId} ${console}`, navigator.locks, () =>
    document.hasFocus(),
  );
  const guest = createTerminal(container, {
    ...options,
    scrollback: firstScrollback,
    mayAnswer: candidacy.elected,
    onInput: (data) => {
      session.type(data);
    },
  });
  const claim = () => candidacy.claim();
  guest.terminal.textarea?.addEventListener('focus', claim);

  const session = startSession({
    tail: firstTail,
    open: async (position) =>
      openBytes((await client.console.open({ id: vmId, console, ...position })).ticket),
    screen: guest.screen,
    explain: (error) => {
      const fault = faultOf(error);
      return { message: fault.message, final: fault.code === 'not-found' };
    },
    onStatus: options.onStatus,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });

  // Back at once when the page's connection is, instead of at the end of the wait.
  const unsubscribe = connection.subscribe((now, before) => {
    if (now.status === 'connected' && before.status !== 'connected') session.retry();
  });

  let tail = firstTail;
  return {
    guest,
    session,
    loadEarlier(times) {
      tail *= times;
      guest.terminal.options.scrollback = Math.min(mostScrollback, (firstScrollback * tail) / firstTail);
      session.reload(tail);
    },
    retry() {
      reconnectNow();
      session.retry();
    },
    dispose() {
      unsubscribe();
      session.close();
      candidacy.withdraw();
      guest.terminal.textarea?.removeEventListener('focus', claim);
      guest.dispose();
    },
  };
}
