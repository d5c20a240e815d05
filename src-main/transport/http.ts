// The browser's way in: an HTTP server with a login, the page's files, uploads, downloads and WebSockets.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { toFaultData } from '../contract/fault.ts';
import { cookieName, createAuth, readCookie, sessionCookie } from './auth.ts';
import { sendDownload } from './download.ts';
import { listen } from './listen.ts';
import {
  acceptedHosts,
  hasAcceptedHost,
  isSameOrigin,
  isWildcard,
  namesOf,
  requestUrl,
  urlHost,
} from './origin.ts';
import { sendFault, sendFile, sendPage, sendRedirect } from './respond.ts';
import { securityHeaders } from './security-headers.ts';
import type { Served } from './served.ts';
import { createSockets, refuseUpgrade } from './sockets.ts';
import { findStaticFile } from './static.ts';
import { receiveUpload, sweepParts } from './upload.ts';

/** An upload that stands still this long is given up. */
const uploadIdleMs = 60_000;

export interface HttpOptions {
  served: Served;
  /** The built page. */
  rendererDir: string;
  uploadDirectory: string;
  /** Address to listen on. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** Names besides the address itself that `Host` may carry. */
  extraHosts?: readonly string[];
  heartbeatMs?: number;
  /** Gets one line for each defect; never a URL, which may hold a token. */
  log: (line: string) => void;
}

export interface HttpTransport {
  port: number;
  /** `http://127.0.0.1:7420` */
  origin: string;
  /** A fresh link that logs one browser in, once. */
  loginUrl(): string;
  close(): Promise<void>;
}

/** Throws Fault `port-unusable`, `bad-input` for an address that is not this computer's. */
export async function serveHttp(options: HttpOptions): Promise<HttpTransport> {
  const auth = createAuth();
  const sockets = createSockets(options.served, options.heartbeatMs);
  // A body may take hours (an installer image over a slow line); standing still is what ends it, see uploadIdleMs.
  const server = createServer({ requestTimeout: 0, headersTimeout: 20_000, keepAliveTimeout: 5_000 });
  await sweepParts(options.uploadDirectory);
  await listen(server, options);

  const { port } = server.address() as AddressInfo;
  const names = namesOf(options.host, ownAddresses(), hostname());
  const hosts = acceptedHosts([...names, ...(options.extraHosts ?? [])], port);
  const origin = `http://${urlHost(isWildcard(options.host) ? '127.0.0.1' : options.host)}:${port}`;
  const hasSession = (request: IncomingMessage) =>
    auth.isSession(readCookie(request.headers.cookie, cookieName(port)) ?? '');

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Browsers differ on whether 'self' covers ws: (CSP 3 says so), so the one right source is named.
    for (const [name, value] of Object.entries(securityHeaders([`ws://${request.headers.host ?? ''}`]))) {
      response.setHeader(name, value);
    }
    handle(request, response).catch((error: unknown) => {
      const fault = toFaultData(error);
      if (fault.code === 'internal' && !request.destroyed) options.log(fault.detail ?? fault.message);
      sendFault(response, fault);
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hasAcceptedHost(request, hosts)) return sendPage(response, 403, 'unknown-host');
    const url = requestUrl(request);
    if (!url) return sendPage(response, 404, 'no-such-file');
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (!reading && !isSameOrigin(request)) return sendPage(response, 403, 'foreign-origin');
    if (request.method === 'GET' && url.pathname === '/login') return login(url, request, response);
    if (!hasSession(request)) return sendPage(response, 401, 'no-session');
    if (request.method === 'PUT' && url.pathname === '/upload') return upload(url, request, response);
    if (!reading) return sendPage(response, 405, 'no-such-method');
    if (request.method === 'GET' && url.pathname === '/download') return download(url, response);
    return page(url, request, response);
  }

  function login(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const session = auth.redeemLoginToken(url.searchParams.get('token') ?? '');
    if (session === undefined) {
      sendPage(response, 403, 'stale-login');
      return;
    }
    response.setHeader('Set-Cookie', sessionCookie(port, session));
    // A link followed from another site's page: the browser counts a redirect as that site's doing and keeps the
    // SameSite=Strict cookie back, while a page of ours may lead on.
    if (request.headers['sec-fetch-site'] === 'cross-site') sendPage(response, 200, 'logged-in');
    else sendRedirect(response, '/');
  }

  async function upload(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const length = request.headers['content-length'];
    if (length === undefined) return sendPage(response, 411, 'no-length');
    const idle = (): void => void request.destroy();
    request.socket.setTimeout(uploadIdleMs, idle);
    try {
      const path = await receiveUpload(request, {
        directory: options.uploadDirectory,
        name: url.searchParams.get('name') ?? '',
        sizeBytes: Number(length),
      });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
      response.end(JSON.stringify({ path }));
    } finally {
      request.socket.setTimeout(0, idle);
      request.socket.off('timeout', idle);
    }
  }

  async function download(url: URL, response: ServerResponse): Promise<void> {
    const use = options.served.redeem(url.searchParams.get('ticket') ?? '');
    if (use?.kind !== 'download') return sendPage(response, 404, 'no-such-file');
    return sendDownload(response, use);
  }

  async function page(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await findStaticFile(options.rendererDir, url.pathname);
    if (!file) return sendPage(response, 404, 'no-such-file');
    return sendFile(response, file, request.method === 'HEAD');
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!hasAcceptedHost(request, hosts) || !isSameOrigin(request)) refuseUpgrade(socket, 403);
    else if (!hasSession(request)) refuseUpgrade(socket, 401);
    else {
      if (socket instanceof Socket) socket.setNoDelay(true);
      sockets.accept(request, socket, head);
    }
  });

  return {
    port,
    origin,
    loginUrl: () => `${origin}/login?token=${auth.issueLoginToken()}`,
    async close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(hurry);
    },
  };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
}
