// The viewer's half of a console's byte channel: hands on what the guest prints and acknowledges what was taken.
import { type ConsoleFromMain, type ConsoleToMain, consoleFromMain } from '../contract/console.ts';
import { Fault } from '../contract/fault.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';

export interface ConsoleFollower {
  /** Acknowledged when it resolves: a slow reader is waited for. */
  take(bytes: Uint8Array): Promise<void>;
  onMessage(message: ConsoleFromMain): void;
}

export function followConsole(channel: ByteChannel, follower: ConsoleFollower): void {
  channel.onFrame((frame) => {
    if (typeof frame === 'string') {
      const message = consoleFromMain.safeParse(JSON.parse(frame));
      if (message.success) follower.onMessage(message.data);
      return;
    }
    void follower.take(frame).then(() => {
      const ack: ConsoleToMain = { type: 'ack', bytes: frame.length };
      channel.send(JSON.stringify(ack));
    });
  });
}

export function lostConsole(): Fault {
  return new Fault({
    code: 'not-found',
    message: 'The console was closed by the other side.',
    remedy:
      'The Armoire that carries it ended, or the VM was deleted; the VM itself goes on. Open the console again.',
  });
}
