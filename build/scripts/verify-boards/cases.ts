// What the rule engine says of boards, as cases that QEMU can be asked to confirm.
import { type Board, boardFor, machinesToShow } from '../../../src-main/boards/board.ts';
import { checkDefinition } from '../../../src-main/boards/check.ts';
import { usableMemory } from '../../../src-main/boards/memory.ts';
import { refit } from '../../../src-main/boards/refit.ts';
import type { MachineOptions, VmDefinition } from '../../../src-main/contract/definition.ts';
import type { Problem } from '../../../src-main/contract/problem.ts';
import type { QemuCapabilities } from '../../../src-main/contract/qemu.ts';
import type { Trial, TrialResult } from './trial.ts';

export type CaseGroup = 'cpu' | 'vcpus' | 'memory' | 'uarts' | 'network';
export const caseGroups: readonly CaseGroup[] = ['cpu', 'vcpus', 'memory', 'uarts', 'network'];

export interface Case {
  group: CaseGroup;
  board: string;
  /** For a reader: `-cpu cortex-a53`. */
  asks: string;
  trial: Trial;
  /** What the engine says that QEMU will do. */
  expected: Expected;
}

export type Expected =
  | { does: 'refuse' }
  | { does: 'make'; model: string; besides: readonly string[]; vcpus?: number }
  | { does: 'take'; serials: number }
  | { does: 'wire'; nics: number };

/** Nothing of this computer matters here: only what QEMU makes of the board. */
const boundless = { arch: 'x64', platform: 'linux', memoryMiB: 2 ** 40, cores: 1024 };

const plain: VmDefinition = {
  name: 'Trial',
  note: '',
  origin: 'firmware',
  machine: 'virt',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 1,
  memoryMiB: 1024,
  accelerator: 'tcg',
  boot: { kind: 'loader' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'onboard', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

class BoardCases {
  readonly #board: Board;
  readonly #qemu: QemuCapabilities;
  readonly #base: VmDefinition;

  constructor(board: Board, qemu: QemuCapabilities) {
    this.#board = board;
    this.#qemu = qemu;
    this.#base = refit({ ...plain, cpu: board.cpu.default }, board.pinned, qemu, boundless).definition;
  }

  #problems(changes: Partial<VmDefinition>): Problem[] {
    return checkDefinition(
      { ...this.#base, ...changes },
      { qemu: this.#qemu, host: boundless, files: new Map(), busyPorts: new Map(), canBindPrivileged: true },
    );
  }

  #refuses(changes: Partial<VmDefinition>, fields: readonly string[]): boolean {
    return this.#problems(changes).some(
      ({ severity, field }) => severity === 'error' && fields.some((start) => field.startsWith(start)),
    );
  }

  #case(group: CaseGroup, asks: string, trial: Omit<Trial, 'machine'>, expected: Expected): Case {
    const { name, pinned } = this.#board;
    return { group, board: name, asks, trial: { ...trial, machine: pinned }, expected };
  }

  #makes(model: string, vcpus?: number): Expected {
    const besides = this.#board.cpu.besides ?? [];
    return { does: 'make', model, besides, ...(vcpus === undefined ? {} : { vcpus }) };
  }

  cpus(): Case[] {
    return this.#qemu.cpus
      .filter(({ name }) => name !== 'host')
      .map(({ name }) => {
        const rules = new Set(this.#problems({ cpu: name }).map(({ rule }) => rule));
        const expected: Expected = rules.has('cpu-refused')
          ? { does: 'refuse' }
          : this.#makes(rules.has('cpu-ignored') ? this.#board.cpu.default : name);
        return this.#case('cpu', `-cpu ${name}`, { cpu: name }, expected);
      });
  }

  #vcpus(vcpus: number, machineOptions: MachineOptions = {}): Case {
    const gic = machineOptions.gicVersion === undefined ? [] : [`gic-version=${machineOptions.gicVersion}`];
    const flags = (['virtualization', 'highmem'] as const).flatMap((name) => {
      const value = machineOptions[name];
      return value === undefined ? [] : [`${name}=${value ? 'on' : 'off'}`];
    });
    const words = [...gic, ...flags];
    const { cpu } = this.#base;
    return this.#case(
      'vcpus',
      [`-smp ${vcpus}`, ...words].join(' '),
      { vcpus, cpu, machineOptions: words },
      this.#refuses({ vcpus, machineOptions }, ['/vcpus', '/machineOptions'])
        ? { does: 'refuse' }
        : this.#makes(cpu, vcpus),
    );
  }

  vcpus(): Case[] {
    const { min, max } = this.#board.vcpus;
    const { mainCores = max } = this.#board.cpu;
    const counts = [min - 1, min, mainCores, mainCores + 1, max, max + 1].filter(
      (count, index, all) => count >= 1 && all.indexOf(count) === index,
    );
    const plainCases = counts.map((count) => this.#vcpus(count));
    if (!(this.#board.options ?? []).includes('gicVersion')) return plainCases;
    return [
      ...plainCases,
      ...[8, 9].map((count) => this.#vcpus(count, { gicVersion: '2' })),
      ...[123, 124].map((count) => this.#vcpus(count, { gicVersion: '3', highmem: false })),
      ...[317, 318].map((count) => this.#vcpus(count, { gicVersion: '4', virtualization: true })),
      ...[61, 62].map((count) =>
        this.#vcpus(count, { gicVersion: '4', virtualization: true, highmem: false }),
      ),
      this.#vcpus(1, { gicVersion: '4' }),
      this.#vcpus(1, { gicVersion: 'host' }),
      this.#vcpus(318, { gicVersion: 'max', virtualization: true }),
    ];
  }

  #memory(memoryMiB: number, changes: Partial<VmDefinition> = {}): Case {
    const { cpu } = { ...this.#base, ...changes };
    const highmem = changes.machineOptions?.highmem === false ? ['highmem=off'] : [];
    // Boards with memory of their own make no use of a backend; they get small sizes only.
    const unreserved = this.#board.memory.kind !== 'ignored' && usableMemory(this.#board.memory) > 2 ** 30;
    return this.#case(
      'memory',
      [`-m ${memoryMiB}`, `-cpu ${cpu}`, ...highmem].join(' '),
      { memoryMiB, cpu, machineOptions: highmem, unreserved },
      this.#refuses({ ...changes, memoryMiB }, ['/memoryMiB']) ? { does: 'refuse' } : this.#makes(cpu),
    );
  }

  /** Sizes at the edges of the rule, and one beyond each. */
  #sizes(): number[] {
    const { memory } = this.#board;
    switch (memory.kind) {
      case 'range': {
        const usable = usableMemory(memory);
        if (usable < memory.maxMiB) return [memory.minMiB, memory.defaultMiB, Math.min(usable, 4096)];
        return [memory.minMiB, memory.defaultMiB, memory.maxMiB, memory.maxMiB + 1];
      }
      case 'list': {
        const [smallest = 1] = memory.sizesMiB;
        const largest = Math.max(...memory.sizesMiB);
        return [...memory.sizesMiB, smallest / 2, smallest + 1, largest * 2];
      }
      case 'fixed':
        return [memory.MiB, memory.MiB / 2, memory.MiB * 2];
      case 'ignored':
        return [memory.MiB, 64];
    }
  }

  memory(): Case[] {
    const largest = 16_777_216;
    const sizes = this.#sizes().filter((size) => Number.isInteger(size) && size >= 1 && size <= largest);
    if (this.#board.name !== 'virt') return sizes.map((size) => this.#memory(size));
    const off: Partial<VmDefinition> = { machineOptions: { highmem: false } };
    return [
      ...[1, 128].map((size) => this.#memory(size)),
      ...[3072, 3073].map((size) => this.#memory(size, off)),
      ...['cortex-a53', 'cortex-a15', 'cortex-a76', 'a64fx'].flatMap((cpu) =>
        [1_047_552, 1_047_553].map((size) => this.#memory(size, { cpu })),
      ),
      ...[16_776_192, 16_776_193].map((size) => this.#memory(size, { cpu: 'cortex-a72' })),
    ];
  }

  uarts(): Case[] {
    const { uarts, vcpus } = this.#board;
    const [there, more] = [uarts.length, uarts.length + 1];
    const saysSo = this.#problems({ uarts: there }).every(({ rule }) => rule !== 'uarts-absent');
    const asked = { serials: more, ...(vcpus.max <= 8 ? { vcpus: vcpus.max } : {}) };
    return [this.#case('uarts', `-serial × ${more}`, asked, { does: 'take', serials: saysSo ? there : 0 })];
  }

  /** Where PCI takes any number of controllers there is nothing to count. */
  network(): Case[] {
    const { onboard, models } = this.#board.network;
    if (models.includes('virtio-net-pci')) return [];
    const count = onboard?.count ?? 0;
    return [this.#case('network', `-nic × ${count + 1}`, { nics: count + 1 }, { does: 'wire', nics: count })];
  }
}

/** Every case of the boards of this QEMU, or of those named. */
export function casesFor(
  qemu: QemuCapabilities,
  groups: readonly CaseGroup[],
  only?: readonly string[],
): Case[] {
  return machinesToShow(qemu)
    .flatMap(({ name }) => boardFor(name, qemu) ?? [])
    .filter(({ name, pinned }) => only === undefined || only.includes(name) || only.includes(pinned))
    .flatMap((board) => {
      const cases = new BoardCases(board, qemu);
      const byGroup: Readonly<Record<CaseGroup, () => Case[]>> = {
        cpu: () => cases.cpus(),
        vcpus: () => cases.vcpus(),
        memory: () => cases.memory(),
        uarts: () => cases.uarts(),
        network: () => cases.network(),
      };
      return groups.flatMap((group) => byGroup[group]());
    });
}

function firstLine(refusal: string): string {
  const lines = refusal.split('\n').filter((line) => line !== '' && !line.includes('warning:'));
  return lines[0] ?? refusal;
}

/** Where QEMU did something else than the engine said: a sentence; undefined when they agree. */
export function disagreement({ expected }: Case, result: TrialResult): string | undefined {
  if (expected.does === 'refuse') {
    return result.cpus === undefined
      ? undefined
      : `the engine says it refuses; it made ${result.cpus.join(', ')}`;
  }
  if (result.cpus === undefined) {
    return `the engine says it starts; it refused: ${firstLine(result.refusal ?? '')}`;
  }
  switch (expected.does) {
    case 'make': {
      const { model, besides, vcpus } = expected;
      const others = result.cpus.filter((cpu) => cpu !== model && !besides.includes(cpu));
      if (others.length > 0 || !result.cpus.includes(model)) {
        return `the engine says it makes ${model}; it made ${result.cpus.join(', ')}`;
      }
      return vcpus === undefined || vcpus === result.cpus.length
        ? undefined
        : `the engine says ${vcpus} vCPUs; it made ${result.cpus.length}`;
    }
    case 'take':
      return result.serialsTaken === expected.serials
        ? undefined
        : `the engine says ${expected.serials} UARTs; QEMU took ${result.serialsTaken}`;
    case 'wire':
      return result.nicsTaken === expected.nics
        ? undefined
        : `the engine says ${expected.nics} controllers; QEMU wired ${result.nicsTaken}`;
  }
}
