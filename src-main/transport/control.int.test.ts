// The owner's door: calls, bytes, focus and login links over a socket that only its user can open.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, serveControl } from './control.ts';
import { connectControl, faultOfCall, requestFocus, requestLoginUrl } from './control-client.ts';
import { type ServedFixture, servedFixture } from './served.fixture.ts';

/** RFC 6455: what a server adds to the client's key. */
const webSocketGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

let scratch: string;
let socketPath: string;
let served: ServedFixture;
let server: ControlServer | undefined;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'armoire control:'));
  socketPath = path.join(scratch, 'run', 'control.sock');
  served = servedFixture();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  served.tickets.clear();
  await rm(scratch, { recursive: true, force: true });
});

describe('the socket', () => {
  it('is for its user only, and goes when the owner ends', async () => {
    server = await serveControl({ path: socketPath, served });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(socketPath))).mode & 0o777).toBe(0o700);
    await server.close();
    server = undefined;
    await expect(stat(socketPath)).rejects.toThrow('ENOENT');
  });

  it('replaces one that a dead owner left', async () => {
    await (await serveControl({ path: socketPath, served })).close();
    const left = createServer().listen(socketPath);
    await once(left, 'listening');
    server = await serveControl({ path: socketPath, served });
    expect(await requestFocus(socketPath).catch(faultOfCall)).toMatchObject({ code: 'unsupported' });
    await new Promise((resolve) => left.close(resolve));
  });

  it('never removes what is no socket', async () => {
    await (await serveControl({ path: socketPath, served })).close();
    await writeFile(socketPath, 'precious');
    await expect(serveControl({ path: socketPath, served })).rejects.toThrow('EADDRINUSE');
    expect((await stat(socketPath)).size).toBe(8);
  });

  it('closes a directory that was open to others', async () => {
    await (await serveControl({ path: socketPath, served })).close();
    await chmod(path.dirname(socketPath), 0o755);
    server = await serveControl({ path: socketPath, served });
    expect((await stat(path.dirname(socketPath))).mode & 0o777).toBe(0o700);
  });
});

describe('a client', () => {
  it('calls, gets typed faults, and opens bytes by a ticket', async () => {
    server = await serveControl({ path: socketPath, served });
    const client = await connectControl(socketPath);
    const id = '00000000-0000-4000-8000-000000000000';
    const fault = await client.rpc.vms.start({ id }).catch(faultOfCall);
    expect(fault).toMatchObject({ code: 'wrong-state', message: `VM ${id} runs already.` });
    const { ticket } = await client.rpc.console.open({ id, console: 'uart0' });
    const channel = await client.openBytes(ticket);
    const frames: unknown[] = [];
    channel.onFrame((frame) => frames.push(frame));
    channel.send('ack');
    channel.send(new Uint8Array([104, 105]));
    await expect.poll(() => frames).toEqual(['ack', Buffer.from('hi')]);
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.close();
    await closed;
    client.close();
  });

  it('loses no frame that comes in one read with the answer to its handshake', async () => {
    const hasty = createHttpServer();
    let upgrades = 0;
    hasty.on('upgrade', ({ headers }, socket) => {
      const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${webSocketGuid}`);
      const frame = upgrades++ === 0 ? '' : '\x81\x04live'; // the first is the socket of the calls
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n${frame}`,
        'latin1',
      );
      socket.on('data', () => socket.end());
    });
    const hastyPath = path.join(scratch, 'hasty.sock');
    hasty.listen(hastyPath);
    await once(hasty, 'listening');
    const client = await connectControl(hastyPath);
    const frames: unknown[] = [];
    const channel = await client.openBytes('ticket');
    channel.onFrame((frame) => frames.push(frame));
    await expect.poll(() => frames).toEqual(['live']);
    channel.close();
    client.close();
    await new Promise((resolve) => hasty.close(resolve));
  });

  it('brings a desktop to the front', async () => {
    let focused = 0;
    server = await serveControl({
      path: socketPath,
      served,
      focus: () => {
        focused += 1;
      },
    });
    await requestFocus(socketPath);
    expect(focused).toBe(1);
    await expect(requestLoginUrl(socketPath)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('gets a login link from a server', async () => {
    server = await serveControl({
      path: socketPath,
      served,
      loginUrl: () => 'http://127.0.0.1:1/login?token=x',
    });
    expect(await requestLoginUrl(socketPath)).toBe('http://127.0.0.1:1/login?token=x');
    await expect(requestFocus(socketPath)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('says so when nobody is there', async () => {
    await expect(connectControl(socketPath)).rejects.toMatchObject({ code: 'not-found' });
    await expect(requestFocus(socketPath)).rejects.toMatchObject({ code: 'not-found' });
  });
});
