// send: types into a VM's console and waits for what the guest answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { VmState, VmView } from '../contract/vm.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { consoleOf } from './console.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { expectation } from './expectation.ts';
import { findVm, nameOf, waitForVm } from './find-vm.ts';
import { printJson, remark } from './print.ts';
import type { Surroundings } from './surroundings.ts';
import { type Outcome, Talk } from './talk.ts';
import type { OutputOptions } from './vm-commands.ts';

/** What a terminal sends for Enter. */
const enterKey = '\r';
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
  const standingFrom = text === undefined ? (vm.run?.consoleFrom?.[console] ?? 0) : undefined;
  const tail = standingFrom === undefined ? 0 : standingLineBytes;
  const { ticket } = await client.rpc.console.open({ id: vm.id, console, tail });
  const channel = await client.openBytes(ticket);
  const talk = new Talk(channel, expectation(options.wait ?? /(?!)/, text), {
    standingFrom,
    print: (bytes) => (options.json ? undefined : terminal.stdout.write(bytes)),
  });
  const deadline = Date.now() + options.timeout * 1000;
  let outcome: Outcome;
  try {
    await Promise.race([talk.live, neverLive(options.timeout)]);
    if (text !== undefined) channel.send(Buffer.from(options.enter ? text + enterKey : text));
    outcome = await (options.wait === undefined
      ? talk.delivered()
      : talk.waitFor((signal) => goesDown(client, vm.id, deadline - Date.now(), signal)));
  } finally {
    await talk.end();
  }
  return tell(terminal, outcome, talk, options);
}

/** The server reads what the console holds first: one that does not come to its end is no console to talk to. */
async function neverLive(seconds: number): Promise<never> {
  await sleep(seconds * 1000, undefined, { ref: false });
  throw new Fault({
    code: 'wrong-state',
    message: `The console could not be opened within ${seconds} s. Nothing was typed.`,
    remedy: 'See "armoire list" for the VM’s state, or give it more time with --timeout.',
  });
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
  patienceMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const isDown = ({ state }: VmView) => silentStates.includes(state);
  return (await waitForVm(rpc, id, isDown, Math.max(0, patienceMs), signal)) ? 'down' : 'timeout';
}

function tell(
  terminal: Surroundings['terminal'],
  outcome: Outcome,
  { awaited, output }: Talk,
  { json, wait, timeout }: SendOptions,
): ExitCode {
  const match = awaited.match();
  // A prompt has no line break, and the shell's own comes next.
  if (!json && terminal.stdout.isTTY && output.length > 0) terminal.stdout.write('\n');
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
