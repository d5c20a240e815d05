// One answerer per UART, whichever viewer a person turned to last.
import { expect, test } from 'vitest';
import { standForAnswerer } from './answerer.ts';

type Hold = () => Promise<void> | undefined;

/** The Web Locks API for one name: first come, first served; `steal` takes it from the holder. */
function lockTable() {
  let holder: { reject: (error: unknown) => void } | undefined;
  const queue: (() => void)[] = [];
  const grant = (hold: Hold, resolve: () => void, reject: (error: unknown) => void) => {
    const mine = { reject };
    holder = mine;
    void Promise.resolve(hold()).then(() => {
      if (holder !== mine) return;
      holder = undefined;
      resolve();
      queue.shift()?.();
    });
  };
  const request = (_name: string, options: LockOptions, hold: Hold) =>
    new Promise<void>((resolve, reject) => {
      const start = () => grant(hold, resolve, reject);
      const aborted = () => new DOMException('aborted', 'AbortError');
      options.signal?.addEventListener('abort', () => {
        const place = queue.indexOf(start);
        if (place === -1) return;
        queue.splice(place, 1);
        reject(aborted());
      });
      if (options.steal) {
        holder?.reject(aborted());
        start();
      } else if (holder) queue.push(start);
      else start();
    });
  return { request } as unknown as Pick<LockManager, 'request'>;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('the first viewer answers, the next one does not', async () => {
  const locks = lockTable();
  const [a, b] = [standForAnswerer('x', locks, () => false), standForAnswerer('x', locks, () => false)];
  await settle();
  expect([a.elected(), b.elected()]).toEqual([true, false]);
});

test('the viewer that is turned to takes over, and back', async () => {
  const locks = lockTable();
  const [a, b] = [standForAnswerer('x', locks, () => false), standForAnswerer('x', locks, () => false)];
  await settle();
  b.claim();
  await settle();
  expect([a.elected(), b.elected()]).toEqual([false, true]);
  a.claim();
  await settle();
  expect([a.elected(), b.elected()]).toEqual([true, false]);
});

test('a closed viewer leaves its place to one that waits', async () => {
  const locks = lockTable();
  const [a, b] = [standForAnswerer('x', locks, () => false), standForAnswerer('x', locks, () => false)];
  await settle();
  a.withdraw();
  await settle();
  expect([a.elected(), b.elected()]).toEqual([false, true]);
});

test('without locks the window with the focus answers', () => {
  let focused = false;
  const only = standForAnswerer('x', undefined, () => focused);
  expect(only.elected()).toBe(false);
  focused = true;
  expect(only.elected()).toBe(true);
});
