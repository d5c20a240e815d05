// The owner's door for other processes of the same user: calls, bytes, "come to the front", "let me log in".
import { chmod, lstat, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Fault, toFaultData } from '../contract/fault.ts';
import { unlessMissing } from '../lib/errno.ts';
import { makePrivateDirectory } from '../lib/private-directory.ts';
import { sendFault } from './respond.ts';
import type { Served } from './served.ts';
import { createSockets } from './sockets.ts';

export interface ControlOptions {
  /** Of the socket; its directory is made private, which is what keeps other users out. */
  path: string;
  served: Served;
  /** The desktop: shows and focuses the main window. */
  focus?: () => void;
  /** The server: a fresh one-time login link. */
  loginUrl?: () => string;
}

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Only for the owner of the library: a socket that is already there was left by a dead one and is replaced.
 * Throws what the system says when the socket cannot be made.
 */
export async function serveControl(options: ControlOptions): Promise<ControlServer> {
  const sockets = createSockets(options.served);
  const server = createServer((request, response) => answer(options, request, response));
  server.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head));
  await makePrivateDirectory(path.dirname(options.path));
  await removeStaleSocket(options.path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.path, resolve);
  });
  await chmod(options.path, 0o600);
  return {
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

function answer(options: ControlOptions, request: IncomingMessage, response: ServerResponse): void {
  try {
    const body = command(options, `${request.method} ${request.url}`);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  } catch (error) {
    sendFault(response, toFaultData(error));
  }
}

function command(options: ControlOptions, what: string): object {
  switch (what) {
    case 'POST /focus':
      if (!options.focus) throw cannot('The Armoire that is running has no window to show.');
      options.focus();
      return {};
    case 'POST /login-url':
      if (!options.loginUrl) throw cannot('The Armoire that is running does not serve browsers.');
      return { url: options.loginUrl() };
    default:
      throw new Fault({
        code: 'not-found',
        message: 'The Armoire that is running does not know this request.',
        remedy: 'Both may be of different versions: quit the running one and start it again.',
      });
  }
}

function cannot(message: string): Fault {
  return new Fault({ code: 'unsupported', message, remedy: 'Use it where it runs, or quit it first.' });
}

async function removeStaleSocket(socketPath: string): Promise<void> {
  const facts = await unlessMissing(lstat(socketPath));
  if (facts?.isSocket()) await rm(socketPath, { force: true });
}
