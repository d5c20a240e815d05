// Takes a new suggestion without losing what the user had already changed of an earlier one.
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { CreateRequest, Provision, Suggestion } from '../../../src-main/contract/vm.ts';

/** The parts of a machine that the user made their own. */
export interface Touched {
  readonly name: boolean;
  readonly hardware: boolean;
  readonly network: boolean;
}

export const noTouch: Touched = { name: false, hardware: false, network: false };

const hardwareFields = [
  'machine',
  'machineOptions',
  'cpu',
  'vcpus',
  'memoryMiB',
  'accelerator',
  'uarts',
  'debug',
] as const satisfies readonly (keyof VmDefinition)[];

export function touchedBy(before: Touched, from: CreateRequest, to: CreateRequest): Touched {
  const [a, b] = [from.definition, to.definition];
  return {
    name: before.name || a.name !== b.name,
    hardware: before.hardware || hardwareFields.some((field) => !same(a[field], b[field])),
    network: before.network || !same(a.network, b.network),
  };
}

/**
 * The suggestion's machine, with the user's name, hardware and network where they were touched, the disks they
 * added, and the sizes they gave to new disks.
 */
export function adoptSuggestion(
  suggestion: Suggestion,
  current: CreateRequest | null,
  previous: Suggestion | undefined,
  touched: Touched,
): CreateRequest {
  const suggested = suggestion.request;
  if (current === null || previous === undefined) return suggested;
  const added = addedDisks(current, previous, suggested);
  const mine = current.definition;
  return {
    definition: {
      ...suggested.definition,
      ...(touched.name ? { name: mine.name } : {}),
      ...(touched.hardware ? pickHardware(mine) : {}),
      ...(touched.network ? { network: mine.network } : {}),
      boot: adoptBoot(suggested.definition, mine, touched),
      disks: [...suggested.definition.disks, ...added],
    },
    provisions: [
      ...suggested.provisions.map((step) => keepSize(step, current.provisions)),
      ...current.provisions.filter(
        (step) => step.kind !== 'sample' && added.some((disk) => disk.id === step.diskId),
      ),
    ],
  };
}

function pickHardware(definition: VmDefinition): Pick<VmDefinition, (typeof hardwareFields)[number]> {
  const { machine, machineOptions, cpu, vcpus, memoryMiB, accelerator, uarts, debug } = definition;
  return { machine, machineOptions, cpu, vcpus, memoryMiB, accelerator, uarts, debug };
}

/** The suggested `console=` is for the suggested board: on another board the one that was refitted stays. */
function adoptBoot(suggested: VmDefinition, mine: VmDefinition, touched: Touched): VmDefinition['boot'] {
  const otherBoard = touched.hardware && mine.machine !== suggested.machine;
  if (otherBoard && suggested.boot.kind === 'kernel' && mine.boot.kind === 'kernel')
    return { ...suggested.boot, cmdline: mine.boot.cmdline };
  return suggested.boot;
}

function addedDisks(
  current: CreateRequest,
  previous: Suggestion,
  suggested: CreateRequest,
): VmDefinition['disks'] {
  const taken = new Set(
    [...previous.request.definition.disks, ...suggested.definition.disks].map((disk) => disk.id),
  );
  return current.definition.disks.filter((disk) => !taken.has(disk.id));
}

function keepSize(step: Provision, current: readonly Provision[]): Provision {
  if (step.kind !== 'new-disk') return step;
  const mine = current.find((other) => other.kind === 'new-disk' && other.diskId === step.diskId);
  return mine?.kind === 'new-disk' ? { ...step, sizeBytes: mine.sizeBytes } : step;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
