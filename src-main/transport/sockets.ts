// The WebSocket half of a server: /rpc carries calls, /bytes?ticket=… what a ticket stands for.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { requestUrl } from './origin.ts';
import type { Served } from './served.ts';
import { socketChannel } from './socket-channel.ts';

/** Definitions and listings are small; pasted text is the largest frame of a console. */
const longestFrameBytes = 4 * 1024 * 1024;
/** A peer that takes no answers while it subscribes to everything. */
const mostBufferedAnswerBytes = 32 * 1024 * 1024;
const heartbeatMs = 20_000;
/** RFC 6455 7.4.1: 1001, going away. */
const goingAway = 1001;

export interface Sockets {
  /** Takes over an upgrade that the caller has already authorised. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** `heartbeat`: how often every peer is asked for a sign of life, in ms; one that missed the last is dropped. */
export function createSockets(served: Served, heartbeat = heartbeatMs): Sockets {
  const handler = new RPCHandler(served.router);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: longestFrameBytes,
    perMessageDeflate: false,
  });
  const alive = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of server.clients) checkPeer(socket, alive);
  }, heartbeat);
  timer.unref();

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer, use: (ws: WebSocket) => void) => {
    server.handleUpgrade(request, socket, head, (ws) => {
      alive.add(ws);
      ws.on('pong', () => alive.add(ws));
      // A frame that is too long or malformed: ws closes the connection by itself and tells it here.
      ws.on('error', () => undefined);
      use(ws);
    });
  };

  return {
    accept(request, socket, head) {
      const url = requestUrl(request);
      if (url?.pathname === '/rpc') {
        open(request, socket, head, (ws) => void handler.upgrade(ws));
        return;
      }
      const use =
        url?.pathname === '/bytes' ? served.redeem(url.searchParams.get('ticket') ?? '') : undefined;
      if (use?.kind === 'console') open(request, socket, head, (ws) => use.attach(socketChannel(ws)));
      else refuseUpgrade(socket, 404);
    },
    close() {
      clearInterval(timer);
      for (const socket of server.clients) socket.close(goingAway);
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, 500).unref();
      server.close();
    },
  };
}

function checkPeer(socket: WebSocket, alive: WeakSet<WebSocket>): void {
  if (!alive.delete(socket) || socket.bufferedAmount > mostBufferedAnswerBytes) socket.terminate();
  else socket.ping();
}

const reasons = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' } as const;

export function refuseUpgrade(socket: Duplex, status: keyof typeof reasons): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
