// check: will this definition do what it says? The same rules as the wizard's, the Hardware tab's and Start's, then QEMU.
import path from 'node:path';
import { boardCards } from '../boards/catalogue.ts';
import { type CheckFacts, checkDefinition } from '../boards/check.ts';
import { namedFiles } from '../boards/rules/files.ts';
import type { BoardCard, MemoryRule } from '../contract/board.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { FileFact } from '../contract/image.ts';
import type { Problem } from '../contract/problem.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { dryStart } from '../qemu/dry-start.ts';
import { planLaunch } from '../qemu/launch.ts';
import { busyPorts, canBindPrivileged } from '../vm/busy-ports.ts';
import { examineFile } from '../vm/file-facts.ts';
import { launchContext } from '../vm/launch-context.ts';
import { readRequest } from './create.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { hostFacts } from './find-qemu.ts';
import { printJson, printLine } from './print.ts';
import type { Terminal } from './surroundings.ts';

export interface HardwareOptions {
  board: string;
  cpu?: string;
  vcpus?: number;
  memory?: number;
}

/** What QEMU is asked with, and what it finds beside the files of Armoire. */
export interface Proof {
  qemu: QemuCapabilities;
  /** Data shipped with Armoire. */
  resourcesDir: string;
}

/** Nothing but the hardware was said: of a boot, disks or a network that nobody named there is nothing to find. */
const hardwareFields = /^\/(machine|machineOptions|cpu|vcpus|memoryMiB|accelerator)(\/|$)/;

export async function checkFile(file: string, proof: Proof): Promise<Problem[]> {
  const { qemu } = proof;
  const { definition, provisions } = await readRequest(file);
  const directory = path.dirname(path.resolve(file));
  const problems = checkDefinition(definition, {
    qemu,
    host: hostFacts(),
    files: await fileFacts(definition, { directory, complete: provisions.length === 0, qemu }),
    busyPorts: await busyPorts(definition, [], undefined),
    canBindPrivileged: await canBindPrivileged(),
  });
  return proved(definition, problems, directory, proof);
}

/** Where the rules find no error, QEMU is asked too, by a dry start (about 0.1 s). */
async function proved(
  definition: VmDefinition,
  problems: Problem[],
  directory: string,
  { qemu, resourcesDir }: Proof,
): Promise<Problem[]> {
  if (problems.some(({ severity }) => severity === 'error')) return problems;
  const places = {
    id: '00000000-0000-4000-8000-000000000000',
    directory,
    runtimeDirectory: directory,
    qemu,
    host: hostFacts(),
    resourcesDirectory: resourcesDir,
  };
  const launch = planLaunch(definition, launchContext(definition, places));
  return [...(await dryStart(definition, launch)), ...problems];
}

/** Relative files are beside the definition, as they are beside vm.json; before a VM is created they may not be there. */
async function fileFacts(
  definition: VmDefinition,
  { directory, complete, qemu }: { directory: string; complete: boolean; qemu: QemuCapabilities },
): Promise<Map<string, FileFact>> {
  const disks = new Set(definition.disks.map(({ file }) => file));
  const facts = new Map<string, FileFact>();
  for (const { file } of namedFiles(definition)) {
    if (!complete && !path.isAbsolute(file)) continue;
    const options = { asDisk: disks.has(file), imgPath: qemu.imgPath };
    facts.set(file, await examineFile(file, path.resolve(directory, file), options));
  }
  return facts;
}

export async function checkHardware(options: HardwareOptions, proof: Proof): Promise<Problem[]> {
  const definition = hardwareDefinition(proof.qemu, options);
  const found = checkDefinition(definition, factsOfHost(proof.qemu)).filter(isOfHardware);
  return (await proved(definition, found, process.cwd(), proof)).filter(isOfHardware);
}

function isOfHardware({ field }: Problem): boolean {
  return hardwareFields.test(field);
}

/** What was not said is the board's own: its default CPU, vCPUs and memory. */
export function hardwareDefinition(qemu: QemuCapabilities, options: HardwareOptions): VmDefinition {
  const card = cardOf(qemu, options.board);
  return {
    name: 'check',
    note: '',
    origin: 'firmware',
    machine: options.board,
    machineOptions: {},
    cpu: options.cpu ?? card?.cpus.default ?? 'max',
    vcpus: options.vcpus ?? card?.vcpus.default ?? 1,
    memoryMiB: options.memory ?? (card ? defaultMemory(card.memory) : 128),
    accelerator: 'auto',
    boot: { kind: 'media' },
    loaders: [],
    disks: [],
    network: {
      mode: 'none',
      model: card?.networkModels[0] ?? 'onboard',
      mac: '52:54:00:00:00:01',
      forwards: [],
    },
    uarts: 1,
    debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
  };
}

function cardOf(qemu: QemuCapabilities, board: string): BoardCard | undefined {
  const cards = boardCards(qemu);
  return (
    cards.find(({ name, machine }) => name === board || machine === board) ??
    cards.find(({ name }) => name === board.replace(/-\d+\.\d+$/, ''))
  );
}

function defaultMemory(rule: MemoryRule): number {
  switch (rule.kind) {
    case 'range':
    case 'list':
      return rule.defaultMiB;
    case 'fixed':
    case 'ignored':
      return rule.MiB;
  }
}

function factsOfHost(qemu: QemuCapabilities): CheckFacts {
  return { qemu, host: hostFacts(), files: new Map(), busyPorts: new Map(), canBindPrivileged: true };
}

export type CheckSubject = { kind: 'file'; file: string } | { kind: 'hardware'; hardware: HardwareOptions };

/** Throws Fault `bad-input` unless exactly one of a file and a board is given. */
export function subjectOf(file: string | undefined, options: Partial<HardwareOptions>): CheckSubject {
  const { board, cpu, vcpus, memory } = options;
  if (file === undefined && board !== undefined) return { kind: 'hardware', hardware: { ...options, board } };
  const onlyFile = [board, cpu, vcpus, memory].every((value) => value === undefined);
  if (file !== undefined && onlyFile) return { kind: 'file', file };
  throw new Fault({
    code: 'bad-input',
    message: 'What is to be checked?',
    remedy: 'Give either the path of a definition, or --board with --cpu, --vcpus and --memory as you like.',
  });
}

/** A hint is no problem: the definition does what it says. */
export function reportProblems(
  terminal: Terminal,
  problems: readonly Problem[],
  qemu: QemuCapabilities,
  { json }: { json?: boolean },
): ExitCode {
  const ok = problems.every(({ severity }) => severity === 'hint');
  if (json) {
    printJson(terminal, { ok, qemu: { path: qemu.path, version: qemu.version.text }, problems });
  } else {
    for (const { severity, field, message, fix } of problems) {
      printLine(terminal, `${severity} ${field}: ${message}`);
      if (fix) printLine(terminal, `  fix: ${fix.label}`);
    }
    if (ok) printLine(terminal, 'It will do what it says.');
  }
  return ok ? exitCode.ok : exitCode.no;
}
