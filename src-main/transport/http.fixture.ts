// A server over real sockets for the transports' tests, and ways to ask it that a browser would not allow.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { type HttpTransport, serveHttp } from './http.ts';
import { type ServedFixture, servedFixture } from './served.fixture.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HttpFixture {
  server: HttpTransport;
  served: ServedFixture;
  scratch: string;
  /** Where uploads go. */
  uploads: string;
  /** What was logged. */
  lines: string[];
  /** Unlike fetch, sends the headers that it is given, `Host` and `Origin` too. */
  ask(
    method: string,
    target: string,
    headers?: Record<string, string>,
    body?: Buffer | string,
  ): Promise<Answer>;
  /** The session's cookie. */
  logIn(): Promise<string>;
  /** The headers of a page of the server's own. */
  own(): Promise<Record<string, string>>;
  dial(target: string, headers: Record<string, string>): Promise<WebSocket>;
  /** Ends this server and starts another one. */
  restart(options: { heartbeatMs?: number }): Promise<void>;
  end(): Promise<void>;
}

export async function httpFixture(): Promise<HttpFixture> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'armoire-http-'));
  const rendererDir = path.join(scratch, 'renderer');
  await mkdir(rendererDir);
  await writeFile(path.join(rendererDir, 'index.html'), '<!doctype html>page');
  const served = servedFixture();
  const lines: string[] = [];
  const uploads = path.join(scratch, 'uploads');
  const start = (more: { heartbeatMs?: number } = {}) =>
    serveHttp({
      served,
      rendererDir,
      uploadDirectory: uploads,
      host: '127.0.0.1',
      port: 0,
      log: (line) => lines.push(line),
      ...more,
    });
  const fixture: HttpFixture = {
    server: await start(),
    served,
    scratch,
    uploads,
    lines,
    ask: (method, target, headers = {}, body = '') =>
      new Promise((resolve, reject) => {
        const options = { host: '127.0.0.1', port: fixture.server.port, method, path: target, headers };
        const call = request(options, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
        });
        call.on('error', reject);
        call.end(body);
      }),
    async logIn() {
      const url = new URL(fixture.server.loginUrl());
      const { headers } = await fixture.ask('GET', url.pathname + url.search);
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    },
    own: async () => ({ cookie: await fixture.logIn(), origin: fixture.server.origin }),
    dial: (target, headers) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${fixture.server.port}${target}`, { headers });
        socket.once('open', () => resolve(socket));
        socket.once('error', reject);
      }),
    async restart(options) {
      await fixture.server.close();
      fixture.server = await start(options);
    },
    async end() {
      await fixture.server.close();
      served.tickets.clear();
      await rm(scratch, { recursive: true, force: true });
    },
  };
  return fixture;
}
