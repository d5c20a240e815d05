// A QEMU that lives for a few questions only: started with QMP on its standard streams, ended when they are answered.
import { spawn } from 'node:child_process';
import { Fault } from '../contract/fault.ts';
import { qemuEnvironment } from './process-environment.ts';
import { openQmp, type QmpClient } from './qmp.ts';

const keptBytes = 16_000;

export type StdioAnswer<T> = { stderr: string } & ({ ok: true; answer: T } | { ok: false; error: unknown });

/**
 * Starts `program` with `words`, which must give it `-qmp stdio`, and asks. QEMU has ended when this resolves.
 * @param patienceMs for the greeting and for the first answer, which QEMU gives when the machine is made
 */
export async function askQemu<T>(
  program: string,
  words: readonly string[],
  patienceMs: number,
  ask: (qmp: QmpClient) => Promise<T>,
): Promise<StdioAnswer<T>> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: qemuEnvironment() });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-keptBytes);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      stderr += error.message;
      resolve();
    });
  });
  try {
    const streams = { input: child.stdout, output: child.stdin, close: () => child.stdin.destroy() };
    const qmp = await openQmp(streams, { timeoutMs: patienceMs });
    const answer = await ask(qmp);
    child.kill('SIGKILL');
    await ended;
    return { ok: true, answer, stderr };
  } catch (error) {
    // One that ended by itself has said why when its streams are closed; any other is ended here.
    if (!(error instanceof Fault && error.code === 'qemu-failed')) child.kill('SIGKILL');
    const overdue = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(overdue);
    return { ok: false, error, stderr };
  }
}
