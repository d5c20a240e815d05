// What takes its time: told to every window while it goes on, with its pace, and stopped by whoever wants to.
import { randomUUID } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import type { Job, JobKind } from '../contract/job.ts';
import { Feed, follow } from '../lib/feed.ts';

/** Windows need no more than this, and a conversion reports hundreds of times a second. */
const tellEveryMs = 100;
const backlog = 16;
/** A pace before this says nothing. */
const paceAfterMs = 1000;

export interface JobSpec {
  kind: JobKind;
  /** The VM that it works on; null for one that is being made. */
  vm: string | null;
  title: string;
}

export interface JobHandle {
  /** Aborted when someone cancels. */
  readonly signal: AbortSignal;
  /** 0 to 100. */
  progress(percent: number): void;
  retitle(title: string): void;
  /** The work cannot be stopped any more (or again). Throws Fault `cancelled` when it was a moment ago. */
  settle(cancellable: boolean): void;
}

interface Entry {
  job: Job;
  cancel: AbortController;
  startedMs: number;
}

export class Jobs {
  private readonly entries = new Map<string, Entry>();
  private readonly changes = new Feed<Job[]>();
  private timer: NodeJS.Timeout | undefined;

  list(): Job[] {
    return [...this.entries.values()].map(({ job }) => job);
  }

  /** Everything that is under way, then again after every change. Ends with the signal. */
  watch(signal: AbortSignal | undefined): AsyncIterableIterator<Job[], void, undefined> {
    return follow(this.changes, { signal, whole: () => this.list(), limit: backlog });
  }

  /** Throws Fault `not-found`, `wrong-state`; resolves at once, the work ends when it can. */
  cancel(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) {
      throw new Fault({
        code: 'not-found',
        message: 'This is no longer under way.',
        remedy: 'It has ended a moment ago: look at its result.',
      });
    }
    if (!entry.job.cancellable) {
      throw new Fault({
        code: 'wrong-state',
        message: `“${entry.job.title}” cannot be stopped any more.`,
        remedy: 'It is about to end: wait for it.',
      });
    }
    entry.cancel.abort(cancelledFault(entry.job.title));
  }

  /** Does the work while everyone can see it. Throws what the work throws; Fault `cancelled` when it was stopped. */
  async run<T>(spec: JobSpec, work: (handle: JobHandle) => Promise<T>): Promise<T> {
    const cancel = new AbortController();
    const job: Job = {
      id: randomUUID(),
      ...spec,
      percent: null,
      remainingSeconds: null,
      cancellable: true,
      startedAt: new Date().toISOString(),
    };
    const entry: Entry = { job, cancel, startedMs: Date.now() };
    this.entries.set(job.id, entry);
    this.tell();
    try {
      return await work(this.handle(entry));
    } catch (error) {
      if (cancel.signal.aborted) throw cancel.signal.reason;
      throw error;
    } finally {
      this.entries.delete(job.id);
      this.tell();
    }
  }

  private handle(entry: Entry): JobHandle {
    const change = (next: Partial<Job>) => {
      entry.job = { ...entry.job, ...next };
      this.tell();
    };
    return {
      signal: entry.cancel.signal,
      progress: (percent) => {
        const within = Math.min(100, Math.max(0, percent));
        change({ percent: within, remainingSeconds: remaining(within, Date.now() - entry.startedMs) });
      },
      retitle: (title) => change({ title, percent: null, remainingSeconds: null }),
      settle: (cancellable) => {
        entry.cancel.signal.throwIfAborted();
        change({ cancellable });
      },
    };
  }

  private tell(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changes.publish(this.list());
    }, tellEveryMs);
  }
}

function remaining(percent: number, elapsedMs: number): number | null {
  if (elapsedMs < paceAfterMs || percent < 1) return null;
  return ((elapsedMs / percent) * (100 - percent)) / 1000;
}

function cancelledFault(title: string): Fault {
  return new Fault({
    code: 'cancelled',
    message: `“${title}” was stopped.`,
    remedy: 'Everything is as it was before.',
  });
}
