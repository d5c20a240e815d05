// The command line for the integration tests: in a library of its own, with its terminal in the test's hands.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createApp } from './app.ts';
import { runCli } from './cli/program.ts';
import type { Surroundings } from './cli/surroundings.ts';
import type { VmView } from './contract/vm.ts';

const resourcesDir = path.resolve(import.meta.dirname, '../resources');

/** Of the test that runs. */
export let root: string;
export let env: Record<string, string>;
/** One for all tests: QEMU is probed once. */
let cache: string;

/** Call it once in a test file: every test has an empty library, and leaves nothing that runs. */
export function inOwnLibrary(): void {
  beforeAll(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'arm-cli-cache-'));
  });

  afterAll(() => rm(cache, { recursive: true, force: true }));

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'arm-cli-'));
    await mkdir(path.join(root, 'page'));
    await writeFile(path.join(root, 'page/index.html'), '<!doctype html>');
    env = {
      ARMOIRE_LIBRARY: path.join(root, 'library'),
      ARMOIRE_CONFIG: path.join(root, 'config'),
      ARMOIRE_CACHE: cache,
      ARMOIRE_RUNTIME: path.join(root, 'run'),
    };
  });

  afterEach(async () => {
    const { out } = await run(['list', '--json']).ended;
    for (const { id, state } of JSON.parse(out) as VmView[]) {
      if (state !== 'stopped') await run(['stop', '--force', id]).ended;
    }
    await rm(root, { recursive: true, force: true });
  });
}

export interface Run {
  ended: Promise<{ code: number; out: string; err: string }>;
  /** What was printed so far. */
  out(): string;
  err(): string;
  stdin: PassThrough;
  interrupt(): void;
}

/** `tty`: standard input is a terminal, whose raw mode is recorded in `modes`. */
export function run(words: string[], tty?: { modes: boolean[] }): Run {
  const stdin = Object.assign(
    new PassThrough(),
    tty && { isTTY: true, setRawMode: (on: boolean) => tty.modes.push(on) },
  );
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString();
  });
  const listeners = new Set<() => void>();
  const around: Surroundings = {
    env,
    version: '1.2.3',
    resourcesDir,
    rendererDir: path.join(root, 'page'),
    openCore: (directories) =>
      createApp({ mode: 'browser', directories, resourcesDir, version: '1.2.3', shell: {} }),
    terminal: { stdin: stdin as unknown as Surroundings['terminal']['stdin'], stdout, stderr },
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const ended = runCli(words, around).then(async (code) => {
    // Streams hand on what was written in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    return { code, ...printed };
  });
  return {
    ended,
    out: () => printed.out,
    err: () => printed.err,
    stdin,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
