// What can go wrong with snapshots besides a crash: files that are gone or cut off, two at once, a guest that shuts down,
// a library that was moved.
import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { prompt, type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import { bootId } from './lib/process-identity.ts';
import {
  counting,
  countsOf,
  createWithDisk,
  expectCountsOn,
  expectSound,
  expectUnbroken,
  filesOf,
  lastCount,
} from './snapshots.testing.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });
const take = (test: TestApp, id: string, name: string) => test.client.snapshots.take({ id, name, note: '' });
const back = (test: TestApp, id: string, snapshot: string, memory = true) =>
  test.client.snapshots.restore({ id, snapshot, keepPresent: null, memory });

describe('a snapshot with a file that is not what it was', () => {
  it.each([
    ['a layer that is missing', 'disk0.qcow2', (file: string) => rm(file)],
    ['a layer that was cut off', 'disk0.qcow2', (file: string) => truncate(file, 1000)],
    ['a layer that is another file now', 'disk0.qcow2', (file: string) => writeFile(file, 'not an image')],
  ])('is refused for %s, and what runs goes on', { timeout: 60_000 }, (_, name, damage) =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      const console = await counting(test, id);
      await take(test, id, 'one');
      const two = await take(test, id, 'two');
      const three = await take(test, id, 'three');
      await damage(path.join(test.directories.library, id, 'snapshots', two.id, name));
      await expect(back(test, id, two.id)).rejects.toMatchObject(fault('damaged'));
      const { snapshots } = await test.client.snapshots.tree({ id });
      expect(snapshots.find(({ name: of }) => of === 'two')?.damage?.remedy).toMatch(/another snapshot/);
      expect(snapshots.find(({ name: of }) => of === 'one')?.damage).toBeUndefined();
      expect(snapshots.find(({ id: of }) => of === three.id)?.damage).toBeDefined();
      await expectCountsOn(console);
    }),
  );

  const manifestOf = (file: string) => path.join(path.dirname(file), 'manifest.json');

  it.each([
    ['missing', /missing/, (file: string) => rm(file)],
    ['cut off', /cut off/, (file: string) => truncate(file, 1000)],
    [
      'from before a power failure, and was not on the disk yet',
      /went down/,
      async (file: string) => {
        const manifest = JSON.parse(await readFile(manifestOf(file), 'utf8'));
        manifest.memory.unsettledIn = 'another boot';
        await writeFile(manifestOf(file), JSON.stringify(manifest));
      },
    ],
  ])(
    'is had without its memory when that is %s, and what runs goes on',
    { timeout: 60_000 },
    (_, words, damage) =>
      withTestApp(async (test) => {
        const { id } = await createWithDisk(test);
        const console = await counting(test, id);
        await take(test, id, 'one');
        const two = await take(test, id, 'two');
        await damage(path.join(test.directories.library, id, 'snapshots', two.id, 'memory'));
        await test.reopen();
        await expect(back(test, id, two.id)).rejects.toMatchObject(fault('damaged'));
        const fork = { id, name: 'fork', kind: 'fork', snapshot: two.id, start: true } as const;
        await expect(test.client.vms.clone(fork)).rejects.toMatchObject(fault('damaged'));
        const { snapshots } = await test.client.snapshots.tree({ id });
        expect(snapshots.map(({ damage: of }) => of)).toEqual([undefined, undefined]);
        expect(snapshots.find(({ name }) => name === 'one')?.mismatch).toBeUndefined();
        expect(snapshots.find(({ name }) => name === 'two')?.mismatch?.message).toMatch(words);
        const again = await watchConsole(test, id);
        await lastCount(again);
        expectUnbroken(countsOf(console.text()));
        await back(test, id, two.id, false);
        await test.client.vms.start({ id });
        await again.expect(prompt);
      }),
  );

  it(
    'is trusted while its memory is on its way to the disk, and a manager that comes back brings it there',
    {
      timeout: 60_000,
    },
    () =>
      withTestApp(async (test) => {
        const { id } = await createWithDisk(test);
        await counting(test, id);
        const one = await take(test, id, 'one');
        const manifest = path.join(test.directories.library, id, 'snapshots', one.id, 'manifest.json');
        const written = async () => JSON.parse(await readFile(manifest, 'utf8'));
        const { memory, ...rest } = await written();
        await test.app.close();
        const unsettled = { ...rest, memory: { ...memory, unsettledIn: await bootId() } };
        await writeFile(manifest, JSON.stringify(unsettled));
        await test.reopen();
        expect((await test.client.snapshots.tree({ id })).snapshots[0]?.mismatch).toBeUndefined();
        await expect.poll(async () => (await written()).memory).toEqual(memory);
        await back(test, id, one.id);
        expect((await test.state(id)).state).toBe('running');
      }),
  );

  it.each([
    ['cut off', (file: string) => truncate(file, 20)],
    ['empty', (file: string) => writeFile(file, '')],
  ])('is kept and not shown when its manifest is %s, and hides no other', { timeout: 60_000 }, (_, damage) =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test, { start: false });
      const one = await take(test, id, 'one');
      const two = await take(test, id, 'two');
      await damage(path.join(test.directories.library, id, 'snapshots', two.id, 'manifest.json'));
      await test.reopen();
      const tree = await test.client.snapshots.tree({ id });
      expect(tree.snapshots.map(({ name }) => name)).toEqual(['one']);
      expect(tree.damaged.join()).toContain(two.id);
      // The present builds on it: it cannot start, and says why; the snapshot before it can be had.
      await expect(test.client.vms.start({ id })).rejects.toMatchObject(fault('damaged'));
      await back(test, id, one.id, false);
      await test.client.vms.start({ id });
      await (await watchConsole(test, id)).expect(prompt);
      expect((await filesOf(test, id)).some((file) => file.includes(two.id))).toBe(true);
    }),
  );

  it('says so when the user’s own image below it was changed', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const image = path.join(test.directories.library, 'uploads', 'own.raw');
      await writeFile(image, Buffer.alloc(1024 * 1024));
      const { id } = await test.createSample(
        {
          disks: [{ id: 'disk0', file: image, format: 'raw', media: 'disk', bus: 'virtio', readOnly: false }],
        },
        false,
      );
      const one = await take(test, id, 'one');
      await writeFile(image, Buffer.alloc(1024 * 1024, 7));
      await expect(back(test, id, one.id, false)).rejects.toMatchObject(fault('damaged'));
    }),
  );
});

describe('an image of the user’s own, used in place', () => {
  it('has everything again when its last snapshot is deleted', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const image = path.join(test.directories.library, 'uploads', 'own.raw');
      await writeFile(image, Buffer.alloc(1024 * 1024));
      const { id } = await test.createSample({
        disks: [{ id: 'disk0', file: image, format: 'raw', media: 'disk', bus: 'virtio', readOnly: false }],
      });
      const one = await take(test, id, 'one');
      await test.client.snapshots.delete({ id, snapshot: one.id });
      expect((await test.client.snapshots.tree({ id })).snapshots).toEqual([]);
      await test.client.vms.forceStop({ id });
      // It had to wait for QEMU to let go of it.
      await expect.poll(() => filesOf(test, id), { timeout: 10_000 }).toEqual([]);
      await test.client.vms.start({ id });
      await (await watchConsole(test, id)).expect(prompt);
    }),
  );
});

describe('two at once', () => {
  it('the second is told to wait, and the first is done', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const results = await Promise.allSettled([take(test, id, 'one'), take(test, id, 'two')]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(results[1]).toMatchObject({ reason: fault('wrong-state') });
      await expectSound(test, id);
    }),
  );
});

describe('a guest that shuts down', () => {
  it('while its snapshot is taken leaves a snapshot or none', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      for (const waitMs of [0, 10, 40]) {
        const { id } = await createWithDisk(test);
        const console = await watchConsole(test, id);
        await console.expect(prompt);
        const taking = take(test, id, 'one').catch((error: unknown) => error);
        await sleep(waitMs);
        console.type('poweroff\r');
        await taking;
        await expect.poll(async () => (await test.state(id)).state, { timeout: 15_000 }).toBe('stopped');
        // A QEMU that was in doubt for a moment is looked at again, and what was under way ended then.
        const underWay = async () => (await filesOf(test, id)).filter((file) => file.includes('under-way'));
        await expect.poll(underWay).toEqual([]);
        await expectSound(test, id);
        await test.client.vms.start({ id });
        await test.client.vms.forceStop({ id });
      }
    }),
  );
});

describe('a library at another path', () => {
  it('has its snapshots and linked clones still', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const one = await take(test, id, 'one');
      const clone = await test.client.vms.clone({
        id,
        name: 'Linked',
        kind: 'linked',
        snapshot: one.id,
        start: false,
      });
      await test.client.vms.forceStop({ id });
      await test.app.close();
      const moved = `${test.directories.library} moved, too`;
      await rename(test.directories.library, moved);
      test.directories.library = moved;
      await test.reopen();
      await back(test, id, one.id);
      await lastCount(await watchConsole(test, id));
      await test.client.vms.start({ id: clone.id });
      await (await watchConsole(test, clone.id)).expect(prompt);
      await expectSound(test, id);
      await expectSound(test, clone.id);
    }),
  );
});
