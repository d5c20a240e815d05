// The command line: its commands, options and help, and where each goes.
import { homedir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type Directories, defaultDirectories } from '../lib/directories.ts';
import { faultOfCall } from '../transport/control-client.ts';
import { boards } from './boards.ts';
import { checkFile, checkHardware, type HardwareOptions, reportProblems, subjectOf } from './check.ts';
import type { Commands } from './commands.ts';
import { addDiskCommands } from './disk-commands.ts';
import { doctor } from './doctor.ts';
import { type ExitCode, exitCode, exitCodeHelp } from './exit-codes.ts';
import { qemuFinder } from './find-qemu.ts';
import { addConsoleCommands, addLifeCommands } from './life-commands.ts';
import { printFault } from './print.ts';
import { defaultPort, type ServeOptions, serve } from './serve.ts';
import { withLibrary } from './session.ts';
import { addCloneCommands, addSnapshotCommands } from './snapshot-commands.ts';
import type { Surroundings } from './surroundings.ts';
import type { OutputOptions } from './vm-commands.ts';

/** Whether a program that can do more (the desktop) is called as the command line. */
export function isCommandLine([first]: readonly string[], around: Surroundings): boolean {
  const names = createProgram(around, () => undefined).commands.map((command) => command.name());
  return first !== undefined && [...names, 'help', '--help', '--version'].includes(first);
}

/** Resolves to the exit code; never throws. `words`: the command line without the program's name. */
export async function runCli(words: readonly string[], around: Surroundings): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok;
  const program = createProgram(around, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong already; --help and --version end this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.fault;
    printFault(around.terminal, faultOfCall(error).data);
    return exitCode.fault;
  }
}

function createProgram(around: Surroundings, end: (code: ExitCode) => void): Command {
  const { terminal } = around;
  const program = new Command('armoire')
    .description(
      'Virtual machines with ARM processors: boards and CPUs that are correct, consoles that lose nothing.',
    )
    .version(around.version, '-V, --version', 'print the version')
    .option('--library <dir>', 'the library to work with, instead of your own')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', exitCodeHelp)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .exitOverride();
  // Subcommands take over what was set so far.
  addServe(program, around, end);
  const commands: Commands = {
    around,
    inLibrary: async (use) => end(await withLibrary(around, directoriesOf(program, around), use)),
  };
  addLifeCommands(program, commands);
  addConsoleCommands(program, commands);
  addSnapshotCommands(program, commands);
  addCloneCommands(program, commands);
  addDiskCommands(program, commands);
  addHardwareCommands(program, around, end);
  nameHelp(program, program.name());
  return program;
}

/** After a wrong command line, the help of the command that it was meant for. */
function nameHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${words} --help shows what there is)`);
  for (const sub of command.commands) nameHelp(sub, `${words} ${sub.name()}`);
}

function addServe(program: Command, around: Surroundings, end: (code: ExitCode) => void): void {
  program
    .command('serve')
    .description('serve the app to browsers on this computer; prints a link that logs one in')
    .option('--port <number>', 'port to listen on; 0: any free one', asPort, defaultPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-remote', 'allow an address that other computers can reach (unencrypted)')
    .option('--allow-host <name>', 'accept this name in the address bar too; repeatable', collect, [])
    .option('--open', 'open the browser')
    .action(async (options: ServeOptions) =>
      end(await serve(around, directoriesOf(program, around), options)),
    );
}

function addHardwareCommands(program: Command, around: Surroundings, end: (code: ExitCode) => void): void {
  const { terminal } = around;
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--qemu <path>', 'the qemu-system-aarch64 to ask, instead of the one in use')
      .option('--json', 'print JSON');
  const finder = (options: QemuOptions) => qemuFinder(around, directoriesOf(program, around), options.qemu);

  command('boards', 'list the boards with their CPUs, vCPUs and memory').action(
    async (options: QemuOptions) => {
      const qemu = await (await finder(options)).require();
      end(boards(qemu, terminal, options));
    },
  );
  command(
    'check [file]',
    'will this VM do what it says? Reads a definition, or takes the hardware as options',
  )
    .option('--board <name>', 'machine type, such as virt or raspi3b')
    .option('--cpu <model>', 'CPU model, such as cortex-a72')
    .option('--vcpus <number>', 'number of vCPUs', asCount)
    .option('--memory <MiB>', 'memory in MiB', asCount)
    .action(async (file: string | undefined, options: QemuOptions & Partial<HardwareOptions>) => {
      end(await check(file, options));
    });
  command('doctor', 'what this computer and its QEMU can do, and why not').action(
    async (options: QemuOptions) => {
      end(await doctor(around, directoriesOf(program, around), await finder(options), options));
    },
  );

  async function check(
    file: string | undefined,
    options: QemuOptions & Partial<HardwareOptions>,
  ): Promise<ExitCode> {
    const subject = subjectOf(file, options);
    const qemu = await (await finder(options)).require();
    const proof = { qemu, resourcesDir: around.resourcesDir };
    const problems = await (subject.kind === 'file'
      ? checkFile(subject.file, proof)
      : checkHardware(subject.hardware, proof));
    return reportProblems(terminal, problems, qemu, options);
  }
}

interface QemuOptions extends OutputOptions {
  qemu?: string;
}

function directoriesOf(program: Command, { env }: Surroundings): Directories {
  const { library } = program.opts<{ library?: string }>();
  const places = defaultDirectories(env, process.platform, homedir());
  return library === undefined ? places : { ...places, library: path.resolve(library) };
}

function asPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function asCount(text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('A positive whole number is needed.');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
