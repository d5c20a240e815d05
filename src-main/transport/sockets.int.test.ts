// The WebSockets of a real server: calls, streams, bytes, and peers that do not behave.
import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ContractClient } from './control-client.ts';
import { type HttpFixture, httpFixture } from './http.fixture.ts';

let http: HttpFixture;

beforeEach(async () => {
  http = await httpFixture();
});

afterEach(() => http.end());

describe('sockets', () => {
  it('/rpc carries calls, typed faults and streams, and ends the streams with the socket', async () => {
    const socket = await http.dial('/rpc', await http.own());
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
    const rpc: ContractClient = createORPCClient(link);
    const id = '00000000-0000-4000-8000-000000000000';
    await expect(rpc.vms.start({ id })).rejects.toMatchObject({
      code: 'FAULT',
      data: { code: 'wrong-state', message: `VM ${id} runs already.` },
    });
    const events = await rpc.vms.watch();
    expect(await events.next()).toMatchObject({ value: { type: 'all', seq: 1 } });
    expect(http.served.watching).toBe(1);
    socket.close();
    await expect.poll(() => http.served.watching).toBe(0);
  });

  it('/bytes carries frames as they are, once for each ticket', async () => {
    const target = `/bytes?ticket=${http.served.echoTicket()}`;
    const headers = await http.own();
    const socket = await http.dial(target, headers);
    socket.send('text');
    expect(await once(socket, 'message')).toEqual([Buffer.from('text'), false]);
    socket.send(Buffer.from([0, 255, 13]));
    expect(await once(socket, 'message')).toEqual([Buffer.from([0, 255, 13]), true]);
    await expect(http.dial(target, headers)).rejects.toThrow('404');
    socket.close();
  });

  it('there is nothing else to dial', async () => {
    await expect(http.dial('/other', await http.own())).rejects.toThrow('404');
    await expect(http.dial('/bytes', await http.own())).rejects.toThrow('404');
  });

  it('a viewer that takes nothing is cut off instead of filling the memory', async () => {
    const socket = await http.dial(`/bytes?ticket=${http.served.echoTicket()}`, await http.own());
    await expect.poll(() => http.served.channels).toHaveLength(1);
    socket.pause();
    const closed = new Promise<void>((resolve) => http.served.channels[0]?.onClose(resolve));
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < 64; sent += 1) http.served.channels[0]?.send(megabyte);
    socket.resume();
    const [code] = await once(socket, 'close');
    expect(code).toBe(1013);
    await closed;
  });

  it('a frame too long to be honest ends the connection, not the server', async () => {
    const socket = await http.dial(`/bytes?ticket=${http.served.echoTicket()}`, await http.own());
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(5 * 1024 * 1024));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    expect((await http.ask('GET', '/', { cookie: await http.logIn() })).status).toBe(200);
  });

  it('a peer that gives no sign of life is dropped, one that does stays', async () => {
    await http.restart({ heartbeatMs: 50 });
    const headers = await http.own();
    const alive = await http.dial('/rpc', headers);
    const dead = await http.dial('/rpc', headers);
    // No pongs: what arrives is not even read.
    dead.pause();
    const pings: unknown[] = [];
    alive.on('ping', () => pings.push(1));
    await expect.poll(() => pings.length).toBeGreaterThan(4);
    dead.resume();
    await once(dead, 'close');
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.close();
  });

  it('closing the server ends them', async () => {
    const socket = await http.dial('/rpc', await http.own());
    const closed = once(socket, 'close');
    await http.restart({});
    expect((await closed)[0]).toBe(1001);
  });
});
