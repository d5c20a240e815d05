// console: the terminal becomes a viewer of a VM's UART, until Ctrl-].
import { Fault } from '../contract/fault.ts';
import type { VmView } from '../contract/vm.ts';
import type { ByteChannel } from '../lib/byte-channel.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findVm, nameOf } from './find-vm.ts';
import { followConsole, lostConsole } from './follow-console.ts';
import { remark } from './print.ts';
import type { Surroundings, Terminal } from './surroundings.ts';

/** Ctrl-], as telnet and virsh have it: no shell and no firmware uses it. */
const leaveKey = 0x1d;
/** About two screens: enough to see where the guest is. */
const tailBytes = 8 * 1024;
/**
 * Undoes what a guest may have left the terminal in: other screen, mouse reports, bracketed paste, hidden cursor,
 * colours (xterm's control sequences, "Functions using CSI"; 1049 would move the cursor even where nothing was left).
 */
const restoreScreen = '\x1b[?1047l\x1b[?1000;1002;1003;1006;2004l\x1b[?25h\x1b[0m';

export interface ConsoleOptions {
  /** `uart0`, `uart1`, … */
  console?: string;
  /** Prints everything that was kept and ends. */
  log?: boolean;
}

export async function attachConsole(
  client: ControlClient,
  around: Surroundings,
  name: string,
  options: ConsoleOptions,
): Promise<ExitCode> {
  const { terminal } = around;
  const vm = await findVm(client.rpc, name);
  const console = consoleOf(vm, options.console);
  const { ticket } = await client.rpc.console.open({
    id: vm.id,
    console,
    ...(options.log ? {} : { tail: tailBytes }),
  });
  const channel = await client.openBytes(ticket);
  if (!options.log) remark(terminal, `${nameOf(vm)}, ${console}. Ctrl-] leaves; the VM goes on.`);
  return options.log ? printLog(channel, terminal) : converse(channel, around);
}

/** The one wanted by id, else the first. Throws Fault `not-found`. */
export function consoleOf(vm: VmView, wanted: string | undefined): string {
  const ids = vm.consoles.map(({ id }) => id);
  const id = wanted ?? ids[0];
  if (id !== undefined && ids.includes(id)) return id;
  throw new Fault({
    code: 'not-found',
    message:
      wanted === undefined ? `${nameOf(vm)} has no console.` : `${nameOf(vm)} has no console ${wanted}.`,
    remedy: ids.length === 0 ? 'Give it a UART in its hardware.' : `It has ${ids.join(', ')}.`,
  });
}

/** Until the first `live`: everything that had been written is out. */
function printLog(channel: ByteChannel, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    let written = Promise.resolve();
    followConsole(channel, {
      take: (bytes) => {
        written = write(terminal, bytes);
        return written;
      },
      onMessage: (message) => {
        if (message.type !== 'live') return;
        written.then(() => resolve(exitCode.ok), reject);
        channel.close();
      },
    });
    channel.onClose(() => reject(lostConsole()));
  });
}

function converse(channel: ByteChannel, around: Surroundings): Promise<ExitCode> {
  const { terminal } = around;
  const { stdin, stdout } = terminal;
  return new Promise((resolve, reject) => {
    let left = false;
    const leave = () => {
      left = true;
      channel.close();
    };
    const type = (bytes: Buffer) => {
      const at = stdin.isTTY ? bytes.indexOf(leaveKey) : -1;
      const typed = at === -1 ? bytes : bytes.subarray(0, at);
      if (typed.length > 0) channel.send(typed);
      if (at !== -1) leave();
    };
    stdin.setRawMode?.(true);
    stdin.on('data', type);
    // Typed from a file or a pipe: the console stays, so that the answers are seen, until Ctrl-C.
    stdin.resume();
    const stopListening = around.onInterrupt(leave);
    followConsole(channel, {
      take: (bytes) => write(terminal, bytes),
      onMessage: (message) => {
        if (message.type === 'input-refused')
          remark(terminal, `\r\narmoire: keys were not delivered: ${message.reason}\r`);
        if (message.type === 'at' && message.because !== 'open') {
          remark(
            terminal,
            `\r\narmoire: ${message.because === 'cleared' ? 'the console was cleared' : 'older output was dropped'}\r`,
          );
        }
      },
    });
    channel.onClose(() => {
      stopListening();
      stdin.off('data', type);
      stdin.setRawMode?.(false);
      stdin.pause();
      if (stdout.isTTY) stdout.write(`${restoreScreen}\n`);
      if (left) resolve(exitCode.ok);
      else reject(lostConsole());
    });
  });
}

/** Resolves when the terminal has taken the bytes. */
function write({ stdout }: Terminal, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stdout.write(bytes, () => resolve());
  });
}
