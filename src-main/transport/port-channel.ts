// A byte channel over a message port: text frames are strings, binary ones Uint8Array, null closes.
import type { ByteChannel } from '../lib/byte-channel.ts';

/** The part of Electron's MessagePortMain that a channel needs. */
export interface FramePort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(frame: Uint8Array | string | null): void;
  start(): void;
  close(): void;
}

export function portChannel(port: FramePort): ByteChannel {
  const waiting: (Uint8Array | string)[] = [];
  let open = true;
  let frameListener: ((frame: Uint8Array | string) => void) | undefined;
  let closeListener: (() => void) | undefined;

  const ended = () => {
    if (!open) return;
    open = false;
    port.close();
    closeListener?.();
  };
  port.on('message', ({ data }) => {
    if (data === null) ended();
    const frame = frameOf(data);
    if (!open || frame === undefined) return;
    if (frameListener) frameListener(frame);
    else waiting.push(frame);
  });
  port.on('close', ended);
  port.start();

  return {
    send(frame) {
      if (open) port.postMessage(typeof frame === 'string' ? frame : ownMemory(frame));
    },
    onFrame(listener) {
      frameListener = listener;
      for (const frame of waiting.splice(0)) listener(frame);
    },
    onClose(listener) {
      closeListener = listener;
      if (!open) setImmediate(listener);
    },
    close() {
      // The page's end of a port gets no event when this one closes: it is told in so many words.
      if (open) port.postMessage(null);
      ended();
    },
  };
}

/** A structured clone takes a view's whole buffer along, and small Buffers share one with strangers' bytes. */
function ownMemory(frame: Uint8Array): Uint8Array {
  return frame.byteLength === frame.buffer.byteLength ? frame : new Uint8Array(frame);
}

/** undefined for what a page of ours never sends. */
function frameOf(data: unknown): Uint8Array | string | undefined {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
}
