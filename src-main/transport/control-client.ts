// Talks to the process that owns the library, over its control socket.
import { request } from 'node:http';
import { connect } from 'node:net';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { Fault, faultData, toFaultData } from '../contract/fault.ts';
import type { Contract } from '../contract/index.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import { socketChannel } from './socket-channel.ts';

const answerTimeoutMs = 5_000;

export type ContractClient = ContractRouterClient<Contract>;

export interface ControlClient {
  rpc: ContractClient;
  /** What a one-time ticket stands for. */
  openBytes(ticket: string): Promise<ByteChannel>;
  close(): void;
}

/** Throws Fault `not-found` when nobody listens there. */
export async function connectControl(socketPath: string): Promise<ControlClient> {
  const socket = await opened(dial(socketPath, '/rpc'), socketPath);
  // ws speaks the browser's interface; only the classes of its events differ.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const rpc: ContractClient = createORPCClient(link);
  return {
    rpc,
    openBytes: async (ticket) => {
      const socket = dial(socketPath, `/bytes?ticket=${encodeURIComponent(ticket)}`);
      // The first frames may come in one read with the handshake's answer: only who listens before has them.
      const channel = socketChannel(socket);
      await opened(socket, socketPath);
      return channel;
    },
    close: () => socket.close(),
  };
}

/** Shows the owner's main window. Throws Fault `not-found`, `unsupported` (a server has none). */
export async function requestFocus(socketPath: string): Promise<void> {
  await post(socketPath, '/focus');
}

/** A fresh one-time login link. Throws Fault `not-found`, `unsupported` (a desktop serves no browser). */
export async function requestLoginUrl(socketPath: string): Promise<string> {
  return z.object({ url: z.url() }).parse(await post(socketPath, '/login-url')).url;
}

/** The fault inside of what a call threw; anything else is a defect and becomes one as `toFaultData` does. */
export function faultOfCall(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof ORPCError) {
    const data = faultData.safeParse(error.data);
    if (data.success) return new Fault(data.data, { cause: error });
    return new Fault({ ...toFaultData(error), detail: `${error.code}: ${error.message}` }, { cause: error });
  }
  return new Fault(toFaultData(error), { cause: error });
}

function dial(socketPath: string, url: string): WebSocket {
  return new WebSocket(`ws://armoire${url}`, {
    // ws has URLs for Unix sockets, which cannot name a path with a space or a colon.
    createConnection: () => connect(socketPath),
    handshakeTimeout: answerTimeoutMs,
  });
}

function opened(socket: WebSocket, socketPath: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', (error) => reject(nobody(socketPath, error)));
  });
}

function post(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method: 'POST', timeout: answerTimeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const body: unknown = JSON.parse(text);
        if (response.statusCode === 200) resolve(body);
        else reject(new Fault(faultData.parse(body)));
      });
    });
    call.on('timeout', () => call.destroy(new Error('no answer')));
    call.on('error', (error) => reject(nobody(socketPath, error)));
    call.end();
  });
}

function nobody(socketPath: string, cause: Error): Fault {
  return new Fault(
    {
      code: 'not-found',
      message: 'The Armoire that owns this library does not answer.',
      remedy: 'It may be starting or ending: try again in a moment.',
      detail: `${socketPath}: ${cause.message}`,
    },
    { cause },
  );
}
