// A real guest for the integration tests: settled, started and ended as the product does it.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { commandLine, wordsOf } from './command-line.ts';
import { type Launch, type LaunchContext, settleLaunch } from './launch.ts';
import { type QemuProcess, spawnQemu, untilQemuAnswers } from './process.ts';
import type { QmpClient } from './qmp.ts';
import { resourcesDir } from './testing.ts';
import { translateFailure } from './translate.ts';

const run = promisify(execFile);

export const guestVmId = '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0';

export const thisHost = {
  arch: process.arch,
  platform: process.platform,
  memoryMiB: Math.floor(os.totalmem() / 1024 ** 2),
  cores: os.cpus().length,
};

export interface Guest {
  launch: Launch;
  process: QemuProcess;
  qmp: QmpClient;
  /** What the console printed so far. */
  printed(id?: string): Promise<string>;
  type(text: string): Promise<void>;
  /** Resolves with all that was printed once it matches; throws with it after `patienceMs`. */
  until(pattern: RegExp, patienceMs?: number): Promise<string>;
}

export function contextIn(directory: string, uarts: number, qemu: QemuCapabilities): LaunchContext {
  return {
    vmId: guestVmId,
    vmDirectory: directory,
    qmpSocket: path.join(directory, 'q'),
    qemu,
    host: thisHost,
    resourcesDirectory: resourcesDir,
    consoles: Array.from({ length: uarts }, (_, index) => ({
      id: `uart${index}`,
      logPath: path.join(directory, `uart${index}.log`),
      inputPath: path.join(directory, `uart${index}.in`),
    })),
  };
}

/** QEMU has ended when this resolves or throws. `goesOn`: it waits for a memory, with this part of it mapped. */
export async function withGuest<T>(
  definition: VmDefinition,
  directory: string,
  qemu: QemuCapabilities,
  work: (guest: Guest) => Promise<T>,
  goesOn?: { mappedRam: LaunchContext['mappedRam'] },
): Promise<T> {
  await mkdir(directory, { recursive: true });
  const context = {
    ...contextIn(directory, definition.uarts, qemu),
    ...(goesOn && { incoming: true, ...goesOn }),
  };
  const launch = await settleLaunch(definition, context);
  const inputs = await Promise.all(
    context.consoles.map(async ({ inputPath }) => {
      await run('mkfifo', ['-m', '600', '--', inputPath]);
      return open(inputPath, constants.O_RDWR | constants.O_NONBLOCK);
    }),
  );
  let process: QemuProcess | undefined;
  let qmp: QmpClient | undefined;
  try {
    process = await spawnQemu({
      program: launch.program,
      words: wordsOf(commandLine(definition, launch)),
      cwd: '/',
      logPath: path.join(directory, 'qemu.log'),
      inherit: inputs.map(({ fd }) => fd),
    });
    qmp = await untilQemuAnswers(process, {
      qmpSocket: context.qmpSocket,
      patienceMs: 20_000,
      explain: (words) => translateFailure(words, definition),
    });
    const printed = (id = 'uart0') => readFile(path.join(directory, `${id}.log`), 'utf8').catch(() => '');
    return await work({
      launch,
      process,
      qmp,
      printed,
      type: async (text) => void (await inputs[0]?.write(text)),
      until: async (pattern, patienceMs = 20_000) => {
        for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(5)) {
          const text = await printed();
          if (pattern.test(text)) return text;
        }
        throw new Error(`${pattern} was not printed: ${(await printed()).slice(-2000)}`);
      },
    });
  } finally {
    qmp?.close();
    process?.child.ref();
    process?.child.kill('SIGKILL');
    await process?.ended;
    await Promise.all(inputs.map((input) => input.close()));
  }
}
