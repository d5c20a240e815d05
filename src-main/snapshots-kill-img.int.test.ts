// qemu-img is killed whenever an operation on snapshots, clones or disks uses it: a program around the real one lets it
// begin, and kills it.
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { snapshot, type TestApp, withTestApp } from './app.testing.ts';
import {
  counting,
  createWithDisk,
  expectCountsOn,
  expectNothingElse,
  expectUsable,
  filesOf,
} from './snapshots.testing.ts';

/** Kills itself and the real one while the file is there, and notes it in that. */
const killer = (imgPath: string, armed: string) => `#!/bin/sh
if [ -e '${armed}' ]; then
  echo "$*" >> '${armed}'
  '${imgPath}' "$@" &
  kill -9 $!
  kill -9 $$
fi
exec '${imgPath}' "$@"
`;

/** From now on Armoire uses the real QEMU with such a qemu-img. What it gives kills it during some work, and tells of whom. */
async function installKiller(test: TestApp): Promise<(work: () => Promise<void>) => Promise<string>> {
  const { inUse } = await test.client.host.qemu({ refresh: false });
  if (inUse?.imgPath === undefined) throw new Error('there is no qemu-img');
  const directory = path.join(path.dirname(test.directories.library), 'killer');
  const armed = path.join(directory, 'armed');
  await mkdir(directory);
  await symlink(inUse.path, path.join(directory, 'qemu-system-aarch64'));
  await writeFile(path.join(directory, 'qemu-img'), killer(inUse.imgPath, armed));
  await chmod(path.join(directory, 'qemu-img'), 0o755);
  await test.client.host.saveSettings({ qemuPath: path.join(directory, 'qemu-system-aarch64') });
  return async (work) => {
    await writeFile(armed, '');
    await work();
    const words = await readFile(armed, 'utf8');
    await rm(armed);
    return words;
  };
}

interface Subject {
  id: string;
  snapshot: string;
}

type Operation = (test: TestApp, subject: Subject) => Promise<unknown>;

const clone =
  (kind: 'copy' | 'linked' | 'fork', ofSnapshot: boolean): Operation =>
  (test, { id, snapshot: base }) =>
    test.client.vms.clone({ id, name: 'Other', kind, snapshot: ofSnapshot ? base : null, start: false });

const operations: [string, Operation][] = [
  ['a snapshot is taken', (test, { id }) => test.client.snapshots.take({ id, name: 'two', note: '' })],
  [
    'a snapshot is restored',
    (test, { id, snapshot: base }) =>
      test.client.snapshots.restore({ id, snapshot: base, keepPresent: null, memory: true }),
  ],
  ['a snapshot is copied', clone('copy', true)],
  ['a linked clone is made', clone('linked', true)],
  ['a snapshot is forked', clone('fork', true)],
  ['the running VM is forked', clone('fork', false)],
];

it('kill -9 of qemu-img leaves all as it was, whatever it was used for', { timeout: 120_000 }, () =>
  withTestApp(async (test) => {
    const { id } = await createWithDisk(test);
    const console = await counting(test, id);
    await test.client.snapshots.take({ id, name: 'zero', note: '' });
    const base = await test.client.snapshots.take({ id, name: 'one', note: '' });
    const subject = { id, snapshot: base.id };
    // Another qemu-img than the one that has made overlays of this size before.
    const killed = await installKiller(test);
    const before = await filesOf(test, id);
    for (const [name, operation] of operations) {
      const words = await killed(async () => {
        await expect(operation(test, subject), name).rejects.toMatchObject({
          code: 'FAULT',
          data: { code: 'qemu-failed', message: expect.stringContaining('ended from outside') },
        });
      });
      expect(words, name).not.toBe('');
      expect(await filesOf(test, id), name).toEqual(before);
      await expectNothingElse(test, id);
      await expectCountsOn(console);
    }
    for (const [, operation] of operations) await operation(test, subject);
    expect(await snapshot(test.client)).toHaveLength(5);
    await expectUsable(test, id);
  }),
);
