// One attempt at an RPC link: over a MessagePort on the desktop, over a WebSocket in the browser.
import type { ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';

export interface RpcLink {
  readonly link: ClientLink<Record<never, never>>;
  onOpen(listener: () => void): void;
  onClose(listener: () => void): void;
}

export function openLink(): RpcLink {
  return window.armoire ? overPort() : overSocket();
}

function overSocket(): RpcLink {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const websocket = new WebSocket(`${scheme}://${window.location.host}/rpc`);
  return {
    link: new SocketLink({ websocket }),
    onOpen: (listener) => websocket.addEventListener('open', listener),
    onClose: (listener) => websocket.addEventListener('close', listener),
  };
}

function overPort(): RpcLink {
  const { port1: port, port2 } = new MessageChannel();
  const link = new PortLink({ port });
  port.start();
  window.postMessage({ armoire: 'rpc' }, window.location.origin, [port2]);
  return {
    link,
    // A port has no handshake: what is posted early waits in its queue.
    onOpen: (listener) => queueMicrotask(listener),
    onClose: (listener) => port.addEventListener('close', listener),
  };
}
