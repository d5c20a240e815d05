// The QMP client against a real QEMU: large answers, errors, events, and a QEMU that stops or dies.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { qemuEnvironment } from './process-environment.ts';
import { connectQmp, type QmpClient, QmpRefusal } from './qmp.ts';
import { askQemu } from './stdio-session.ts';
import { faultOf, inTemporaryDirectory, testQemu } from './testing.ts';

let program: string;
beforeAll(async () => {
  program = (await testQemu()).path;
});

interface Served {
  qmp: QmpClient;
  socketPath: string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<void>;
}

async function served(work: (qemu: Served) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const socketPath = path.join(directory, 'q');
    const words = [
      '-M',
      'virt',
      '-nodefaults',
      '-display',
      'none',
      '-qmp',
      `unix:${socketPath},server=on,wait=off`,
    ];
    const child = spawn(program, words, { stdio: 'ignore', env: qemuEnvironment() });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let qmp: QmpClient | undefined;
    try {
      while (!qmp) qmp = await connectQmp(socketPath).catch(() => sleep(5).then(() => undefined));
      await work({ qmp, socketPath, kill: (signal) => child.kill(signal), ended });
    } finally {
      qmp?.close();
      child.kill('SIGKILL');
      await ended;
    }
  });
}

test('speaks over standard streams, takes large answers, and tells refusals from failures', async () => {
  const words = ['-M', 'none', '-nodefaults', '-display', 'none', '-qmp', 'stdio'];
  const asked = await askQemu(program, words, 20_000, async (qmp) => {
    expect(qmp.greeting.major).toBeGreaterThanOrEqual(8);
    const schema = await qmp.execute<unknown[]>('query-qmp-schema');
    expect(JSON.stringify(schema).length).toBeGreaterThan(100_000);
    const refusal = await faultOf(qmp.execute('no-such-command'));
    expect(refusal).toBeInstanceOf(QmpRefusal);
    expect(refusal).toMatchObject({ errorClass: 'CommandNotFound' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => qmp.execute('query-status')));
    expect(answers).toHaveLength(50);
  });
  if (!asked.ok) throw asked.error;
});

test('sees events, and the end of QEMU', async () => {
  await served(async ({ qmp }) => {
    const seen: string[] = [];
    qmp.onEvent(({ event }) => seen.push(event));
    await qmp.execute('stop');
    await qmp.execute('cont');
    await qmp.execute('quit').catch(() => undefined);
    await qmp.closed;
    expect(seen).toEqual(expect.arrayContaining(['STOP', 'RESUME', 'SHUTDOWN']));
  });
});

test('a stopped QEMU is silent, not gone: when it goes on, so does the connection', async () => {
  await served(async ({ qmp, kill }) => {
    kill('SIGSTOP');
    const fault = await faultOf(qmp.execute('query-status', undefined, { timeoutMs: 200 }));
    expect(fault.code).toBe('qemu-silent');
    kill('SIGCONT');
    expect(await qmp.execute('query-status')).toMatchObject({ running: true });
  });
});

test('a killed QEMU fails what waits for it, and leaves a stale socket that is told as such', async () => {
  await served(async ({ qmp, socketPath, kill, ended }) => {
    kill('SIGSTOP');
    const waiting = faultOf(qmp.execute('query-status', undefined, { timeoutMs: 20_000 }));
    kill('SIGKILL');
    expect((await waiting).code).toBe('qemu-failed');
    await ended;
    expect((await faultOf(connectQmp(socketPath))).code).toBe('not-found');
  });
});

test('QEMU talks to one client at a time: a second one finds it silent until the first leaves', async () => {
  await served(async ({ qmp, socketPath }) => {
    expect((await faultOf(connectQmp(socketPath, { timeoutMs: 200 }))).code).toBe('qemu-silent');
    qmp.close();
    const second = await connectQmp(socketPath);
    expect(await second.execute('query-status')).toMatchObject({ running: true });
    second.close();
  });
});
