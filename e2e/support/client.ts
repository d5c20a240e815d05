// A typed client of a running server, as a script outside of the browser would be one.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { consoleToMain } from '../../src-main/contract/console.ts';
import type { Contract } from '../../src-main/contract/index.ts';
import type { ArmoireServer } from './server.ts';

export interface ServerClient {
  readonly rpc: ContractRouterClient<Contract>;
  /** Opens a console; `onBytes` gets what the guest printed, in order. */
  openConsole(
    id: string,
    console: string,
    onBytes: (bytes: Buffer) => void,
    options?: { from?: number; acknowledge?: boolean },
  ): Promise<{ type(text: string): void; close(): void }>;
  /** The session's cookie, as `name=value`. */
  readonly cookie: string;
  close(): void;
}

/** Uses up the server's one-time token; resolves to the session's cookie, as `name=value`. */
export async function logIn(server: ArmoireServer): Promise<string> {
  const answer = await fetch(server.loginUrl, { redirect: 'manual' });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw new Error(`No cookie after login: HTTP ${answer.status}`);
  return cookie;
}

/** `cookie`: of a session that is there already; left out: logs in with the server's one-time token. */
export async function connectClient(server: ArmoireServer, session?: string): Promise<ServerClient> {
  const cookie = session ?? (await logIn(server));
  const headers = { cookie, origin: server.origin };
  const base = server.origin.replace(/^http/, 'ws');
  const socket = new WebSocket(`${base}/rpc`, { headers });
  await opened(socket);
  // `ws` has the browser's interface; its types differ in the event classes only.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const rpc: ContractRouterClient<Contract> = createORPCClient(link);
  return {
    rpc,
    cookie,
    async openConsole(id, console, onBytes, options = {}) {
      const { ticket } = await rpc.console.open({
        id,
        console,
        ...(options.from !== undefined && { from: options.from }),
      });
      const bytes = new WebSocket(`${base}/bytes?ticket=${encodeURIComponent(ticket)}`, { headers });
      bytes.on('message', (data: Buffer, binary: boolean) => {
        if (!binary) return;
        onBytes(data);
        const ack: typeof consoleToMain._output = { type: 'ack', bytes: data.length };
        if (options.acknowledge !== false) bytes.send(JSON.stringify(ack));
      });
      await opened(bytes);
      return { type: (text) => bytes.send(Buffer.from(text)), close: () => bytes.close() };
    },
    close: () => socket.close(),
  };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((done, fail) => {
    socket.once('open', done);
    socket.once('error', fail);
  });
}
