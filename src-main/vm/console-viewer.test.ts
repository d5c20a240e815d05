import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConsoleFromMain, consoleFromMain, consoleWindowBytes } from '../contract/console.ts';
import { type ByteChannel, channelPair } from '../lib/byte-channel.ts';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { Console } from './console.ts';
import type { ViewerStart } from './console-viewer.ts';

interface Watched {
  channel: ByteChannel;
  bytes: Buffer;
  messages: ConsoleFromMain[];
  closed: boolean;
}

/** A viewer that acknowledges what it gets, or (`stalled`) nothing. */
function watch(console: Console, where: ViewerStart = {}, stalled = false): Watched {
  const [main, channel] = channelPair();
  const watched: Watched = { channel, bytes: Buffer.alloc(0), messages: [], closed: false };
  channel.onFrame((frame) => {
    if (typeof frame === 'string') watched.messages.push(consoleFromMain.parse(JSON.parse(frame)));
    else {
      watched.bytes = Buffer.concat([watched.bytes, frame]);
      if (!stalled) channel.send(JSON.stringify({ type: 'ack', bytes: frame.length }));
    }
  });
  channel.onClose(() => {
    watched.closed = true;
  });
  console.attach(main, where);
  return watched;
}

async function withConsole(work: (console: Console, file: string) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const console = await Console.open(directory, 'uart0');
    try {
      await work(console, path.join(directory, 'uart0.log'));
    } finally {
      await console.close();
    }
  });
}

const text = ({ bytes }: Watched) => bytes.toString();

describe('a viewer', () => {
  it('gets everything from the first byte, is told when it is up to date, and then what comes', () =>
    withConsole(async (console, file) => {
      await writeFile(file, 'before ');
      const viewer = watch(console);
      await expect.poll(() => viewer.messages.at(-1)).toEqual({ type: 'live' });
      expect(viewer.messages[0]).toEqual({ type: 'at', offset: 0, because: 'open', oldest: 0 });
      await appendFile(file, 'after');
      await expect.poll(() => text(viewer)).toBe('before after');
      expect(viewer.messages).toHaveLength(2);
    }));

  it('may begin at an offset, or some bytes before the end', () =>
    withConsole(async (console, file) => {
      await writeFile(file, '0123456789');
      const middle = watch(console, { from: 4 });
      const tail = watch(console, { tail: 3 });
      const beyond = watch(console, { from: 400 });
      await expect.poll(() => text(middle)).toBe('456789');
      await expect.poll(() => text(tail)).toBe('789');
      await expect.poll(() => text(beyond)).toBe('0123456789');
      expect(tail.messages[0]).toEqual({ type: 'at', offset: 7, because: 'open', oldest: 0 });
    }));

  it('opened before the first start sees the first byte', () =>
    withConsole(async (console, file) => {
      const viewer = watch(console);
      await expect.poll(() => viewer.messages.at(-1)).toEqual({ type: 'live' });
      await writeFile(file, 'first');
      await expect.poll(() => text(viewer), { timeout: 3000 }).toBe('first');
    }));

  it('that acknowledges nothing gets a window and no more, and holds up nobody', () =>
    withConsole(async (console, file) => {
      await writeFile(file, Buffer.alloc(3 * consoleWindowBytes, 'x'));
      const stalled = watch(console, {}, true);
      const busy = watch(console);
      await expect.poll(() => busy.bytes.length).toBe(3 * consoleWindowBytes);
      expect(stalled.bytes.length).toBe(consoleWindowBytes);
      stalled.channel.send(JSON.stringify({ type: 'ack', bytes: 1000 }));
      await expect.poll(() => stalled.bytes.length).toBe(consoleWindowBytes + 1000);
    }));

  it('is told of a jump when what it has not read yet is dropped', () =>
    withConsole(async (console, file) => {
      await writeFile(file, Buffer.alloc(2 * consoleWindowBytes, 'a'));
      const stalled = watch(console, {}, true);
      await expect.poll(() => stalled.bytes.length).toBe(consoleWindowBytes);
      await console.keepBelow(1000, () => null);
      await appendFile(file, 'the end');
      stalled.channel.send(JSON.stringify({ type: 'ack', bytes: consoleWindowBytes }));
      await expect.poll(() => text(stalled).endsWith('the end')).toBe(true);
      expect(stalled.messages.slice(1)).toEqual([
        {
          type: 'at',
          offset: 2 * consoleWindowBytes - 1000,
          because: 'dropped',
          oldest: 2 * consoleWindowBytes - 1000,
        },
        { type: 'live' },
      ]);
      expect(stalled.bytes.length).toBe(consoleWindowBytes + 1000 + 'the end'.length);
    }));

  it('is told when someone clears the console', () =>
    withConsole(async (console, file) => {
      await writeFile(file, 'old');
      const viewer = watch(console);
      await expect.poll(() => text(viewer)).toBe('old');
      await console.clear(() => null);
      await expect
        .poll(() => viewer.messages.slice(2))
        .toEqual([{ type: 'at', offset: 3, because: 'cleared', oldest: 3 }, { type: 'live' }]);
      await appendFile(file, 'new');
      await expect.poll(() => text(viewer)).toBe('oldnew');
      const late = watch(console, { from: 0 });
      await expect.poll(() => text(late)).toBe('new');
      expect(late.messages[0]).toEqual({ type: 'at', offset: 3, because: 'cleared', oldest: 3 });
    }));

  it('is told that its keys go nowhere while the VM does not run', () =>
    withConsole(async (console) => {
      const viewer = watch(console);
      viewer.channel.send(Buffer.from('ls\r'));
      await expect
        .poll(() => viewer.messages.map(({ type }) => type))
        .toEqual(['at', 'input-refused', 'live']);
    }));

  it('that does not speak the protocol is let go of', () =>
    withConsole(async (console) => {
      const viewer = watch(console);
      viewer.channel.send('{"type":"ack","bytes":-5}');
      await expect.poll(() => viewer.closed).toBe(true);
    }));
});
