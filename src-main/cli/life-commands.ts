// The commands about whole VMs: their life and their consoles.
import { type Command, InvalidArgumentError } from 'commander';
import { type Commands, declare } from './commands.ts';
import { attachConsole, type ConsoleOptions } from './console.ts';
import { type CreateOptions, create } from './create.ts';
import { discard, save } from './saved-state.ts';
import { type SendOptions, send } from './send.ts';
import {
  type DeleteOptions,
  list,
  type OutputOptions,
  pause,
  remove,
  resume,
  type StopOptions,
  start,
  stop,
} from './vm-commands.ts';

const waitSeconds = 30;
const longestWaitSeconds = 86_400;

export function addLifeCommands(program: Command, { around, inLibrary }: Commands): void {
  const { terminal } = around;
  declare(program, 'list', 'list the VMs').action((options: OutputOptions) =>
    inLibrary((client) => list(client, terminal, options)),
  );
  declare(program, 'start <vm>', 'start a VM (by name or id); a saved one goes on').action(
    (vm: string, options: OutputOptions) => inLibrary((client) => start(client, terminal, vm, options)),
  );
  declare(program, 'stop <vm>', 'press the power button and wait until the VM is down')
    .option('--force', 'pull the plug instead')
    .action((vm: string, options: StopOptions) => inLibrary((client) => stop(client, terminal, vm, options)));
  declare(program, 'pause <vm>', 'halt the vCPUs').action((vm: string, options: OutputOptions) =>
    inLibrary((client) => pause(client, terminal, vm, options)),
  );
  declare(program, 'resume <vm>', 'let them go on').action((vm: string, options: OutputOptions) =>
    inLibrary((client) => resume(client, terminal, vm, options)),
  );
  declare(program, 'save <vm>', 'put the memory on disk and end; start goes on from there').action(
    (vm: string, options: OutputOptions) => inLibrary((client) => save(client, around, vm, options)),
  );
  declare(program, 'discard <vm>', 'drop the saved memory: the next start is a cold boot').action(
    (vm: string, options: OutputOptions) => inLibrary((client) => discard(client, around, vm, options)),
  );
  declare(program, 'delete <vm>', 'delete a VM and its files, after a question')
    .option('-y, --yes', 'without the question')
    .action((vm: string, options: DeleteOptions) =>
      inLibrary((client) => remove(client, terminal, vm, options)),
    );
  declare(program, 'create [file]', 'create a VM from a definition (JSON), or the sample')
    .option('--sample', 'the small program that ships with Armoire: prints what it finds, then echoes')
    .option('--name <name>', 'its name')
    .option('--start', 'start it at once')
    .action((file: string | undefined, options: CreateOptions) =>
      inLibrary((client) => create(client, terminal, file, options)),
    );
}

export function addConsoleCommands(program: Command, { around, inLibrary }: Commands): void {
  program
    .command('console <vm>')
    .description('talk to a VM over its UART; Ctrl-] leaves')
    .option('--console <id>', 'which one: uart0, uart1, …')
    .option('--log', 'print everything kept so far, and end')
    .action((vm: string, options: ConsoleOptions) =>
      inLibrary((client) => attachConsole(client, around, vm, options)),
    );
  declare(program, 'send <vm> [text...]', 'type into a console, and wait for what the guest answers')
    .option('--enter', 'press Enter after the text (as it does)', true)
    .option('--no-enter', 'do not press Enter')
    .option('--wait <pattern>', 'wait until this regular expression comes, after the echo', asPattern)
    .option('--timeout <seconds>', 'how long to wait', asSeconds, waitSeconds)
    .option('--console <id>', 'which one: uart0, uart1, …')
    .action((vm: string, words: string[], options: SendOptions) =>
      inLibrary((client) =>
        send(client, around, [vm, words.length === 0 ? undefined : words.join(' ')], options),
      ),
    );
}

/** `^` and `$` are at lines. */
function asPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'm');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : 'It is no pattern.');
  }
}

function asSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= longestWaitSeconds) return seconds;
  throw new InvalidArgumentError(`A number of seconds above 0, up to ${longestWaitSeconds}, is needed.`);
}
