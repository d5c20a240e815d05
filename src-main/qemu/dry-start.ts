// A dry start: QEMU makes the machine without its files, ports and disks, and tells what it made (about 0.1 s).
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { namedFiles } from '../boards/rules/files.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { Problem } from '../contract/problem.ts';
import type { ExplainedArgument } from '../contract/vm.ts';
import { bootArguments, loaderArguments } from './arguments/boot.ts';
import { diskArguments } from './arguments/disks.ts';
import { hardeningArguments } from './arguments/host.ts';
import { machineArguments } from './arguments/machine.ts';
import { networkArguments } from './arguments/network.ts';
import { wordsOf } from './command-line.ts';
import type { Launch } from './launch.ts';
import { askQemu } from './stdio-session.ts';
import { translateFailure } from './translate.ts';
import { verifyRunning } from './verify-run.ts';

/** A busy computer may take long; a machine that is not there by then would not start in earnest either. */
export const patienceMs = 20_000;

async function isRegularFile(file: string): Promise<boolean> {
  return stat(file).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/** Flash memory is made empty, which needs its size; other boot files are needed as they are. */
function startsFromFlash({ boot }: VmDefinition, { wiring, firmware }: Launch): boolean {
  const isFlash = boot.kind === 'uefi' || boot.kind === 'pflash';
  return isFlash && firmware?.mapping === 'flash' && wiring.flashBytes !== undefined;
}

/** What is loaded is loaded when all of it is there already: QEMU then checks kernel against CPU and RAM. */
async function bootParts(definition: VmDefinition, launch: Launch): Promise<ExplainedArgument[]> {
  const { kind } = definition.boot;
  const fromFlash = startsFromFlash(definition, launch);
  if (!fromFlash && (kind === 'uefi' || kind === 'pflash')) return [];
  for (const { file, field } of namedFiles(definition)) {
    if (field.startsWith('/disks') || (fromFlash && field.startsWith('/boot'))) continue;
    if (!(await isRegularFile(path.resolve(launch.vmDirectory, file)))) return [];
  }
  return [...bootArguments(definition, launch), ...loaderArguments(definition, launch)];
}

/** No port is opened. A flash chip whose size nobody knows is left out: one of another size would be refused. */
function harmless(definition: VmDefinition, { wiring }: Launch): VmDefinition {
  return {
    ...definition,
    disks: definition.disks.filter(({ bus }) => bus !== 'mtd' || wiring.slots.mtd?.bytes !== undefined),
    network: { ...definition.network, forwards: [] },
  };
}

export async function dryWords(asked: VmDefinition, launch: Launch): Promise<string[]> {
  const definition = harmless(asked, launch);
  const blank: Launch = { ...launch, blankDrives: true };
  return [
    ...wordsOf([
      ...hardeningArguments(blank),
      ...machineArguments(definition, blank),
      ...(await bootParts(definition, blank)),
      ...diskArguments(definition, blank),
      ...networkArguments(definition, blank),
    ]),
    ...Array.from({ length: definition.uarts }, () => ['-serial', 'null']).flat(),
    '-S',
    '-qmp',
    'stdio',
  ];
}

function refusal(stderr: string, definition: VmDefinition): Problem {
  const { message, remedy, field, fix } = translateFailure(stderr, definition);
  return {
    rule: 'qemu-refuses',
    field: field ?? '',
    severity: 'error',
    message: `${message} ${remedy}`,
    ...(fix ? { fix } : {}),
  };
}

/** A board without a network controller takes `-nic` and only warns (QEMU net/net.c net_check_clients). */
function missingNetwork(stderr: string): Problem[] {
  if (!/requested NIC .* was not created/.test(stderr)) return [];
  return [
    {
      rule: 'network-not-made',
      field: '/network/model',
      severity: 'error',
      message: 'The board has no network controller of its own: the guest would have no network.',
      fix: { label: 'No network', steps: [{ op: 'set', path: '/network/mode', value: 'none' }] },
    },
  ];
}

/**
 * What QEMU itself finds wrong with a definition: its refusal, or hardware other than what was asked for. Empty: it
 * would make exactly this machine. `launch` is a planned one (`planLaunch`); nothing of it need exist.
 */
export async function dryStart(definition: VmDefinition, launch: Launch): Promise<Problem[]> {
  let words: string[];
  try {
    words = await dryWords(definition, launch);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { message, remedy, field, fix } = error.data;
    const problem = { rule: 'no-command-line', field: field ?? '', severity: 'error' as const };
    return [{ ...problem, message: `${message} ${remedy}`, ...(fix ? { fix } : {}) }];
  }
  const made = await askQemu(launch.program, words, patienceMs, (qmp) => verifyRunning(qmp, definition));
  return made.ok ? [...made.answer, ...missingNetwork(made.stderr)] : [refusal(made.stderr, definition)];
}
