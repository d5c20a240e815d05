// A byte channel over real message ports: frames, closing from either end, and no stranger's memory.
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { type FramePort, portChannel } from './port-channel.ts';

const channels: MessageChannel[] = [];

afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

/** Node's port in the shape of Electron's: data wrapped in an event, and queued until start. */
function mainPort(port: MessagePort): FramePort {
  const waiting: unknown[] = [];
  const listeners = new Set<(event: { data: unknown }) => void>();
  let started = false;
  const deliver = (data: unknown) => {
    if (started) for (const listener of listeners) listener({ data });
    else waiting.push(data);
  };
  port.on('message', deliver);
  return {
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) => {
      if (event === 'message') listeners.add(listener);
      else port.on('close', listener as () => void);
    },
    postMessage: (frame) => port.postMessage(frame),
    start: () => {
      started = true;
      for (const data of waiting.splice(0)) deliver(data);
    },
    close: () => port.close(),
  };
}

function pair() {
  const channel = new MessageChannel();
  channels.push(channel);
  return { page: channel.port1, channel: portChannel(mainPort(channel.port2)) };
}

it('carries strings and bytes both ways, in order, also those sent before anyone listens', async () => {
  const { page, channel } = pair();
  page.postMessage('ack');
  page.postMessage(new Uint8Array([1, 2]));
  page.postMessage(new Uint8Array([3]).buffer);
  page.postMessage({ not: 'a frame' });
  page.postMessage('last');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const seen: unknown[] = [];
  channel.onFrame((frame) => seen.push(frame));
  expect(seen).toEqual(['ack', new Uint8Array([1, 2]), new Uint8Array([3]), 'last']);
  channel.send('live');
  expect(await once(page, 'message')).toEqual(['live']);
});

it('sends a part of a shared buffer without the rest of it', async () => {
  const { page, channel } = pair();
  const pool = Buffer.from('secret-shown-secret');
  channel.send(pool.subarray(7, 12));
  const [frame] = (await once(page, 'message')) as [Uint8Array];
  expect(Buffer.from(frame).toString()).toBe('shown');
  expect(frame.buffer.byteLength).toBe(5);
});

it('tells the page that it closes, tells its own side once, and then sends nothing', async () => {
  const { page, channel } = pair();
  let closes = 0;
  channel.onClose(() => {
    closes += 1;
  });
  channel.close();
  channel.close();
  channel.send('late');
  expect(await once(page, 'message')).toEqual([null]);
  expect(closes).toBe(1);
});

it.each(['a null frame', 'its port'])('learns that the page closes by %s', async (how) => {
  const { page, channel } = pair();
  const closed = new Promise<void>((resolve) => channel.onClose(resolve));
  if (how === 'its port') page.close();
  else page.postMessage(null);
  await closed;
});
