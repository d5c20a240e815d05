import { describe, expect, it } from 'vitest';
import { type EndFacts, exitKind, killedFault } from './how-ended.ts';

const facts = (changes: Partial<EndFacts>): EndFacts => ({
  forceStopAsked: false,
  shutdownAsked: false,
  panicked: false,
  watched: false,
  socketRemains: false,
  ...changes,
});
const inOrder = { exit: { code: 0, signal: null } };

describe('exitKind', () => {
  it.each([
    [
      'the guest powered itself off',
      { announced: { guest: true, reason: 'guest-shutdown' }, ...inOrder },
      'guest-shutdown',
    ],
    [
      'the guest did as asked',
      { announced: { guest: true, reason: 'guest-shutdown' }, shutdownAsked: true, ...inOrder },
      'shutdown',
    ],
    [
      'it was forced',
      { announced: { guest: false, reason: 'host-qmp-quit' }, forceStopAsked: true, ...inOrder },
      'force-stop',
    ],
    [
      'it was killed because it was forced',
      { forceStopAsked: true, exit: { code: null, signal: 'SIGKILL' } },
      'force-stop',
    ],
    ['someone sent SIGTERM', { announced: { guest: false, reason: 'host-signal' }, ...inOrder }, 'crashed'],
    ['someone killed it', { exit: { code: null, signal: 'SIGKILL' }, socketRemains: true }, 'crashed'],
    ['it gave up', { exit: { code: 1, signal: null } }, 'crashed'],
    [
      'the guest panicked',
      { announced: { guest: true, reason: 'guest-panic' }, panicked: true, ...inOrder },
      'guest-panic',
    ],
    ['it ended in order while nobody watched', {}, 'guest-shutdown'],
    ['it vanished while nobody watched', { socketRemains: true }, 'crashed'],
  ] as const)('tells when %s', (_, changes, kind) => {
    expect(exitKind(facts(changes as Partial<EndFacts>))).toBe(kind);
  });
});

describe('killedFault', () => {
  it('names the signal, and memory as the usual cause of SIGKILL', () => {
    const fault = killedFault(facts({ exit: { code: null, signal: 'SIGKILL' }, socketRemains: true }));
    expect(fault?.message).toContain('SIGKILL');
    expect(fault?.remedy).toContain('memory');
  });

  it('says that nobody saw it where that is so', () => {
    expect(killedFault(facts({ socketRemains: true }))?.message).toContain('not running');
    // One that an earlier Armoire started: how it ended is known to its own parent alone.
    const watched = killedFault(facts({ watched: true, socketRemains: true }))?.message;
    expect(watched).toBe('QEMU was ended from outside, without a word.');
  });

  it('leaves it to the last words of a QEMU that could speak', () => {
    expect(killedFault(facts({ exit: { code: 1, signal: null } }))).toBeUndefined();
  });
});
