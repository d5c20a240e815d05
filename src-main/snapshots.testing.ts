// What the tests of snapshots share: a guest that counts on its console, with a disk, and looks at what is left on disk.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import {
  processesOf,
  prompt,
  qemusOf,
  type TestApp,
  type WatchedConsole,
  watchConsole,
} from './app.testing.ts';
import type { VmView } from './contract/vm.ts';
import { type OperationStep, operationSteps } from './vm/snapshots/journal.ts';

const run = promisify(execFile);

export const diskBytes = 64 * 1024 * 1024;

/** The sample with an empty disk, started. Saving its memory reads all of it, also what the guest never touched. */
export async function createWithDisk(
  test: TestApp,
  { start = true, memoryMiB = 32 }: { start?: boolean; memoryMiB?: number } = {},
): Promise<VmView> {
  const { request } = await test.client.vms.suggest({ source: { kind: 'sample' } });
  return test.client.vms.create({
    request: {
      definition: {
        ...request.definition,
        memoryMiB,
        disks: [
          {
            id: 'disk0',
            file: 'disks/disk0.qcow2',
            format: 'qcow2',
            media: 'disk',
            bus: 'virtio',
            readOnly: false,
          },
        ],
      },
      provisions: [...request.provisions, { kind: 'new-disk', diskId: 'disk0', sizeBytes: diskBytes }],
    },
    start,
  });
}

export async function counting(test: TestApp, id: string): Promise<WatchedConsole> {
  const console = await watchConsole(test, id);
  await console.expect(prompt);
  console.type('count 1000000\r');
  await console.expect('count 3\r\n');
  return console;
}

export function countsOf(text: string): number[] {
  return [...text.matchAll(/^count (\d+)\r$/gm)].map(([, number]) => Number(number));
}

/** No gap, no repeat. */
export function expectUnbroken(numbers: readonly number[]): void {
  const from = numbers[0] ?? 0;
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => from + index));
}

export async function lastCount(console: WatchedConsole): Promise<number> {
  const before = countsOf(console.text()).at(-1) ?? -1;
  await expect.poll(() => countsOf(console.text()).at(-1) ?? -1, { timeout: 10_000 }).toBeGreaterThan(before);
  return countsOf(console.text()).at(-1) ?? -1;
}

/** It counts on, and has done so all the time. Resolves to the newest count. */
export async function expectCountsOn(console: WatchedConsole): Promise<number> {
  const last = await lastCount(console);
  expectUnbroken(countsOf(console.text()));
  return last;
}

/** Relative paths of everything that a VM has of disks and snapshots. */
export async function filesOf(test: TestApp, id: string): Promise<string[]> {
  const directory = path.join(test.directories.library, id);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter((file) => /^(disks|snapshots|saved)\//.test(file))
    .sort();
}

/** Every image of the VM passes qemu-img check; no file is half made. */
export async function expectSound(test: TestApp, id: string): Promise<void> {
  const { inUse } = await test.client.host.qemu({ refresh: false });
  const files = await filesOf(test, id);
  expect(files.filter((file) => /partial|under-way|\.new-/.test(file))).toEqual([]);
  for (const file of files.filter((name) => name.endsWith('.qcow2') && !name.includes('vars'))) {
    const image = path.join(test.directories.library, id, file);
    await run(inUse?.imgPath ?? 'qemu-img', ['check', '-U', '-q', '-f', 'qcow2', image]);
  }
}

/** Every snapshot that is seen. */
export async function removeAll(test: TestApp, id: string): Promise<void> {
  const { snapshots } = await test.client.snapshots.tree({ id });
  for (const { id: snapshot } of snapshots.reverse()) await test.client.snapshots.delete({ id, snapshot });
}

/** It stands and can be worked with: another snapshot can be taken, and restored, and everything goes. */
export async function expectUsable(test: TestApp, id: string): Promise<void> {
  await expectSound(test, id);
  const { state } = await test.state(id);
  const memory = state === 'running';
  const taken = await test.client.snapshots.take({ id, name: 'after', note: '' });
  await test.client.snapshots.restore({ id, snapshot: taken.id, keepPresent: null, memory });
  await expectSound(test, id);
}

/** Neither a directory of another VM, nor its process, sockets and pipes. */
export async function expectNothingElse(test: TestApp, id: string): Promise<void> {
  const { library, runtime } = test.directories;
  const isOfVm = (name: string) => /[0-9a-f]{8}-[0-9a-f]{4}-/.test(name);
  expect((await readdir(library)).filter(isOfVm)).toEqual([id]);
  expect((await readdir(runtime)).filter(isOfVm)).toEqual([id]);
  expect(await qemusOf(test.directories)).toEqual(await processesOf(id));
}

type Kind = keyof typeof operationSteps;

export const stepsOf = (kind: Kind) => operationSteps[kind].map((step) => `${kind}:${step}` as OperationStep);
