// The guest of the snapshot benches: Linux with 1 GiB and a disk, once run by Armoire and once by hand.
import type { ServerClient } from '../../../e2e/support/client.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import type { QmpClient } from '../../../src-main/qemu/qmp.ts';
import { guestFiles } from '../guests.ts';
import { createVm, stopVm, watchConsole } from './armoire-run.ts';
import { type HandRun, hardwareOf, startByHand } from './by-hand.ts';
import { diskNodeOf } from './internal-snapshot.ts';
import { millisecondsSince } from './measure.ts';
import type { SecondMonitor } from './second-monitor.ts';

const memoryMiB = 1024;
const diskBytes = 1024 ** 3;
export const dirtyMiB = 512;

const booted = (output: Buffer): boolean => output.includes('armoire-guest ready');
const atShell = (output: Buffer): boolean => output.includes('~ # ');

/** A line without end, as fast as the shell can: its gaps are the guest's standstills. */
export const tick = 'while :; do echo t; done\r';

/** Idle, and still to be seen to go on. */
export const slowTick = 'while sleep 0.05; do echo t; done\r';

interface Typist {
  until(sees: (output: Buffer) => boolean): Promise<number>;
  type(text: string): void;
}

/** Types a command and waits until it has ended. The word is split, so that its echo is not taken for it. */
export async function command(console: Typist, text: string, word: string): Promise<void> {
  console.type(`${text} && echo ${word.slice(0, 2)}''${word.slice(2)}\r`);
  await console.until((output) => output.includes(`\n${word}`));
}

/** Memory that is not zero, and that nothing can leave out. */
export async function makeDirty(console: Typist, MiB: number): Promise<void> {
  await command(console, `mkdir -p /mnt/d && mount -t tmpfs -o size=${MiB + 64}m t /mnt/d`, 'mounted');
  // tr looks at every byte, which an emulated CPU takes its time for: once, and then copies.
  await command(console, "tr '\\0' x < /dev/zero | head -c 1048576 > /mnt/d/seed", 'seeded');
  await command(console, `for i in $(seq ${MiB}); do cat /mnt/d/seed; done > /mnt/d/x`, 'filled');
}

export interface ArmoireGuest {
  readonly id: string;
  readonly qmp: QmpClient;
  readonly consoleFile: string;
  /** From Start to the guest's last word of its boot, ms. */
  readonly bootMs: number;
}

export function createGuest(client: ServerClient): Promise<VmView> {
  const guest = guestFiles().arm64;
  return createVm(client, { kind: 'kernel', kernel: guest.kernel, initrd: guest.initrd }, (request) => {
    request.definition.memoryMiB = memoryMiB;
    request.definition.vcpus = 1;
    request.definition.disks.push({
      id: 'disk0',
      file: 'disks/disk0.qcow2',
      format: 'qcow2',
      media: 'disk',
      bus: 'virtio',
      readOnly: false,
    });
    request.provisions.push({ kind: 'new-disk', diskId: 'disk0', sizeBytes: diskBytes });
  });
}

/** Boots it, lets `prepare` type, and closes the console: nobody looks at it while it is measured. */
export async function startGuest(
  client: ServerClient,
  monitor: SecondMonitor,
  id: string,
  prepare: (console: Typist) => Promise<void>,
): Promise<ArmoireGuest> {
  await client.rpc.console.clear({ id, console: 'uart0' });
  const console = await watchConsole(client, id);
  const started = performance.now();
  const boot = console.until(booted).then(() => millisecondsSince(started));
  const { run } = await client.rpc.vms.start({ id });
  const bootMs = await boot;
  await console.until(atShell);
  await prepare(console);
  console.close();
  return {
    id,
    bootMs,
    qmp: await monitor.connect(run?.pid ?? 0),
    consoleFile: await consoleFileOf(client, id),
  };
}

export async function consoleFileOf(client: ServerClient, id: string): Promise<string> {
  return (await client.rpc.console.logFile({ id, console: 'uart0' })).path;
}

export interface HandGuest {
  readonly hardware: readonly string[];
  readonly node: string;
  readonly run: HandRun;
  readonly qmp: QmpClient;
  readonly bootMs: number;
}

/** A VM of the same definition with a disk of its own, which Armoire never starts. */
export async function startHandGuest(
  client: ServerClient,
  monitor: SecondMonitor,
  prepare: (console: Typist) => Promise<void>,
): Promise<HandGuest> {
  const { id } = await createGuest(client);
  const hardware = hardwareOf((await client.rpc.vms.commandLine({ id })).arguments);
  const run = await startByHand(monitor.program, hardware);
  const bootMs = await run.until(booted);
  await run.until(atShell);
  await prepare(run);
  return { hardware, node: diskNodeOf(hardware), run, bootMs, qmp: await monitor.connect(run.pid) };
}

/** Ends what the guest does, and has it do something else. */
export async function doInstead(client: ServerClient, id: string, command: string): Promise<void> {
  const console = await watchConsole(client, id);
  console.type(`\x03${command}`);
  const echo = Buffer.from(command.trimEnd());
  await console.until((output) => output.includes(echo));
  console.close();
}

export async function stopGuest(client: ServerClient, guest: ArmoireGuest): Promise<void> {
  guest.qmp.close();
  await stopVm(client, guest.id);
}
