import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { Fault } from '../contract/fault.ts';
import type { VmEvent } from '../contract/vm.ts';
import { Feed, follow } from '../lib/feed.ts';
import { implementer } from './implement.ts';

const reported: unknown[] = [];
const os = implementer((error) => reported.push(error));
const id = '00000000-0000-4000-8000-000000000000';
const conflict = new Fault({
  code: 'conflict',
  message: 'Changed elsewhere.',
  remedy: 'Look again.',
  field: '/cpu',
});
const feed = new Feed<VmEvent>();

const client = createRouterClient({
  start: os.vms.start.handler(() => {
    throw conflict;
  }),
  pause: os.vms.pause.handler(() => {
    throw new TypeError('a defect');
  }),
  watch: os.vms.watch.handler(() =>
    follow(feed, {
      limit: 1,
      whole: () => {
        throw conflict;
      },
    }),
  ),
  quiet: os.vms.watch.handler(({ signal }) =>
    follow(feed, { signal, limit: 1, whole: () => ({ type: 'all', seq: 0, vms: [] }) }),
  ),
});

describe('what goes wrong in a procedure', () => {
  it('leaves as the contract’s typed error when it is a fault', async () => {
    await expect(client.start({ id })).rejects.toMatchObject({
      code: 'FAULT',
      defined: true,
      status: 422,
      message: 'Changed elsewhere.',
      data: conflict.data,
    });
    expect(reported).toEqual([]);
  });

  it('is `internal`, and reported, when it is a defect', async () => {
    await expect(client.pause({ id })).rejects.toMatchObject({
      code: 'FAULT',
      data: { code: 'internal', detail: 'a defect' },
    });
    expect(reported.splice(0)).toMatchObject([{ message: 'a defect' }]);
  });

  it('is `bad-input` when the input does not fit the contract', async () => {
    await expect(client.start({ id: 'no uuid' })).rejects.toMatchObject({
      code: 'FAULT',
      data: { code: 'bad-input' },
    });
    expect(reported).toEqual([]);
  });

  it('is as typed in the middle of a stream', async () => {
    const events = await client.watch();
    await expect(events.next()).rejects.toMatchObject({ code: 'FAULT', data: { code: 'conflict' } });
  });
});

it('lets go of what a stream listens to when its consumer leaves', async () => {
  const events = await client.quiet();
  expect((await events.next()).value).toMatchObject({ type: 'all' });
  const waiting = events.next();
  expect(feed.size).toBe(1);
  await events.return?.();
  expect(feed.size).toBe(0);
  await waiting;
});
