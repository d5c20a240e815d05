// One trial: QEMU makes a board once, halted and without files of the user's, and tells what it made.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askQemu } from '../../../src-main/qemu/stdio-session.ts';
import { madeCpus } from '../../../src-main/qemu/verify-run.ts';

const patienceMs = 60_000;

export interface Trial {
  machine: string;
  /** `gic-version=3`, behind the machine's name. */
  machineOptions?: readonly string[];
  cpu?: string;
  vcpus?: number;
  memoryMiB?: number;
  /** Memory by a backend that reserves nothing on the host, for sizes that the host does not have. */
  unreserved?: boolean;
  /** How many `-serial null` are given. */
  serials?: number;
  /** How many `-nic user` are given. */
  nics?: number;
}

export interface TrialResult {
  /** The types that QEMU made, model names, in vCPU order; undefined when it refused. */
  cpus?: string[];
  /** How many of the serial ports the board took. */
  serialsTaken?: number;
  /** How many of the network controllers the board took. */
  nicsTaken?: number;
  /** QEMU's last words when it refused. */
  refusal?: string;
}

/** Files that stand in for the ROM or kernel without which a board does not even start. */
export interface StandIns {
  words: (machine: string) => readonly string[];
}

export async function makeStandIns(directory: string): Promise<StandIns> {
  const rom = path.join(directory, 'rom.bin');
  const kernel = path.join(directory, 'kernel.bin');
  await writeFile(rom, new Uint8Array(65_536));
  await writeFile(kernel, new Uint8Array(4096));
  const byName: readonly [RegExp, readonly string[]][] = [
    [/^canon-a1100$/, ['-bios', rom]],
    [/^ast2700/, ['-bios', rom]],
    [/^sx1/, ['-kernel', kernel]],
  ];
  return { words: (machine) => byName.find(([name]) => name.test(machine))?.[1] ?? [] };
}

function words(trial: Trial, standIns: StandIns): string[] {
  const { machine, machineOptions = [], cpu, vcpus, memoryMiB, unreserved, serials = 0, nics = 0 } = trial;
  const backend = memoryMiB !== undefined && unreserved === true;
  return [
    ...(backend ? ['-object', `memory-backend-ram,id=ram0,size=${memoryMiB}M,reserve=off`] : []),
    '-machine',
    [machine, ...machineOptions, ...(backend ? ['memory-backend=ram0'] : [])].join(','),
    '-accel',
    'tcg',
    ...(cpu === undefined ? [] : ['-cpu', cpu]),
    ...(vcpus === undefined ? [] : ['-smp', String(vcpus)]),
    ...(memoryMiB === undefined ? [] : ['-m', `${memoryMiB}M`]),
    ...Array.from({ length: serials }, () => ['-serial', 'null']).flat(),
    ...Array.from({ length: nics }, () => ['-nic', 'user']).flat(),
    ...standIns.words(machine),
    ...['-S', '-display', 'none', '-nodefaults', '-no-user-config', '-audio', 'none', '-qmp', 'stdio'],
  ];
}

interface Chardev {
  label: string;
  'frontend-open': boolean;
}

/** Runs one trial; QEMU has ended when this resolves. */
export async function runTrial(program: string, trial: Trial, standIns: StandIns): Promise<TrialResult> {
  const run = await askQemu(program, words(trial, standIns), patienceMs, async (qmp) => ({
    cpus: await madeCpus(qmp),
    chardevs: await qmp.execute<Chardev[]>('query-chardev'),
  }));
  if (!run.ok) return { refusal: run.stderr.trim() || String(run.error) };
  const taken = run.answer.chardevs.filter((one) => one.label.startsWith('serial') && one['frontend-open']);
  // QEMU net/net.c, net_check_clients: "requested NIC (anonymous, model unspecified) was not created".
  const dropped = run.stderr.match(/requested NIC .* was not created/g)?.length ?? 0;
  return {
    cpus: run.answer.cpus,
    serialsTaken: taken.length,
    nicsTaken: (trial.nics ?? 0) - dropped,
  };
}
