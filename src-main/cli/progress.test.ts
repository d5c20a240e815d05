import { describe, expect, it } from 'vitest';
import type { Job } from '../contract/job.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { progressLine, withProgress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

const copying: Job = {
  id: 'aaaaaaaa-0000-4000-8000-000000000000',
  kind: 'clone',
  vm: null,
  title: 'Copying disk.vmdk',
  percent: null,
  remainingSeconds: null,
  cancellable: true,
  startedAt: '2026-03-31T09:05:07Z',
};

describe('progressLine', () => {
  it('tells what is known', () => {
    expect(progressLine(copying, 80)).toBe('Copying disk.vmdk …');
    expect(progressLine({ ...copying, percent: 41.9 }, 80)).toBe('Copying disk.vmdk: 41 %');
    expect(progressLine({ ...copying, percent: 41.9, remainingSeconds: 11.2 }, 80)).toBe(
      'Copying disk.vmdk: 41 %, about 12 s left',
    );
    expect(progressLine({ ...copying, percent: 1, remainingSeconds: 600 }, 80)).toContain(
      'about 10 min left',
    );
  });

  it('never fills the line, whatever the title holds', () => {
    const line = progressLine({ ...copying, title: `\x1b[2J${'x'.repeat(200)}`, percent: 5 }, 40);
    expect(line).toHaveLength(39);
    expect(line).toMatch(/^\ufffd\[2Jx+…: 5 %$/);
  });
});

const otherId = 'bbbbbbbb-0000-4000-8000-000000000000';

/** A library where one job was under way before, and one comes with the work; `cancelled` has the ids of those. */
function stage(isTTY: boolean) {
  const cancelled: string[] = [];
  const printed: string[] = [];
  const listeners = new Set<() => void>();
  const tellings = [
    [{ ...copying, id: otherId }],
    [
      { ...copying, id: otherId },
      { ...copying, percent: 7 },
    ],
  ];
  let ended = false;
  const events = {
    async next() {
      const value = tellings.shift();
      if (value) return { done: false, value };
      while (!ended) await new Promise((resolve) => setTimeout(resolve, 1));
      return { done: true, value: undefined };
    },
    async return() {
      ended = true;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  const client = {
    rpc: {
      jobs: {
        watch: async () => events,
        cancel: async ({ job }: { job: string }) => cancelled.push(job),
      },
    },
  } as unknown as ControlClient;
  const around = {
    terminal: { stderr: { isTTY, columns: 60, write: (text: string) => printed.push(text) } },
    onInterrupt(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Surroundings;
  return { client, around, cancelled, printed, listeners };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('withProgress', () => {
  it('draws the job that the work began, and clears the line at its end', async () => {
    const { client, around, printed, listeners } = stage(true);
    expect(await withProgress(client, around, 'any', () => soon().then(() => 'done'))).toBe('done');
    expect(printed).toEqual(['\r\x1b[KCopying disk.vmdk: 7 %', '\r\x1b[K']);
    expect(listeners.size).toBe(0);
  });

  it('prints nothing where nobody looks', async () => {
    const { client, around, printed } = stage(false);
    await withProgress(client, around, 'any', soon);
    expect(printed).toEqual([]);
  });

  it('cancels what it began, once, and leaves what others began', async () => {
    const { client, around, cancelled, listeners } = stage(true);
    await withProgress(client, around, 'any', async () => {
      await soon();
      for (const listener of [...listeners]) listener();
      await soon();
      expect(listeners.size).toBe(0);
    });
    expect(cancelled).toEqual([copying.id]);
  });
});
