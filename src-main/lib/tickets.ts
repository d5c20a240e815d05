// One-time tickets: an unguessable word that stands for something, once and for a short while.
import { randomBytes } from 'node:crypto';

export class Tickets<T> {
  private readonly live = new Map<string, { value: T; timer: NodeJS.Timeout }>();
  private readonly lifeMs: number;

  constructor(lifeMs: number) {
    this.lifeMs = lifeMs;
  }

  issue(value: T): string {
    const ticket = randomBytes(24).toString('base64url');
    const timer = setTimeout(() => this.live.delete(ticket), this.lifeMs);
    timer.unref();
    this.live.set(ticket, { value, timer });
    return ticket;
  }

  /** undefined for one that was never issued, is used already, or has expired. */
  redeem(ticket: string): T | undefined {
    const entry = this.live.get(ticket);
    if (!entry) return undefined;
    clearTimeout(entry.timer);
    this.live.delete(ticket);
    return entry.value;
  }

  clear(): void {
    for (const { timer } of this.live.values()) clearTimeout(timer);
    this.live.clear();
  }
}
