// The same guest on the same QEMU, started by hand: what Armoire is measured against.
import { type ChildProcess, spawn } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplainedArgument } from '../../../src-main/contract/vm.ts';
import { millisecondsSince } from './measure.ts';

/** Armoire's own plumbing: sockets, pipes, console files, its process name. */
const plumbing = /^(chardev:|-chardev$|-qmp$|-mon$|-serial$|-pidfile$)/;

/** The hardware of Armoire's command line, without its plumbing. */
export function hardwareOf(explained: readonly ExplainedArgument[]): string[] {
  return explained
    .filter(({ words }) => !words.some((word) => plumbing.test(word)))
    .flatMap(({ words }) => words);
}

export interface HandRun {
  readonly pid: number;
  /** What its first UART prints goes there. */
  readonly consoleFile: string;
  /** Milliseconds from the start of QEMU to the first byte that `sees` accepts in all output so far. */
  until(sees: (output: Buffer) => boolean): Promise<number>;
  type(text: string): void;
  end(): Promise<void>;
}

/** Starts QEMU with its first UART written to a file that is watched, and its keys on a FIFO-less stdin pipe. */
export async function startByHand(program: string, hardware: readonly string[]): Promise<HandRun> {
  const directory = await mkdtemp(join(tmpdir(), 'arm-hand-'));
  const log = join(directory, 'console');
  const file = await open(log, 'a+');
  const started = performance.now();
  const child: ChildProcess = spawn(program, [...hardware, '-serial', 'stdio'], {
    stdio: ['pipe', file.fd, 'inherit'],
  });
  const gone = new Promise((done) => child.once('exit', done));
  let output = Buffer.alloc(0);
  const chunk = Buffer.alloc(4 * 1024 * 1024);

  async function readMore(): Promise<void> {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, output.length);
      if (bytesRead === 0) return;
      output = Buffer.concat([output, chunk.subarray(0, bytesRead)]);
    }
  }

  return {
    pid: child.pid ?? 0,
    consoleFile: log,
    async until(sees) {
      let watcher: FSWatcher | undefined;
      try {
        return await new Promise<number>((done, fail) => {
          let busy = false;
          const look = async (): Promise<void> => {
            if (busy) return;
            busy = true;
            await readMore();
            busy = false;
            if (sees(output)) done(millisecondsSince(started));
          };
          watcher = watch(log, () => void look().catch(fail));
          child.once('exit', (code) => fail(new Error(`QEMU by hand ended with ${code}`)));
          void look().catch(fail);
        });
      } finally {
        watcher?.close();
      }
    },
    type: (text) => void child.stdin?.write(text),
    async end() {
      child.kill('SIGKILL');
      await gone;
      await file.close();
      await rm(directory, { recursive: true });
    },
  };
}
