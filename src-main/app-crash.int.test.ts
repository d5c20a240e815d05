import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  pidOf,
  processesOf,
  prompt,
  qemusOf,
  resourcesDir,
  type TestApp,
  watchConsole,
  withTestApp,
} from './app.testing.ts';
import { fixtureProgram } from './fixture-program.testing.ts';

interface Manager {
  /** Resolves when it has said this word. */
  said(word: string): Promise<void>;
  kill(): Promise<void>;
}

/** A manager of the same library in another process. */
function startManager(test: TestApp, start?: string): Manager {
  const orders = { directories: test.directories, resourcesDir, ...(start !== undefined && { start }) };
  const child: ChildProcess = spawn(
    process.execPath,
    [fixtureProgram('app-manager'), JSON.stringify(orders)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const words: string[] = [];
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => words.push(line));
  return {
    said: (word) =>
      expect
        .poll(() => (child.exitCode === null ? words : [`exit ${child.exitCode}: ${errors}`]), {
          timeout: 20_000,
          interval: 2,
        })
        .toContain(word),
    async kill() {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Between the two, and a different one each time: nobody knows the worst moment beforehand. */
const between = (fromMs: number, toMs: number) => fromMs + Math.random() * (toMs - fromMs);

function intentNoted(test: TestApp, id: string): Promise<void> {
  const file = path.join(test.directories.library, id, 'run.json');
  return expect
    .poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000, interval: 1 })
    .toMatch(/"phase":"(starting|running)"/);
}

const countedIn = (text: string) =>
  [...text.matchAll(/^count (\d+)\r$/gm)].map(([, number]) => Number(number));

describe('kill -9 of the manager', () => {
  it('at any moment of a start never doubles a VM and never loses one', { timeout: 180_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await test.createSample({}, false);
      const outcomes = new Set<string>();
      for (let round = 0; round < 10; round++) {
        await test.app.close();
        const manager = startManager(test, id);
        await manager.said('open');
        // Half of the rounds around the moment in which QEMU is let go, the others anywhere.
        if (round % 2 === 0) await intentNoted(test, id);
        await sleep(round % 2 === 0 ? between(0, 60) : between(0, 300));
        await manager.kill();
        await test.reopen();
        const { state, run } = await test.state(id);
        const running = await processesOf(id);
        outcomes.add(state);
        if (state === 'running') expect(running).toEqual([run?.pid]);
        else {
          expect(['stopped', 'crashed']).toContain(state);
          expect(running).toEqual([]);
          await test.client.vms.start({ id });
        }
        const console = await watchConsole(test, id);
        await console.expect(prompt);
        console.type('poweroff\r');
        await expect.poll(async () => (await test.state(id)).state).toBe('stopped');
      }
      expect(outcomes.size).toBeGreaterThan(0);
    }),
  );

  it('while the guest counts leaves no gap and no repeat, and the same process', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      const first = await watchConsole(test, vm.id);
      await first.expect(prompt);
      first.type('count 100000\r');
      await first.expect('count 3\r\n');
      await test.app.close();
      for (let round = 0; round < 3; round++) {
        const manager = startManager(test);
        await manager.said('open');
        await sleep(between(0, 400));
        await manager.kill();
      }
      await test.reopen();
      expect(pidOf(await test.state(vm.id))).toBe(pidOf(vm));
      const last = await watchConsole(test, vm.id);
      await expect.poll(() => last.messages.at(-1)?.type).toBe('live');
      last.type('x');
      await last.expect(prompt);
      const counted = countedIn(last.text());
      expect(counted.length).toBeGreaterThan(20);
      expect(counted).toEqual(Array.from({ length: counted.length }, (_, index) => index));
    }),
  );

  it('while it keeps the console below its cap loses and repeats no byte', { timeout: 180_000 }, () =>
    withTestApp(async (test) => {
      await test.client.host.saveSettings({ consoleCapMiB: 1 });
      const vm = await test.createSample();
      const console = await watchConsole(test, vm.id);
      await console.expect(prompt);
      // More than half the cap, so that it is rotated; less than the cap, so that nothing is dropped.
      console.type('fill 540\r');
      await console.expect('crc32', 60_000);
      await test.app.close();
      for (let round = 0; round < 4; round++) {
        const manager = startManager(test);
        await sleep(between(500, 1500));
        await manager.kill();
      }
      await test.reopen();
      expect(pidOf(await test.state(vm.id))).toBe(pidOf(vm));
      expect((await test.state(vm.id)).state).toBe('running');
      const after = await watchConsole(test, vm.id);
      await expect.poll(() => after.messages.at(-1)?.type).toBe('live');
      expect(after.text()).toBe(console.text());
      after.type('echo it goes on\r');
      await after.expect('\r\nit goes on');
    }),
  );

  it('leaves nothing behind that keeps the next one out', () =>
    withTestApp(async (test) => {
      await test.app.close();
      const manager = startManager(test);
      await manager.said('open');
      await manager.kill();
      await test.reopen();
      expect(await qemusOf(test.directories)).toEqual([]);
    }));
});
