import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { connectQmp, openQmp, type QmpClient, type QmpEvent, QmpRefusal } from './qmp.ts';
import { faultOf } from './testing.ts';

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "Debian"}, "capabilities": ["oob"]}}\r\n';

interface Peer {
  /** What QEMU says. */
  says(text: string | Uint8Array): void;
  /** The commands sent so far. */
  commands(): { execute: string; arguments?: unknown; id: number }[];
  ends(): void;
  client: Promise<QmpClient>;
}

const clients: QmpClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** The other end of the streams; QEMU's part is played by the test. */
function peer(timeoutMs = 200): Peer {
  const input = new PassThrough();
  const output = new PassThrough();
  const sent: Buffer[] = [];
  output.on('data', (chunk: Buffer) => sent.push(chunk));
  const client = openQmp({ input, output, close: () => input.destroy() }, { timeoutMs });
  client.then((made) => clients.push(made)).catch(() => undefined);
  return {
    client,
    says: (text) => input.write(text),
    commands: () =>
      Buffer.concat(sent)
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    ends: () => input.end(),
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function opened(timeoutMs?: number): Promise<Peer & { qmp: QmpClient }> {
  const there = peer(timeoutMs);
  there.says(greeting);
  await settle();
  there.says('{"return": {}, "id": 1}\r\n');
  return { ...there, qmp: await there.client };
}

test('leaves negotiation mode before anything else and knows the version', async () => {
  const { qmp, commands } = await opened();
  expect(qmp.greeting).toEqual({ major: 10, minor: 0, micro: 2, package: 'Debian' });
  expect(commands()).toEqual([{ execute: 'qmp_capabilities', id: 1 }]);
});

test('gives each answer to its own command, in whatever order they come', async () => {
  const { qmp, says, commands } = await opened();
  const first = qmp.execute('query-status');
  const second = qmp.execute('query-version', { a: 'é' });
  await settle();
  expect(commands().slice(1)).toEqual([
    { execute: 'query-status', id: 2 },
    { execute: 'query-version', arguments: { a: 'é' }, id: 3 },
  ]);
  says('{"return": "second", "id": 3}\r\n{"return": "first", "id": 2}\r\n');
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

test('puts together messages that arrive cut at any byte, even inside of a character', async () => {
  const { qmp, says } = await opened();
  const answer = qmp.execute('query-name');
  await settle();
  for (const byte of Buffer.from('\r\n{"return": {"name": "Gäste €"}, "id": 2}\r\n')) {
    says(Uint8Array.of(byte));
    await settle();
  }
  expect(await answer).toEqual({ name: 'Gäste €' });
});

test('takes an answer of a megabyte', async () => {
  const { qmp, says } = await opened();
  const answer = qmp.execute<string[]>('query-qmp-schema');
  const names = Array.from({ length: 60_000 }, (_, index) => `member-${index}`);
  says(`${JSON.stringify({ return: names, id: 2 })}\r\n`);
  expect(await answer).toEqual(names);
});

test('tells an error reply from a failure of the connection', async () => {
  const { qmp, says } = await opened();
  const answer = qmp.execute('device_del', { id: 'x' });
  says('{"id": 2, "error": {"class": "DeviceNotFound", "desc": "Device \'x\' not found"}}\r\n');
  const refusal = await faultOf(answer);
  expect(refusal).toBeInstanceOf(QmpRefusal);
  expect(refusal).toMatchObject({ errorClass: 'DeviceNotFound', description: "Device 'x' not found" });
  expect(refusal.data.detail).toBe("Device 'x' not found");
});

test('an error that names no command fails all of them', async () => {
  const { qmp, says } = await opened();
  const answers = [qmp.execute('a'), qmp.execute('b')];
  says('{"error": {"class": "GenericError", "desc": "JSON parse error"}}\r\n');
  for (const answer of answers) expect((await faultOf(answer)).data.detail).toBe('JSON parse error');
});

test('hands on events with their time, until the listener is taken away', async () => {
  const { qmp, says } = await opened();
  const seen: QmpEvent[] = [];
  const stop = qmp.onEvent((event) => seen.push(event));
  says('{"timestamp": {"seconds": 2, "microseconds": 500000}, "event": "STOP"}\r\n');
  says('{"timestamp": {"seconds": 3, "microseconds": 0}, "event": "SHUTDOWN", "data": {"guest": true}}\r\n');
  await settle();
  stop();
  says('{"timestamp": {"seconds": 4, "microseconds": 0}, "event": "RESUME"}\r\n');
  await settle();
  expect(seen).toEqual([
    { event: 'STOP', data: {}, at: 2500 },
    { event: 'SHUTDOWN', data: { guest: true }, at: 3000 },
  ]);
});

test('a command without an answer fails after its time; a late answer hurts nobody', async () => {
  const { qmp, says } = await opened();
  const fault = await faultOf(qmp.execute('query-status', undefined, { timeoutMs: 20 }));
  expect(fault.code).toBe('qemu-silent');
  expect(fault.data.remedy).not.toBe('');
  says('{"return": "late", "id": 2}\r\n');
  const next = qmp.execute('query-status');
  says('{"return": "in time", "id": 3}\r\n');
  expect(await next).toBe('in time');
});

test('the end of the connection fails what waits, and what is asked afterwards', async () => {
  const { qmp, ends } = await opened();
  const waiting = qmp.execute('query-status');
  ends();
  await qmp.closed;
  expect((await faultOf(waiting)).code).toBe('qemu-failed');
  expect((await faultOf(qmp.execute('query-status'))).code).toBe('qemu-failed');
});

test('close fails what waits', async () => {
  const { qmp } = await opened();
  const waiting = qmp.execute('query-status');
  qmp.close();
  expect((await faultOf(waiting)).code).toBe('qemu-failed');
  await qmp.closed;
});

test.each([
  ['text', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['binary', Uint8Array.of(0xff, 0xfe, 0x00, 0x0a)],
  ['another JSON', '[1, 2]\r\n'],
  ['an object of no kind', '{"hello": 1}\r\n'],
  ['a greeting of another shape', '{"QMP": {"version": 3}}\r\n'],
])('refuses a peer that speaks something else: %s', async (_what, text) => {
  const { says, client } = peer();
  says(text);
  expect((await faultOf(client)).code).toBe('qemu-broken');
});

test('garbage in the middle of a session ends it with the reason', async () => {
  const { qmp, says } = await opened();
  const waiting = qmp.execute('query-status');
  says('{"return": {}, "id": \r\n');
  const fault = await faultOf(waiting);
  expect(fault.code).toBe('qemu-broken');
  expect(fault.data.detail).toContain('"id"');
});

test('a peer that never greets is silent, one that closes at once has failed', async () => {
  expect((await faultOf(peer(20).client)).code).toBe('qemu-silent');
  const closing = peer();
  closing.ends();
  expect((await faultOf(closing.client)).code).toBe('qemu-failed');
});

test('a stale socket and a missing one are told apart from a silent QEMU', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'armoire-qmp-'));
  const socketPath = path.join(directory, 'q');
  try {
    expect((await faultOf(connectQmp(socketPath))).code).toBe('not-found');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const accepted = new Promise<net.Socket>((resolve) => server.once('connection', resolve));
    expect((await faultOf(connectQmp(socketPath, { timeoutMs: 20 }))).code).toBe('qemu-silent');
    (await accepted).destroy();
    await new Promise((resolve) => server.close(resolve));
    expect((await faultOf(connectQmp(socketPath))).code).toBe('not-found');
  } finally {
    await rm(directory, { recursive: true });
  }
});
