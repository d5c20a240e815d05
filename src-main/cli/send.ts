// send: types into a VM's console and waits for what the guest answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { VmState, VmView } from '../contract/vm.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { consoleOf } from './console.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { type Expectation, expectation } from './expectation.ts';
import { findVm, nameOf, waitForVm } from './find-vm.ts';
import { followConsole, lostConsole } from './follow-console.ts';
import { printJson, remark } from './print.ts';
import type { Surroundings } from './surroundings.ts';
import type { OutputOptions } from './vm-commands.ts';

/** What a terminal sends for Enter. */
const enterKey = '\r';
/** The guest's pipe takes what was typed at once, unless it is full. */
const deliveryMs = 100;
/** From QEMU's end until its output was read to the end. */
const lastWordsMs = 300;
/** Room for the line that stands there: longer ones are no prompt. */
const standingLineBytes = 4096;
const shownLines = 10;
/** A VM in one of these does not print any more. */
const silentStates: readonly VmState[] = ['stopped', 'saved', 'crashed', 'damaged'];

export interface SendOptions extends OutputOptions {
  /** Ends the text as the Enter key does. */
  enter: boolean;
  /** `m`: `^` and `$` at lines. */
  wait?: RegExp;
  /** Seconds. */
  timeout: number;
  console?: string;
}

type Outcome = 'sent' | 'seen' | 'timeout' | 'down';

/**
 * Waits only for what comes after the text was typed. Without a text, the unfinished line that stands there counts too:
 * a prompt that came before this command did. Throws Fault `wrong-state` when the keys cannot be delivered.
 */
export async function send(
  client: ControlClient,
  { terminal }: Surroundings,
  [name, text]: readonly [string, string | undefined],
  options: SendOptions,
): Promise<ExitCode> {
  if (text === undefined && options.wait === undefined) {
    throw new Fault({
      code: 'bad-input',
      message: 'What is to be typed, or waited for?',
      remedy: 'Give a text, --wait with a pattern, or both; "" with Enter is a text too.',
    });
  }
  const vm = await findVm(client.rpc, name);
  refuseSilent(vm);
  const console = consoleOf(vm, options.console);
  const standing = text === undefined && vm.run?.printed === true;
  const { ticket } = await client.rpc.console.open({
    id: vm.id,
    console,
    tail: standing ? standingLineBytes : 0,
  });
  const channel = await client.openBytes(ticket);
  const talk = new Talk(channel, expectation(options.wait ?? /(?!)/, text), {
    standing,
    print: (bytes) => (options.json ? undefined : terminal.stdout.write(bytes)),
  });
  let outcome: Outcome;
  try {
    await talk.live;
    if (text !== undefined) channel.send(Buffer.from(options.enter ? text + enterKey : text));
    outcome = await (options.wait === undefined
      ? talk.delivered()
      : talk.waitFor((signal) => goesDown(client, vm.id, options.timeout, signal)));
  } finally {
    await talk.end();
  }
  return tell(terminal, outcome, talk, options);
}

function refuseSilent(vm: VmView): void {
  if (!silentStates.includes(vm.state)) return;
  throw new Fault({
    code: 'wrong-state',
    message: `${nameOf(vm)} does not run (${vm.state}): nobody would read it.`,
    remedy: `Start it first: armoire start "${nameOf(vm)}"`,
  });
}

async function goesDown(
  { rpc }: ControlClient,
  id: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const isDown = ({ state }: VmView) => silentStates.includes(state);
  return (await waitForVm(rpc, id, isDown, seconds * 1000, signal)) ? 'down' : 'timeout';
}

interface TalkOptions {
  /** What was printed before counts from the last line break on. */
  standing: boolean;
  print(bytes: Uint8Array): void;
}

/** One conversation over an opened console. */
class Talk {
  /** Everything older was sent; what comes now is new. */
  readonly live: Promise<void>;
  readonly output: Uint8Array[] = [];
  readonly awaited: Expectation;
  private readonly channel: ByteChannel;
  private readonly closed: Promise<void>;
  private refused: string | undefined;
  private ending = false;
  private seen: () => void = () => undefined;
  private readonly sight = new Promise<void>((resolve) => {
    this.seen = resolve;
  });
  private fail: (error: Fault) => void = () => undefined;
  private readonly failure: Promise<never>;

  constructor(channel: ByteChannel, awaited: Expectation, { standing, print }: TalkOptions) {
    this.channel = channel;
    this.awaited = awaited;
    this.failure = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    // Whoever waits for it later is told; until then it is nobody's.
    this.failure.catch(() => undefined);
    const before: Uint8Array[] = [];
    let isLive = false;
    const now = new Promise<void>((resolve) => {
      followConsole(channel, {
        take: async (bytes) => {
          if (!isLive) before.push(bytes);
          else this.hear(bytes, print);
        },
        onMessage: (message) => {
          if (message.type === 'live' && !isLive) {
            isLive = true;
            if (standing) this.hear(lastLine(Buffer.concat(before)), print);
            resolve();
          }
          if (message.type === 'input-refused') {
            this.refused = message.reason;
            this.fail(undelivered(message.reason));
          }
        },
      });
    });
    this.live = Promise.race([now, this.failure]);
    this.closed = new Promise((resolve) => {
      channel.onClose(() => {
        if (!this.ending) this.fail(lostConsole());
        resolve();
      });
    });
  }

  /** Nothing says that keys arrived; that they did not is said soon. */
  async delivered(): Promise<Outcome> {
    await Promise.race([sleep(deliveryMs), this.failure]);
    return 'sent';
  }

  /** `watch`: resolves when there is nothing left to wait for; its signal says that it may end. */
  async waitFor(watch: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
    const enough = new AbortController();
    const watched = watch(enough.signal);
    try {
      const first = await Promise.race([this.sight.then(() => 'seen' as const), watched, this.failure]);
      // The last words of a VM that went down may still be on their way.
      if (first === 'down') await Promise.race([this.sight, sleep(lastWordsMs)]);
      return this.awaited.match() ? 'seen' : first;
    } finally {
      enough.abort();
      await watched.catch(() => undefined);
    }
  }

  /** Closed in order: what was sent arrives before the end does. */
  async end(): Promise<void> {
    this.ending = true;
    this.channel.close();
    await this.closed;
    if (this.refused !== undefined) throw undelivered(this.refused);
  }

  private hear(bytes: Uint8Array, print: TalkOptions['print']): void {
    if (this.ending || bytes.length === 0) return;
    this.output.push(bytes);
    print(bytes);
    if (this.awaited.take(bytes)) this.seen();
  }
}

function lastLine(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.lastIndexOf('\n') + 1);
}

function undelivered(reason: string): Fault {
  return new Fault({
    code: 'wrong-state',
    message: `The keys were not delivered. ${reason}`,
    remedy: 'See "armoire list" for its state, and "armoire console" for what it does.',
  });
}

function tell(
  terminal: Surroundings['terminal'],
  outcome: Outcome,
  { awaited, output }: Talk,
  { json, wait, timeout }: SendOptions,
): ExitCode {
  const match = awaited.match();
  if (json) {
    printJson(terminal, {
      outcome,
      match: match?.[0] ?? null,
      groups: match?.slice(1).map((group) => group ?? null) ?? [],
      output: Buffer.concat(output).toString(),
    });
  }
  if (outcome === 'sent' || outcome === 'seen') return exitCode.ok;
  const why = outcome === 'down' ? 'the VM went down first' : `not within ${timeout} s`;
  remark(terminal, `${json ? '' : '\n'}armoire: ${wait} was not seen: ${why}. The last lines:`);
  for (const line of awaited.lastLines(shownLines)) remark(terminal, `  ${line}`);
  return exitCode.no;
}
