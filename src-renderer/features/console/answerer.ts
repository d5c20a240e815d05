// Elects, among the viewers of one UART in this browser or app, the one whose terminal answers the guest's questions.

/**
 * Every viewer's xterm.js would answer `CSI c` and the like, and a guest that asked once would get the answer
 * several times: what it does not expect ends up at the shell's prompt. The Web Lock of the console's name makes
 * one of them the answerer; the one a person turns to takes it over.
 */
export interface Candidacy {
  elected(): boolean;
  /** This viewer has been turned to. */
  claim(): void;
  withdraw(): void;
}

type Locks = Pick<LockManager, 'request'>;

/** `locks` is undefined where the page is not a secure context: there the window with the focus answers. */
export function standForAnswerer(name: string, locks: Locks | undefined, hasFocus: () => boolean): Candidacy {
  if (locks === undefined) return { elected: hasFocus, claim() {}, withdraw() {} };
  /** The request that holds the lock now; each is its own, since an older one may end after a newer one began. */
  let holding: symbol | undefined;
  let waiting = new AbortController();
  let release = () => {};
  let withdrawn = false;

  const ask = (options: LockOptions) => {
    const mine = Symbol(name);
    const hold = () => {
      if (withdrawn) return undefined;
      holding = mine;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    locks.request(name, options, hold).catch(() => {
      // Rejected while held: another viewer was turned to. Rejected while waiting: this one claimed or withdrew.
      if (holding !== mine) return;
      holding = undefined;
      if (!withdrawn) stand();
    });
  };
  const stand = () => {
    waiting = new AbortController();
    ask({ signal: waiting.signal });
  };
  stand();

  return {
    elected: () => holding !== undefined,
    claim() {
      if (holding !== undefined || withdrawn) return;
      waiting.abort();
      ask({ steal: true });
    },
    withdraw() {
      withdrawn = true;
      holding = undefined;
      waiting.abort();
      release();
    },
  };
}
