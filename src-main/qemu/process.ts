// Starts QEMU so that it outlives the manager, and waits until it answers or says why it does not.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, type FaultData } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';
import { processStart } from '../lib/process-identity.ts';
import { qemuEnvironment } from './process-environment.ts';
import { connectQmp, type QmpClient } from './qmp.ts';

export interface QemuProcessOptions {
  program: string;
  words: readonly string[];
  /** Working directory; nothing of the command line depends on it. */
  cwd: string;
  /** QEMU's standard output and error are appended here. */
  logPath: string;
  /** Descriptors that QEMU keeps open, beginning at 3: with a writer of its own a FIFO never ends for its reader. */
  inherit: readonly number[];
}

export interface QemuEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface QemuProcess {
  pid: number;
  /** As `processStart` of lib/process-identity.ts gives it. */
  startTime: string;
  child: ChildProcess;
  ended: Promise<QemuEnd>;
  /** What this process has written to its log so far, at most the last 64 KiB. */
  words(): Promise<string>;
}

const wordsBytes = 64 * 1024;
/** QEMU opens its socket about 30 ms after it was started; the guest runs 20 ms later. */
const connectEveryMs = 2;
/** One that waits for a disk inside the system ends later. */
const killPatienceMs = 5000;

function spawnFault(program: string, error: unknown): Fault {
  const code = errnoOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ENOENT':
      return new Fault({
        code: 'qemu-missing',
        message: `QEMU is no longer at ${program}.`,
        remedy: 'Look for QEMU again in the settings, or install it again.',
        detail,
      });
    case 'EAGAIN':
    case 'ENOMEM':
    case 'EMFILE':
    case 'ENFILE':
      return new Fault({
        code: 'qemu-failed',
        message: 'This computer cannot start another program now.',
        remedy: 'Close programs or stop other machines, then try again.',
        detail,
      });
    case 'E2BIG':
      return new Fault({
        code: 'bad-input',
        message: 'The machine’s command line is longer than this system allows.',
        remedy: 'Shorten the kernel’s command line or the paths of the files.',
        detail,
      });
    default:
      return new Fault({
        code: 'qemu-broken',
        message: `QEMU at ${program} cannot be started.`,
        remedy: 'Choose another QEMU in the settings, or install this one again.',
        detail,
      });
  }
}

/**
 * Starts QEMU in a session of its own, with nothing on its standard input: neither the end of the manager nor a
 * closed terminal reaches it. Throws a `Fault` when it cannot be started, and the system's error when the log cannot
 * be written.
 */
export async function spawnQemu(options: QemuProcessOptions): Promise<QemuProcess> {
  const log = await open(options.logPath, 'a', 0o600);
  try {
    const logFrom = (await log.stat()).size;
    const child = spawn(options.program, options.words, {
      cwd: options.cwd,
      detached: true,
      env: qemuEnvironment(),
      stdio: ['ignore', log.fd, log.fd, ...options.inherit],
    });
    const ended = new Promise<QemuEnd>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    await once(child, 'spawn');
    child.on('error', () => undefined); // a signal that could not be sent; `ended` tells what counts
    child.unref();
    const pid = child.pid ?? 0;
    const startTime = (await processStart(pid)) ?? '';
    return { pid, startTime, child, ended, words: () => readFrom(options.logPath, logFrom) };
  } catch (error) {
    throw spawnFault(options.program, error);
  } finally {
    await log.close();
  }
}

async function readFrom(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - wordsBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

export interface AnswerOptions {
  qmpSocket: string;
  /** How long QEMU may take to open its socket and to answer there. */
  patienceMs: number;
  signal?: AbortSignal;
  /** Turns QEMU's last words into a fault. */
  explain(words: string): FaultData;
}

/**
 * Resolves with the QMP connection as soon as QEMU answers. Throws a `Fault`: its translated last words when it
 * ended, qemu-silent when the time is up, cancelled; it is killed in the two latter cases.
 */
export async function untilQemuAnswers(started: QemuProcess, options: AnswerOptions): Promise<QmpClient> {
  let end: QemuEnd | undefined;
  void started.ended.then((how) => {
    end = how;
  });
  const deadline = Date.now() + options.patienceMs;
  for (;;) {
    if (options.signal?.aborted) return giveUp(started, cancelled());
    try {
      return await connectQmp(options.qmpSocket, { timeoutMs: options.patienceMs });
    } catch (error) {
      if (end === undefined && stillComing(error)) {
        if (Date.now() < deadline) {
          await sleep(connectEveryMs);
          continue;
        }
        return giveUp(started, neverAnswered(options.patienceMs));
      }
      // The connection can break a moment before the process is known to have ended.
      const how = end ?? (await Promise.race([started.ended, sleep(1000)]));
      if (how) throw new Fault(await lastWords(started, how, options));
      return giveUp(started, error);
    }
  }
}

const stillComing = (error: unknown) => error instanceof Fault && error.code === 'not-found';

async function lastWords(
  started: QemuProcess,
  { code, signal }: QemuEnd,
  { explain }: AnswerOptions,
): Promise<FaultData> {
  const words = (await started.words()).trim();
  const how = signal === null ? `QEMU ended with status ${code}.` : `QEMU was ended by ${signal}.`;
  return explain(words === '' ? how : words);
}

/** Ends a QEMU that was started here. Resolves when it is gone, or when it hangs inside the system. */
export async function killQemu({ child, ended }: QemuProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Let go of at its start, it alone would not keep this program waiting for its end.
  child.ref();
  child.kill('SIGKILL');
  await Promise.race([ended, sleep(killPatienceMs, undefined, { ref: false })]);
}

async function giveUp(started: QemuProcess, why: unknown): Promise<never> {
  await killQemu(started);
  throw why;
}

function cancelled(): Fault {
  return new Fault({
    code: 'cancelled',
    message: 'The start was stopped.',
    remedy: 'Start the machine again.',
  });
}

function neverAnswered(patienceMs: number): Fault {
  return new Fault({
    code: 'qemu-silent',
    message: `QEMU was started and has not opened its control socket for ${patienceMs / 1000} s.`,
    remedy: 'Try again; if this computer is very busy, stop other programs first.',
  });
}
