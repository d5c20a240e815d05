// Checks a definition against this computer: gathers the facts, lets the rules speak, shows the command line.
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type CheckFacts, checkDefinition } from '../boards/check.ts';
import { namedFiles } from '../boards/rules/files.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault, type FaultData } from '../contract/fault.ts';
import type { FileFact } from '../contract/image.ts';
import type { Problem } from '../contract/problem.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { CheckResult, CreateRequest, ExplainedArgument, Provision } from '../contract/vm.ts';
import { commandLine } from '../qemu/command-line.ts';
import { dryStart } from '../qemu/dry-start.ts';
import { type Launch, planLaunch } from '../qemu/launch.ts';
import { busyPorts, canBindPrivileged, type PortHolder } from './busy-ports.ts';
import { examineFile } from './file-facts.ts';
import { launchContext } from './launch-context.ts';
import type { Machine, MachineContext } from './machine.ts';
import { resolveFile, unfinishedPrefix } from './names.ts';
import { sampleProgram } from './provision.ts';
import { frozenProblems, refuseFrozen } from './snapshots/frozen.ts';

export interface CheckScope {
  context: MachineContext;
  /** The VM that is edited; left out for a new one. */
  machine?: Machine | undefined;
}

/** Shown in the command line of a VM that has no directory yet. */
const newVmId = '00000000-0000-4000-8000-000000000000';

/** Throws Fault `qemu-missing` and the like; everything else that is wrong is a problem in the result. */
export async function checkRequest(
  request: CreateRequest,
  scope: CheckScope,
  dry: boolean,
): Promise<CheckResult> {
  const { definition, provisions } = request;
  const qemu = await scope.context.finder.require();
  const problems = await findProblems(definition, provisions, qemu, scope);
  const preview = explainIfPossible(definition, qemu, scope);
  const commandLine = preview && { commandLine: preview.explained };
  if (!dry || !preview || problems.some(isError)) {
    return { problems, ...commandLine, proven: false };
  }
  const found = await dryStart(definition, preview.launch);
  const proven = !found.some(isError);
  return { problems: [...found, ...problems], ...commandLine, proven };
}

/** Throws the first error-level problem as a Fault; where the rules find none, QEMU is asked by a dry start. */
export async function refuseErrors(request: CreateRequest, scope: CheckScope): Promise<void> {
  throwFirstError((await checkRequest(request, scope, true)).problems);
}

/**
 * As `refuseErrors`, for an edit: what was wrong before (a file that is gone) does not stop a change elsewhere.
 * `provisions`: files that the edit brings along.
 */
export async function refuseNewErrors(
  before: VmDefinition,
  next: VmDefinition,
  scope: CheckScope,
  provisions: readonly Provision[] = [],
): Promise<void> {
  const qemu = await scope.context.finder.require();
  const problems = await findProblems(next, provisions, qemu, scope);
  if (!problems.some(isError)) return;
  const known = new Set(
    (await findProblems(before, [], qemu, scope)).map(({ rule, field }) => `${rule} ${field}`),
  );
  throwFirstError(problems.filter(({ rule, field }) => !known.has(`${rule} ${field}`)));
}

/**
 * The last look before a start. Files are left to the launch, which opens each of them; ports can only be asked of
 * the system in the moment that they are needed.
 */
export async function checkBeforeStart(
  machine: Machine,
  definition: VmDefinition,
  qemu: QemuCapabilities,
): Promise<void> {
  const { host } = machine.context;
  refuseFrozen(machine, definition);
  throwFirstError(
    checkDefinition(definition, {
      qemu,
      host,
      files: new Map(),
      busyPorts: await busyPorts(definition, runningOthers(machine.context.machines(), machine), undefined),
      canBindPrivileged: await canBindPrivileged(),
    }),
  );
}

async function findProblems(
  definition: VmDefinition,
  provisions: readonly Provision[],
  qemu: QemuCapabilities,
  scope: CheckScope,
): Promise<Problem[]> {
  const frozen = scope.machine ? frozenProblems(scope.machine, definition) : [];
  return [...frozen, ...checkDefinition(definition, await gatherFacts(definition, provisions, qemu, scope))];
}

/** All that the rules look at. */
export async function gatherFacts(
  definition: VmDefinition,
  provisions: readonly Provision[],
  qemu: QemuCapabilities,
  scope: CheckScope,
): Promise<CheckFacts> {
  const { machine, context } = scope;
  const own = machine?.phase.kind === 'live' ? machine.phase.run.record.document.definition : undefined;
  return {
    qemu,
    host: context.host,
    files: await fileFacts(definition, provisions, qemu, scope),
    busyPorts: await busyPorts(definition, runningOthers(context.machines(), machine), own),
    canBindPrivileged: await canBindPrivileged(),
  };
}

async function fileFacts(
  definition: VmDefinition,
  provisions: readonly Provision[],
  qemu: QemuCapabilities,
  scope: CheckScope,
): Promise<Map<string, FileFact>> {
  const disks = new Set(definition.disks.map(({ file }) => file));
  const sources = provisionedFiles(definition, provisions, scope.context.resourcesDirectory);
  const users = await diskUsers(scope);
  const facts = new Map<string, FileFact>();
  for (const { file } of namedFiles(definition)) {
    const source = sources.get(file);
    if (facts.has(file)) continue;
    if (typeof source === 'object') {
      const format = definition.disks.find(({ id }) => id === source.diskId)?.format ?? 'qcow2';
      facts.set(file, newDiskFact(file, format, source));
      continue;
    }
    const own = ownLayer(definition, file, scope.machine);
    const absolute = own ?? source ?? resolveFile(scope.machine?.directory ?? path.sep, file);
    const examined = await examineFile(file, absolute, {
      asDisk: disks.has(file),
      imgPath: own === undefined ? qemu.imgPath : undefined,
    });
    const fact = own === undefined ? examined : trusted(examined);
    if (source !== undefined) {
      facts.set(file, copyFact(fact, definition.disks.find((disk) => disk.file === file)?.format));
      continue;
    }
    const usedBy = users.get(await realpath(absolute).catch(() => absolute));
    facts.set(file, usedBy === undefined ? fact : { ...fact, usedBy });
  }
  return facts;
}

/** The image that the VM's writes go to where that is another one than the definition's file. */
function ownLayer({ disks }: VmDefinition, file: string, machine: Machine | undefined): string | undefined {
  const disk = disks.find((other) => other.file === file);
  return disk && machine?.record.kind === 'usable' ? machine.layers()[disk.id]?.[0]?.path : undefined;
}

/** A layer of the VM's own builds on others, and QEMU is told which: its header is not asked. */
function trusted(fact: FileFact): FileFact {
  return fact.disk ? { ...fact, disk: { ...fact.disk, refusals: [] } } : fact;
}

type NewDisk = Extract<Provision, { kind: 'new-disk' }>;

/** An empty disk as it will be. */
function newDiskFact(file: string, format: 'qcow2' | 'raw', { sizeBytes }: NewDisk): FileFact {
  const disk = { format, virtualSizeBytes: sizeBytes, allocatedBytes: 0, refusals: [], doubts: [] };
  return { file, kind: 'file', sizeBytes, writable: true, disk };
}

/**
 * A copy belongs to the VM alone, whatever may be done with what it is made from. A disk's has the disk's format; what a
 * packed one holds is not known before it is unpacked.
 */
function copyFact({ disk, ...fact }: FileFact, format: 'qcow2' | 'raw' | undefined): FileFact {
  const copied = { ...fact, ...(fact.kind === 'file' && { writable: true }) };
  if (!disk || !format || fact.header?.type === 'compressed') return copied;
  return { ...copied, disk: { ...disk, format } };
}

/** Files that are not there yet: where each comes from, or how it is made. */
function provisionedFiles(
  definition: VmDefinition,
  provisions: readonly Provision[],
  resourcesDirectory: string,
): Map<string, string | NewDisk> {
  const files = new Map<string, string | NewDisk>();
  for (const provision of provisions) {
    if (provision.kind === 'sample') {
      for (const { file } of namedFiles(definition)) {
        if (file === sampleProgram.file) files.set(file, sampleProgram.resource(resourcesDirectory));
      }
      continue;
    }
    const disk = definition.disks.find(({ id }) => id === provision.diskId);
    if (disk) files.set(disk.file, provision.kind === 'copy-disk' ? provision.from : provision);
  }
  return files;
}

/** Writable disks of the other VMs, and what their snapshots need, by their real path. */
async function diskUsers({ context, machine }: CheckScope): Promise<Map<string, string>> {
  const users = new Map<string, string>();
  for (const other of context.machines()) {
    const { record } = other;
    if (other === machine || record.kind === 'damaged') continue;
    const { name, disks } = record.document.definition;
    const written = disks.filter(({ readOnly }) => !readOnly).map(({ file }) => file);
    const needed = [...other.snapshots.manifests.values()].flatMap((manifest) =>
      Object.values(manifest.layers).map(({ file }) => file),
    );
    for (const file of new Set([...written, ...needed])) {
      // Only a file of the user's own can be shared by accident.
      if (!path.isAbsolute(file)) continue;
      users.set(await realpath(file).catch(() => file), name);
    }
  }
  return users;
}

function runningOthers(machines: readonly Machine[], self: Machine | undefined): PortHolder[] {
  return machines.flatMap((machine) => {
    if (machine === self || machine.phase.kind !== 'live') return [];
    const { definition } = machine.phase.run.record.document;
    return [{ name: definition.name, definition }];
  });
}

/** The command line as it would be now. Throws Fault `bad-input`, `unsupported` where there is none. */
export function explain(
  definition: VmDefinition,
  qemu: QemuCapabilities,
  { context, machine }: CheckScope,
): { explained: ExplainedArgument[]; launch: Launch } {
  const id = machine?.id ?? newVmId;
  const places = launchContext(definition, {
    id,
    directory: machine?.directory ?? path.join(context.library.directory, `${unfinishedPrefix}${id}`),
    runtimeDirectory: path.join(context.runtimeDirectory, id),
    qemu,
    host: context.host,
    resourcesDirectory: context.resourcesDirectory,
    ...(machine && { layers: machine.layers() }),
  });
  const launch = planLaunch(definition, places);
  return { explained: commandLine(definition, launch), launch };
}

/** undefined when the definition is too broken for a command line: the rules say why. */
function explainIfPossible(...given: Parameters<typeof explain>): ReturnType<typeof explain> | undefined {
  try {
    return explain(...given);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

const isError = ({ severity }: Problem) => severity === 'error';

function throwFirstError(problems: readonly Problem[]): void {
  const first = problems.find(isError);
  if (first) throw new Fault(problemFault(first));
}

function problemFault({ rule, field, message, fix }: Problem): FaultData {
  return {
    code:
      rule.startsWith('forward-') || rule === 'debug-gdb-port'
        ? 'port-unusable'
        : rule.startsWith('file-')
          ? 'file-unusable'
          : 'bad-input',
    message,
    remedy: fix ? `${fix.label}.` : 'Change this setting and try again.',
    field,
    ...(fix && { fix }),
  };
}
