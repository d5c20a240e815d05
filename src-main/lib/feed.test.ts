import { describe, expect, it } from 'vitest';
import { Feed, follow } from './feed.ts';

describe('follow', () => {
  it('gives the whole first and then every change, with nothing between the two lost', async () => {
    const feed = new Feed<number>();
    let state = 1;
    const values = follow(feed, { whole: () => state, limit: 10 });
    expect((await values.next()).value).toBe(1);
    state = 2;
    feed.publish(2);
    feed.publish(3);
    expect((await values.next()).value).toBe(2);
    expect((await values.next()).value).toBe(3);
    await values.return?.();
    expect(feed.size).toBe(0);
  });

  it('gives a slow consumer the whole in place of a long backlog', async () => {
    const feed = new Feed<string>();
    const values = follow(feed, { whole: () => 'whole', limit: 2 });
    await values.next();
    for (const value of ['a', 'b', 'c', 'd']) feed.publish(value);
    expect((await values.next()).value).toBe('whole');
    expect((await values.next()).value).toBe('d');
    await values.return?.();
  });

  it('ends with the signal while it waits, and lets go of the feed', async () => {
    const feed = new Feed<number>();
    const abort = new AbortController();
    const values = follow(feed, { signal: abort.signal, whole: () => 0, limit: 10 });
    await values.next();
    const pending = values.next();
    expect(feed.size).toBe(1);
    abort.abort();
    expect((await pending).done).toBe(true);
    expect(feed.size).toBe(0);
  });

  it('ends while it waits when its consumer leaves', async () => {
    const feed = new Feed<number>();
    const values = follow(feed, { whole: () => 0, limit: 10 });
    await values.next();
    const pending = values.next();
    await values.return?.();
    expect((await pending).done).toBe(true);
    expect(feed.size).toBe(0);
  });

  it('does not listen before it is read, nor after it has ended', async () => {
    const feed = new Feed<number>();
    const unread = follow(feed, { whole: () => 0, limit: 10 });
    expect(feed.size).toBe(0);
    await unread.return?.();
    expect((await unread.next()).done).toBe(true);
    const late = follow(feed, { signal: AbortSignal.abort(), whole: () => 0, limit: 10 });
    expect((await late.next()).done).toBe(true);
    expect(feed.size).toBe(0);
  });
});

describe('Feed', () => {
  it('counts one function twice when it subscribes twice', () => {
    const feed = new Feed<number>();
    let sum = 0;
    const add = (value: number) => {
      sum += value;
    };
    const first = feed.subscribe(add);
    feed.subscribe(add);
    feed.publish(1);
    first();
    feed.publish(1);
    expect(sum).toBe(3);
  });
});
