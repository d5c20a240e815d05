// What the integration tests share: an app in directories of its own, the sample guest in it, eyes on a console.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { expect } from 'vitest';
import { type App, createApp, type Router } from './app.ts';
import { type ConsoleFromMain, consoleFromMain } from './contract/console.ts';
import type { VmDefinition } from './contract/definition.ts';
import type { Job } from './contract/job.ts';
import type { VmView } from './contract/vm.ts';
import { type ByteChannel, channelPair } from './lib/byte-channel.ts';
import type { Directories } from './lib/directories.ts';
import { commandLineOf, findProcesses, wordPair } from './lib/process-table.ts';
import { inTemporaryDirectory } from './lib/temporary.ts';
import { testCache } from './qemu/testing.ts';
import type { Machine } from './vm/machine.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

export const resourcesDir = path.resolve(import.meta.dirname, '../resources');

export const prompt = 'armoire> ';

export interface TestApp {
  directories: Directories;
  app: App;
  client: RouterClient<Router>;
  /** Every defect that a procedure reported. */
  defects: unknown[];
  /** Called at every step of an operation on snapshots. */
  onStep: (machine: Machine, step: OperationStep) => void | Promise<void>;
  /** Another manager in place of this one, as after a restart of Armoire. */
  reopen(): Promise<void>;
  /** A VM with the sample program. */
  createSample(changes?: Partial<VmDefinition>, start?: boolean): Promise<VmView>;
  state(id: string): Promise<VmView>;
}

export function directoriesIn(parent: string): Directories {
  return {
    library: path.join(parent, 'a library'),
    config: path.join(parent, 'config'),
    cache: testCache,
    runtime: path.join(parent, 'run'),
  };
}

/** Whatever the work leaves running is ended, and it is an error if it left something that the app does not know. */
export async function withTestApp(work: (test: TestApp) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (parent) => {
    const directories = directoriesIn(parent);
    const defects: unknown[] = [];
    const open = () =>
      createApp({
        mode: 'browser',
        directories,
        resourcesDir,
        version: 'test',
        shell: {},
        reportDefect: (error) => defects.push(error),
        onStep: (machine, step) => test.onStep(machine, step),
      });
    const app = await open();
    const test: TestApp = {
      directories,
      app,
      client: createRouterClient(app.router),
      defects,
      onStep: () => undefined,
      async reopen() {
        await test.app.close();
        test.app = await open();
        test.client = createRouterClient(test.app.router);
      },
      async createSample(changes = {}, start = true) {
        const { request } = await test.client.vms.suggest({ source: { kind: 'sample' } });
        return test.client.vms.create({
          request: { ...request, definition: { ...request.definition, ...changes } },
          start,
        });
      },
      async state(id) {
        const found = (await snapshot(test.client)).find((vm) => vm.id === id);
        if (!found) throw new Error(`no VM ${id}`);
        return found;
      },
    };
    try {
      await work(test);
      expect(defects).toEqual([]);
    } finally {
      await endAll(directories);
      await expect.poll(() => test.app.runningVms()).toEqual([]);
      await test.app.close();
    }
  });
}

/** The whole state, as a window sees it when it opens. */
export async function snapshot(client: RouterClient<Router>): Promise<VmView[]> {
  const events = await client.vms.watch();
  try {
    const first = await events.next();
    if (first.done || first.value.type !== 'all') throw new Error('the first event must be the whole');
    return first.value.vms;
  } finally {
    await events.return?.();
  }
}

/** The first state of the jobs that fits. */
export async function jobThat(test: TestApp, fits: (job: Job) => boolean): Promise<Job> {
  const states = await test.client.jobs.watch();
  for await (const jobs of states) {
    const job = jobs.find(fits);
    if (job) return job;
  }
  throw new Error('the jobs ended');
}

/** QEMUs of this library, found by their command lines alone. */
export async function qemusOf(directories: Directories): Promise<number[]> {
  const found = await findProcesses(/(^|[\0 ])-uuid[\0 ]/);
  return found.filter(({ commandLine }) => commandLine.includes(directories.runtime)).map(({ pid }) => pid);
}

async function endAll(directories: Directories): Promise<void> {
  for (const pid of await qemusOf(directories)) {
    if ((await commandLineOf(pid))?.includes(directories.runtime)) process.kill(pid, 'SIGKILL');
  }
  await expect.poll(() => qemusOf(directories)).toEqual([]);
}

export function pidOf(view: VmView): number {
  const pid = view.run?.pid;
  if (pid === undefined) throw new Error(`the VM is ${view.state}`);
  return pid;
}

export async function processesOf(id: string): Promise<number[]> {
  return (await findProcesses(wordPair('-uuid', id))).map(({ pid }) => pid);
}

export interface WatchedConsole {
  channel: ByteChannel;
  text(): string;
  messages: ConsoleFromMain[];
  type(text: string): void;
  /** Resolves when the text was seen, after what an earlier call has seen. */
  expect(text: string, timeoutMs?: number): Promise<void>;
}

export async function watchConsole(test: TestApp, id: string, from?: number): Promise<WatchedConsole> {
  const { ticket } = await test.client.console.open({
    id,
    console: 'uart0',
    ...(from !== undefined && { from }),
  });
  const use = test.app.redeem(ticket);
  if (use?.kind !== 'console') throw new Error('no console ticket');
  const [main, channel] = channelPair();
  const chunks: Uint8Array[] = [];
  let seen = 0;
  const watched: WatchedConsole = {
    channel,
    messages: [],
    text: () => Buffer.concat(chunks).toString(),
    type: (text) => channel.send(Buffer.from(text)),
    async expect(text, timeoutMs = 10_000) {
      await expect
        .poll(() => watched.text().slice(seen), { timeout: timeoutMs, interval: 10 })
        .toContain(text);
      seen = watched.text().indexOf(text, seen) + text.length;
    },
  };
  channel.onFrame((frame) => {
    if (typeof frame === 'string') watched.messages.push(consoleFromMain.parse(JSON.parse(frame)));
    else {
      chunks.push(frame);
      channel.send(JSON.stringify({ type: 'ack', bytes: frame.length }));
    }
  });
  use.attach(main);
  return watched;
}

/** What the guest printed, as it lies on disk. */
export function consoleLog(test: TestApp, id: string): Promise<string> {
  return readFile(path.join(test.directories.library, id, 'logs', 'uart0.log'), 'utf8');
}
