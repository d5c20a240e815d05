// A viewer's session against a console channel that the test plays.
import { expect, test } from 'vitest';
import { type ConsoleChannel, type ConsoleStatus, type OpenPosition, startSession } from './session.ts';

function fakeChannel() {
  const sent: (Uint8Array | string)[] = [];
  let onFrame: (frame: Uint8Array | string) => void = () => {};
  let onClose = () => {};
  let closed = false;
  const channel: ConsoleChannel = {
    send: (frame) => sent.push(frame),
    onFrame: (listener) => {
      onFrame = listener;
    },
    onClose: (listener) => {
      onClose = listener;
    },
    close: () => {
      closed = true;
    },
  };
  return {
    channel,
    sent,
    text: (frame: object) => onFrame(JSON.stringify(frame)),
    bytes: (text: string) => onFrame(new TextEncoder().encode(text)),
    drop: () => onClose(),
    isClosed: () => closed,
  };
}

function setUp(openings: (() => Promise<ReturnType<typeof fakeChannel>>)[]) {
  const positions: OpenPosition[] = [];
  const statuses: ConsoleStatus[] = [];
  const timers: (() => void)[] = [];
  const shown: (() => void)[] = [];
  const screen: string[] = [];
  const session = startSession({
    tail: 4096,
    open: async (position) => {
      positions.push(position);
      const opening = openings.shift();
      if (!opening) throw new Error('no more channels');
      return (await opening()).channel;
    },
    screen: {
      write(bytes, done) {
        screen.push(new TextDecoder().decode(bytes));
        shown.push(done);
      },
      reset: (because) => screen.push(`<reset ${because}>`),
      gap: (bytes) => screen.push(`<gap ${bytes}>`),
      replaying: (value) => screen.push(value ? '<replay>' : '<live>'),
    },
    explain: (error) => ({
      message: error instanceof Error ? error.message : '',
      final: error instanceof Error && error.message === 'gone',
    }),
    onStatus: (status) => statuses.push(status),
    later: (run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  });
  return { session, positions, statuses, timers, shown, screen };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('resumes at the exact byte after the channel broke', async () => {
  const [first, second] = [fakeChannel(), fakeChannel()];
  const { positions, statuses, timers, screen } = setUp([async () => first, async () => second]);
  await settle();
  first.text({ type: 'at', offset: 0, because: 'open' });
  first.bytes('one two ');
  first.text({ type: 'live' });
  expect(statuses.at(-1)?.phase).toBe('live');
  first.drop();
  expect(statuses.at(-1)?.phase).toBe('reconnecting');
  timers.shift()?.();
  await settle();
  expect(positions).toEqual([{ tail: 4096 }, { from: 8 }]);
  first.bytes('late bytes of the broken channel');
  second.text({ type: 'at', offset: 8, because: 'open' });
  second.bytes('three');
  second.text({ type: 'live' });
  expect(screen.join('')).toBe('<replay><reset open>one two <live><replay>three<live>');
});

test('acknowledges only what the terminal has parsed', async () => {
  const only = fakeChannel();
  const { shown } = setUp([async () => only]);
  await settle();
  only.text({ type: 'at', offset: 0, because: 'open' });
  only.bytes('x'.repeat(20_000));
  only.bytes('y'.repeat(20_000));
  only.bytes('z'.repeat(10));
  expect(only.sent).toEqual([]);
  shown.shift()?.();
  expect(only.sent).toEqual([]);
  shown.shift()?.();
  expect(only.sent).toEqual(['{"type":"ack","bytes":40000}']);
  shown.shift()?.();
  expect(only.sent.at(-1)).toBe('{"type":"ack","bytes":10}');
});

test('does not acknowledge on a new channel what came over an old one', async () => {
  const [first, second] = [fakeChannel(), fakeChannel()];
  const { timers, shown } = setUp([async () => first, async () => second]);
  await settle();
  first.text({ type: 'at', offset: 0, because: 'open' });
  first.bytes('abc');
  first.drop();
  timers.shift()?.();
  await settle();
  shown.shift()?.();
  expect(second.sent).toEqual([]);
});

test('keeps trying, and stops when it can never work', async () => {
  const { statuses, timers } = setUp([
    async () => {
      throw new Error('not now');
    },
    async () => {
      throw new Error('gone');
    },
  ]);
  await settle();
  expect(statuses.at(-1)).toMatchObject({ phase: 'connecting', failure: 'not now' });
  timers.shift()?.();
  await settle();
  expect(statuses.at(-1)).toMatchObject({ phase: 'failed', failure: 'gone' });
  expect(timers).toEqual([]);
});

test('types in UTF-8, and says so when there is nowhere to type to', async () => {
  const only = fakeChannel();
  const { session } = setUp([async () => only]);
  expect(session.type('x')).toBe(false);
  await settle();
  expect(session.type('é')).toBe(true);
  expect(only.sent).toEqual([new Uint8Array([0xc3, 0xa9])]);
});

test('reloading opens anew with more of the past', async () => {
  const [first, second] = [fakeChannel(), fakeChannel()];
  const { session, positions, statuses } = setUp([async () => first, async () => second]);
  await settle();
  first.text({ type: 'at', offset: 9000, because: 'open', oldest: 0 });
  expect(statuses.at(-1)?.earlier).toBe(9000);
  session.reload(16_384);
  await settle();
  expect(first.isClosed()).toBe(true);
  expect(positions.at(-1)).toEqual({ tail: 16_384 });
});

test('a frame that is not of the protocol breaks the channel, not the page', async () => {
  const only = fakeChannel();
  const { statuses } = setUp([async () => only]);
  await settle();
  only.text({ type: 'surprise' });
  expect(only.isClosed()).toBe(true);
  expect(statuses.at(-1)?.failure).toContain('not of the console protocol');
});

test('counts refusals, so that each one can be shown', async () => {
  const only = fakeChannel();
  const { statuses } = setUp([async () => only]);
  await settle();
  only.text({ type: 'input-refused', reason: 'stopped' });
  only.text({ type: 'input-refused', reason: 'stopped' });
  expect(statuses.at(-1)?.refusal).toEqual({ reason: 'stopped', count: 2 });
});

test('trying again after a final failure starts where it stopped', async () => {
  const later = fakeChannel();
  const { session, positions, statuses } = setUp([
    async () => {
      throw new Error('gone');
    },
    async () => later,
  ]);
  await settle();
  session.retry();
  await settle();
  later.text({ type: 'at', offset: 0, because: 'open' });
  later.text({ type: 'live' });
  expect(positions).toHaveLength(2);
  expect(statuses.at(-1)).toMatchObject({ phase: 'live', failure: null });
});
