// A board as the QEMU in use makes it: the table's row for that version, corrected by what the binary says.
import type { QemuCapabilities, QemuMachine } from '../contract/qemu.ts';
import type { CpuPolicy } from './row.ts';
import { type RowFacts, rowAt } from './row-at.ts';
import { listedBoard, unversioned } from './table.ts';
import { valueSince } from './version.ts';

export interface Board extends RowFacts {
  family: string;
  /** The machine type that a new VM pins: `virt-10.0`. */
  pinned: string;
  /** `unknown`: not in the table, so nobody has looked at what QEMU does with a wrong CPU. */
  policy: CpuPolicy | 'unknown';
  /** False: not in the table; everything but what the binary says is a cautious guess. */
  listed: boolean;
}

/** `cortex-a72-arm-cpu` is what QEMU calls the type; `cortex-a72` is what a user asks for. */
export function cpuModelName(typeOrName: string): string {
  return typeOrName.replace(/-arm-cpu$/, '');
}

function policyFor(facts: RowFacts, qemu: QemuCapabilities): CpuPolicy {
  const { policy } = facts.cpu;
  return typeof policy === 'string' ? policy : (valueSince(policy, qemu.version) ?? 'ignored');
}

/** What the binary says about itself wins: its default CPU is one that fits, its vCPU limit holds. */
function correctedBy(machine: QemuMachine, facts: RowFacts): RowFacts {
  const binaryDefault =
    machine.defaultCpu === undefined ? facts.cpu.default : cpuModelName(machine.defaultCpu);
  const fits = facts.cpu.fits.includes(binaryDefault) ? facts.cpu.fits : [binaryDefault, ...facts.cpu.fits];
  const max = Math.min(facts.vcpus.max, machine.maxVcpus);
  const min = Math.min(facts.vcpus.min, max);
  return {
    ...facts,
    cpu: { ...facts.cpu, default: binaryDefault, fits },
    vcpus: { min, max, default: Math.min(Math.max(facts.vcpus.default, min), max) },
  };
}

/** Nothing is known but the binary's own words: its CPU, one vCPU, one console, no device that might not be there. */
function unlistedBoard(machine: QemuMachine): Board {
  const cpu = machine.defaultCpu === undefined ? 'cortex-a15' : cpuModelName(machine.defaultCpu);
  return {
    name: machine.alias ?? machine.name,
    pinned: machine.name,
    title: machine.description,
    family: 'Not in Armoire’s table',
    summary: 'This QEMU has the board, but Armoire knows nothing of it yet: only what QEMU says is shown.',
    profiles: [],
    cpu: { default: cpu, fits: [cpu], policy: 'ignored' },
    policy: 'unknown',
    vcpus: { min: 1, max: machine.maxVcpus, default: 1 },
    memory: { kind: 'range', minMiB: 1, maxMiB: 16_777_216, defaultMiB: 128 },
    boot: ['kernel', 'elf', 'bios', 'pflash', 'loader', 'sd', 'mtd'],
    uarts: [{ label: 'First serial port' }],
    disks: [],
    network: { models: [] },
    needs: [],
    listed: false,
    sources: ['QEMU query-machines'],
  };
}

function resolve(machine: QemuMachine, qemu: QemuCapabilities): Board {
  const listed = listedBoard(machine.name) ?? listedBoard(machine.alias ?? machine.name);
  if (listed === undefined) return unlistedBoard(machine);
  const facts = correctedBy(machine, rowAt(listed.row, qemu.version));
  return {
    ...facts,
    family: listed.family,
    pinned: machine.name,
    policy: policyFor(facts, qemu),
    listed: true,
  };
}

/** The machine type of this QEMU behind a name: itself, its alias, or the newest version of it. */
export function findMachine(name: string, qemu: QemuCapabilities): QemuMachine | undefined {
  return qemu.machines.find((machine) => machine.name === name || machine.alias === name);
}

const resolved = new WeakMap<QemuCapabilities, Map<string, Board>>();

/** The board of a machine type on this QEMU; undefined when this QEMU does not have it. */
export function boardFor(name: string, qemu: QemuCapabilities): Board | undefined {
  let boards = resolved.get(qemu);
  if (boards === undefined) {
    boards = new Map();
    resolved.set(qemu, boards);
  }
  const known = boards.get(name);
  if (known !== undefined) return known;
  const machine = findMachine(name, qemu);
  if (machine === undefined) return undefined;
  const board = resolve(machine, qemu);
  boards.set(name, board);
  return board;
}

/** Every machine type of this QEMU once: older versions of a versioned one (`virt-9.2`) are left out. */
export function machinesToShow(qemu: QemuCapabilities): QemuMachine[] {
  const newest = new Set(qemu.machines.filter(({ alias }) => alias !== undefined).map(({ alias }) => alias));
  return qemu.machines.filter(({ name, alias }) => {
    if (name === 'none' || name === 'x-remote') return false;
    return alias !== undefined || !newest.has(unversioned(name));
  });
}
