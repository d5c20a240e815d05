// Something that happens again and again, and whoever listens.

export type Unsubscribe = () => void;

export class Feed<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** How many listen now. */
  get size(): number {
    return this.listeners.size;
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  publish(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}

export interface FollowOptions<T> {
  signal?: AbortSignal | undefined;
  /** The state to begin with; also what a consumer gets that has fallen `limit` values behind, in their place. */
  whole: () => T;
  limit: number;
}

/**
 * The whole first, then what a feed publishes after that moment: nothing falls between the two. Ends with the signal
 * or `return()`, also in the middle of waiting (which a generator function would not), and then lets go of the feed.
 */
export function follow<T>(
  feed: Feed<T>,
  options: FollowOptions<T>,
): AsyncIterableIterator<T, void, undefined> {
  return new Follower(feed, options);
}

class Follower<T> implements AsyncIterableIterator<T, void, undefined> {
  private readonly options: FollowOptions<T>;
  private readonly feed: Feed<T>;
  private waiting: T[] = [];
  private wake: () => void = () => undefined;
  private unsubscribe: Unsubscribe | undefined;
  private over = false;
  private readonly end = () => this.stop();

  constructor(feed: Feed<T>, options: FollowOptions<T>) {
    this.feed = feed;
    this.options = options;
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (!this.over && !this.unsubscribe) this.begin();
    while (!this.over) {
      const value = this.waiting.shift();
      if (value !== undefined) return { done: false, value };
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.stop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Not before the first `next()`: an iterator that nobody reads must not listen for ever. */
  private begin(): void {
    const { signal, whole, limit } = this.options;
    if (signal?.aborted) {
      this.stop();
      return;
    }
    this.unsubscribe = this.feed.subscribe((value) => {
      this.waiting.push(value);
      if (this.waiting.length > limit) this.waiting = [whole()];
      this.wake();
    });
    signal?.addEventListener('abort', this.end);
    this.waiting = [whole()];
  }

  private stop(): void {
    this.over = true;
    this.unsubscribe?.();
    this.options.signal?.removeEventListener('abort', this.end);
    this.wake();
  }
}
