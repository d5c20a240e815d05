// The plane of bytes as the page sees it: one channel per console viewer, over a WebSocket or a MessagePort.

/** Binary frames are Uint8Array, text frames strings; each arrives whole and in order. */
export interface ByteChannel {
  /** Sending on a closed channel does nothing. */
  send(frame: Uint8Array | string): void;
  /** Frames that came before the listener are handed to it at once. */
  onFrame(listener: (frame: Uint8Array | string) => void): void;
  /** Called once, whichever side closed. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Opens the channel that a one-time ticket from an RPC call stands for. */
export function openBytes(ticket: string): ByteChannel {
  return window.armoire ? portChannel(ticket) : socketChannel(ticket);
}

function socketChannel(ticket: string): ByteChannel {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(
    `${scheme}://${window.location.host}/bytes?ticket=${encodeURIComponent(ticket)}`,
  );
  socket.binaryType = 'arraybuffer';
  const inbox = createInbox();
  const unsent: (Uint8Array | string)[] = [];
  const deliver = (frame: Uint8Array | string) =>
    socket.send(typeof frame === 'string' ? frame : frame.slice());
  socket.addEventListener('open', () => {
    for (const frame of unsent.splice(0)) deliver(frame);
  });
  socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
    inbox.receive(typeof event.data === 'string' ? event.data : new Uint8Array(event.data));
  });
  socket.addEventListener('close', () => inbox.end());
  return {
    send(frame) {
      if (socket.readyState === WebSocket.CONNECTING) unsent.push(frame);
      else if (socket.readyState === WebSocket.OPEN) deliver(frame);
    },
    onFrame: inbox.onFrame,
    onClose: inbox.onClose,
    close: () => socket.close(),
  };
}

/** On a port a string is text, a Uint8Array binary, and null says that the other side closed. */
function portChannel(ticket: string): ByteChannel {
  const { port1: port, port2 } = new MessageChannel();
  const inbox = createInbox();
  const end = () => {
    port.close();
    inbox.end();
  };
  port.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string' || event.data instanceof Uint8Array) inbox.receive(event.data);
    else if (event.data === null) end();
  });
  port.addEventListener('close', end);
  port.start();
  window.postMessage({ armoire: 'bytes', ticket }, window.location.origin, [port2]);
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: inbox.onFrame,
    onClose: inbox.onClose,
    close() {
      port.postMessage(null);
      end();
    },
  };
}

interface Inbox {
  receive(frame: Uint8Array | string): void;
  end(): void;
  onFrame: ByteChannel['onFrame'];
  onClose: ByteChannel['onClose'];
}

/** Keeps what comes before somebody listens, so that no byte is lost between opening and listening. */
export function createInbox(): Inbox {
  const early: (Uint8Array | string)[] = [];
  let frameListener: ((frame: Uint8Array | string) => void) | undefined;
  let closeListener: (() => void) | undefined;
  let ended = false;
  return {
    receive(frame) {
      if (frameListener) frameListener(frame);
      else early.push(frame);
    },
    end() {
      if (ended) return;
      ended = true;
      closeListener?.();
    },
    onFrame(listener) {
      frameListener = listener;
      for (const frame of early.splice(0)) listener(frame);
    },
    onClose(listener) {
      closeListener = listener;
      if (ended) listener();
    },
  };
}
