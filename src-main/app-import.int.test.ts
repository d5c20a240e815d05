// Imports through the API and their faults: told as a job, cancelled, the manager killed, the disk full; nothing is left.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobThat, resourcesDir, type TestApp, withTestApp } from './app.testing.ts';
import type { Disk } from './contract/definition.ts';
import type { CreateRequest } from './contract/vm.ts';
import { fixtureProgram } from './fixture-program.testing.ts';
import { findProcesses } from './lib/process-table.ts';
import { mayMount } from './small-disk.testing.ts';

const MiB = 1024 ** 2;
const fault = (code: string) => ({ code: 'FAULT', data: { code } });

/** Too little room to compress it, enough to take a moment. */
async function largeImage(file: string, dataMiB: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  try {
    const block = Buffer.alloc(MiB, 'an image ');
    block.write('\x55\xaa', 510, 'latin1');
    for (let at = 0; at < dataMiB; at++) await handle.write(block, 0, MiB, at * MiB);
  } finally {
    await handle.close();
  }
}

const imported: Disk = {
  id: 'disk0',
  file: 'disks/disk0.qcow2',
  format: 'qcow2',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
};

async function requestFor(test: TestApp, image: string): Promise<CreateRequest> {
  const { request } = await test.client.vms.suggest({ source: { kind: 'sample' } });
  return {
    definition: { ...request.definition, disks: [imported] },
    provisions: [...request.provisions, { kind: 'copy-disk', diskId: 'disk0', from: image }],
  };
}

/** Everything below the library besides its owner and what was uploaded. */
async function thingsIn(library: string): Promise<string[]> {
  const names = await readdir(library, { recursive: true });
  return names.filter((name) => !/^(owner|uploads)/.test(name)).sort();
}

describe('an import', () => {
  it('is a job that tells its pace; Cancel leaves nothing', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      const image = path.join(library, 'uploads', 'large.raw');
      await largeImage(image, 700);
      const request = await requestFor(test, image);
      const created = test.client.vms.create({ request, start: false }).catch((error: Error) => error);
      const job = await jobThat(test, ({ percent }) => percent !== null && percent > 0);
      expect(job).toMatchObject({ kind: 'import', vm: null, title: 'Copying large.raw', cancellable: true });
      await test.client.jobs.cancel({ job: job.id });
      expect(await created).toMatchObject(fault('cancelled'));
      expect(await thingsIn(library)).toEqual([]);
    }));

  it('that dies with its manager goes on for nobody, and is swept away', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      const image = path.join(library, 'uploads', 'large.raw');
      await largeImage(image, 700);
      const request = await requestFor(test, image);
      await test.app.close();
      const call = { procedure: 'vms.create', input: { request, start: false } };
      const orders = { directories: test.directories, resourcesDir, call };
      const manager: ChildProcess = spawn(
        process.execPath,
        [fixtureProgram('app-manager'), JSON.stringify(orders)],
        { stdio: 'ignore' },
      );
      const copies = async () =>
        (await findProcesses(/qemu-img/)).filter(
          ({ commandLine }) => commandLine.includes(library) && commandLine.includes('.partial'),
        );
      await expect
        .poll(async () => (await copies()).length, { timeout: 30_000, interval: 2 })
        .toBeGreaterThan(0);
      // Stopped, so that it is surely not through before the next manager looks.
      for (const { pid } of await copies()) process.kill(pid, 'SIGSTOP');
      manager.kill('SIGKILL');
      await new Promise((resolve) => manager.once('exit', resolve));
      await test.reopen();
      await expect.poll(copies).toEqual([]);
      expect(await thingsIn(library)).toEqual([]);
    }));
});

describe.skipIf(!mayMount())('an import into a library without room', () => {
  it('is refused before it begins; a packed one while it grows; nothing is left', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      const place = path.join(path.dirname(library), 'images');
      const image = path.join(place, 'large.raw');
      await largeImage(image, 200);
      execFileSync('gzip', ['-1', '-k', image]);
      await test.app.close();
      await rm(library, { recursive: true });
      mkdirSync(library);
      process.env.ARMOIRE_FILES = place;
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=150m', 'armoire-test', library]);
      try {
        await test.reopen();
        for (const source of [image, `${image}.gz`]) {
          const request = await requestFor(test, source);
          await expect(test.client.vms.create({ request, start: false })).rejects.toMatchObject(
            fault('disk-full'),
          );
          expect(await thingsIn(library)).toEqual([]);
        }
        await test.app.close();
      } finally {
        delete process.env.ARMOIRE_FILES;
        execFileSync('umount', ['-l', library]);
      }
      await test.reopen();
    }));
});
