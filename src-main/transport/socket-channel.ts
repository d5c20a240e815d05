// A byte channel over a WebSocket.
import type { RawData, WebSocket } from 'ws';
import type { ByteChannel } from '../lib/byte-channel.ts';

/**
 * A viewer acknowledges what it has drawn and the console stops at its window, far below this. One that lets more
 * pile up does not play by the rules and is cut off before it costs memory; it may come back and continue.
 */
const mostBufferedBytes = 8 * 1024 * 1024;

/** RFC 6455 and the IANA registry of close codes: 1013, try again later. */
const tryAgainLater = 1013;

export function socketChannel(socket: WebSocket): ByteChannel {
  const waiting: (Uint8Array | string)[] = [];
  let frameListener: ((frame: Uint8Array | string) => void) | undefined;
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const frame = isBinary ? bytesOf(data) : bytesOf(data).toString('utf8');
    if (frameListener) frameListener(frame);
    else waiting.push(frame);
  });
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(frame);
      if (socket.bufferedAmount > mostBufferedBytes) socket.close(tryAgainLater, 'too slow');
    },
    onFrame(listener) {
      frameListener = listener;
      for (const frame of waiting.splice(0)) listener(frame);
    },
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) setImmediate(listener);
      else socket.once('close', listener);
    },
    close() {
      socket.close();
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
