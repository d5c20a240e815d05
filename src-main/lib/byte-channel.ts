// The plane of bytes: what a console viewer and main send each other, whatever carries it.

/** Binary frames are Uint8Array, text frames strings; each arrives whole and in order. */
export interface ByteChannel {
  /** The frame must not be changed afterwards. Sending on a closed channel does nothing. */
  send(frame: Uint8Array | string): void;
  onFrame(listener: (frame: Uint8Array | string) => void): void;
  /** Called once, whichever side closed. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Two ends in one process. Frames arrive in a later turn of the event loop, as they do over a wire. */
export function channelPair(): [ByteChannel, ByteChannel] {
  const left = new End();
  const right = new End();
  left.other = right;
  right.other = left;
  return [left, right];
}

class End implements ByteChannel {
  other: End | undefined;
  private open = true;
  private frameListener: ((frame: Uint8Array | string) => void) | undefined;
  private closeListener: (() => void) | undefined;
  private readonly waiting: (Uint8Array | string)[] = [];

  send(frame: Uint8Array | string): void {
    if (!this.open) return;
    setImmediate(() => this.other?.receive(frame));
  }

  onFrame(listener: (frame: Uint8Array | string) => void): void {
    this.frameListener = listener;
    for (const frame of this.waiting.splice(0)) listener(frame);
  }

  onClose(listener: () => void): void {
    this.closeListener = listener;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.closeListener?.();
    setImmediate(() => this.other?.close());
  }

  private receive(frame: Uint8Array | string): void {
    if (!this.open) return;
    if (this.frameListener) this.frameListener(frame);
    else this.waiting.push(frame);
  }
}
