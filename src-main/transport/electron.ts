// The desktop's way in: ports that our own windows hand over carry calls and bytes.
import { RPCHandler } from '@orpc/server/message-port';
import { type IpcMainEvent, ipcMain } from 'electron';
import { portChannel } from './port-channel.ts';
import type { Served } from './served.ts';

export interface ElectronTransport {
  close(): void;
}

/** `isOurs`: whether a frame with this URL is a page of the app; nothing else is listened to. */
export function serveElectron(served: Served, isOurs: (url: string) => boolean): ElectronTransport {
  const handler = new RPCHandler(served.router);
  const rpc = (event: IpcMainEvent) => {
    const port = acceptedPort(event, isOurs);
    if (!port) return;
    handler.upgrade(port);
    port.start();
  };
  const bytes = (event: IpcMainEvent, ticket: unknown) => {
    const port = acceptedPort(event, isOurs);
    if (!port) return;
    const use = typeof ticket === 'string' ? served.redeem(ticket) : undefined;
    const channel = portChannel(port);
    if (use?.kind === 'console') use.attach(channel);
    else channel.close();
  };
  ipcMain.on('armoire:rpc', rpc);
  ipcMain.on('armoire:bytes', bytes);
  return {
    close() {
      ipcMain.off('armoire:rpc', rpc);
      ipcMain.off('armoire:bytes', bytes);
    },
  };
}

/** The one port of a message from the main frame of a page of ours. */
function acceptedPort(event: IpcMainEvent, isOurs: (url: string) => boolean) {
  const { senderFrame, ports } = event;
  // null: the frame is gone or has navigated since.
  const trusted = senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
  const [port, ...more] = ports;
  if (trusted && port && more.length === 0) return port;
  for (const extra of ports) extra.close();
  return undefined;
}
