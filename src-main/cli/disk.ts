// disk info, grow, check, compact, convert.
import type { Disk } from '../contract/definition.ts';
import type { DiskCheck, DiskReport, DiskUse } from '../contract/disk.ts';
import { Fault } from '../contract/fault.ts';
import type { VmView } from '../contract/vm.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findVm, nameOf } from './find-vm.ts';
import { printJson, printLine, printTable, remark } from './print.ts';
import { withProgress } from './progress.ts';
import { formatSize } from './size.ts';
import type { Surroundings } from './surroundings.ts';
import { type OutputOptions, report } from './vm-commands.ts';

/** A VM, and the id of one of its disks; may be left out where there is one only. */
type DiskWords = readonly [string, string | undefined];

export async function diskInfo(
  client: ControlClient,
  { terminal }: Surroundings,
  [vmName, wanted]: DiskWords,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const vm = await findVm(client.rpc, vmName);
  const whole = await client.rpc.disks.report({ id: vm.id });
  const only = wanted === undefined ? undefined : diskOf(vm, wanted).id;
  const told = { ...whole, disks: whole.disks.filter(({ id }) => only === undefined || id === only) };
  if (json) printJson(terminal, told);
  else printReport(terminal, vm, told);
  return exitCode.ok;
}

function printReport(terminal: Surroundings['terminal'], vm: VmView, told: DiskReport): void {
  if (told.disks.length === 0) remark(terminal, `${nameOf(vm)} has no disks.`);
  else {
    printTable(terminal, [
      ['DISK', 'FORMAT', 'SIZE', 'ON DISK', 'BUILDS ON', 'FILE'],
      ...told.disks.map(rowOf),
    ]);
  }
  for (const { id, fault } of told.disks)
    if (fault !== undefined) remark(terminal, `armoire: ${id}: ${fault}`);
  const { totalBytes, snapshotBytes } = told;
  printLine(
    terminal,
    `All of ${nameOf(vm)}: ${formatSize(totalBytes)}, of that snapshots: ${formatSize(snapshotBytes)}`,
  );
}

function rowOf({ id, format, virtualBytes, ownBytes, layers, file, fault }: DiskUse): string[] {
  const below = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    id,
    format,
    fault === undefined ? formatSize(virtualBytes) : '?',
    fault === undefined ? formatSize(ownBytes) : '?',
    layers.length === 0 ? '' : `${layers.length} (${formatSize(below)})`,
    file,
  ];
}

export interface GrowOptions extends OutputOptions {
  /** Bytes. */
  to: number;
}

export async function growDisk(
  client: ControlClient,
  around: Surroundings,
  words: DiskWords,
  { json, to }: GrowOptions,
): Promise<ExitCode> {
  const { id, disk } = await find(client, words);
  const input = { id, disk, sizeBytes: to, shrink: false };
  const { advice } = await withProgress(client, around, id, () => client.rpc.disks.resize(input));
  if (json) printJson(around.terminal, { disk, sizeBytes: to, advice });
  else {
    printLine(around.terminal, `${disk}: ${formatSize(to)}`);
    if (advice !== '') remark(around.terminal, advice);
  }
  return exitCode.ok;
}

export interface CheckOptions extends OutputOptions {
  repair?: boolean;
}

/** All disks where none is named; the answer is no when one has faults that are left. */
export async function checkDisks(
  client: ControlClient,
  around: Surroundings,
  [vmName, wanted]: DiskWords,
  { json, repair = false }: CheckOptions,
): Promise<ExitCode> {
  const vm = await findVm(client.rpc, vmName);
  const disks = wanted === undefined ? imagesOf(vm) : [diskOf(vm, wanted)];
  const checks: ({ disk: string } & DiskCheck)[] = [];
  for (const { id: disk } of disks) {
    const input = { id: vm.id, disk, repair };
    const check = await withProgress(client, around, vm.id, () => client.rpc.disks.check(input));
    checks.push({ disk, ...check });
    if (!json) printLine(around.terminal, `${disk}: ${verdict(check)}`);
  }
  if (json) printJson(around.terminal, checks);
  else if (checks.length === 0) remark(around.terminal, `${nameOf(vm)} has no disks.`);
  return checks.every(({ clean }) => clean) ? exitCode.ok : exitCode.no;
}

function verdict({ clean, leaks, corruptions, repaired }: DiskCheck): string {
  const left = clean ? 'clean' : `${corruptions} corruptions, ${leaks} leaks`;
  return repaired > 0 ? `${left}, ${repaired} repaired` : left;
}

export async function compactDisks(
  client: ControlClient,
  around: Surroundings,
  [vmName, wanted]: DiskWords,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const vm = await findVm(client.rpc, vmName);
  const disks = wanted === undefined ? imagesOf(vm) : [diskOf(vm, wanted)];
  const freed: { disk: string; freedBytes: number }[] = [];
  for (const { id: disk } of disks) {
    const work = () => client.rpc.disks.compact({ id: vm.id, disk });
    const { freedBytes } = await withProgress(client, around, vm.id, work);
    freed.push({ disk, freedBytes });
    if (!json) printLine(around.terminal, `${disk}: ${formatSize(Math.max(0, freedBytes))} given back`);
  }
  if (json) printJson(around.terminal, freed);
  return exitCode.ok;
}

export interface ConvertOptions extends OutputOptions {
  to: Disk['format'];
}

export async function convertDisk(
  client: ControlClient,
  around: Surroundings,
  words: DiskWords,
  { json, to }: ConvertOptions,
): Promise<ExitCode> {
  const { id, disk } = await find(client, words);
  const input = { id, disk, format: to };
  report(
    around.terminal,
    await withProgress(client, around, id, () => client.rpc.disks.convert(input)),
    json,
  );
  return exitCode.ok;
}

async function find(
  client: ControlClient,
  [vmName, wanted]: DiskWords,
): Promise<{ id: string; disk: string }> {
  const vm = await findVm(client.rpc, vmName);
  return { id: vm.id, disk: diskOf(vm, wanted).id };
}

/** An installer's medium is nothing to check or compact. */
function imagesOf(vm: VmView): Disk[] {
  return (vm.definition?.disks ?? []).filter(({ media }) => media === 'disk');
}

/** Throws Fault `not-found`, or `bad-input` when none is named and there are several. */
function diskOf(vm: VmView, wanted: string | undefined): Disk {
  const all = vm.definition?.disks ?? [];
  const [disk, ...more] = wanted === undefined ? imagesOf(vm) : all.filter(({ id }) => id === wanted);
  if (disk && more.length === 0) return disk;
  const ids = all.map(({ id }) => id).join(', ');
  if (disk) {
    throw new Fault({
      code: 'bad-input',
      message: `${nameOf(vm)} has ${more.length + 1} disks.`,
      remedy: `Say which one: ${ids}.`,
    });
  }
  throw new Fault({
    code: 'not-found',
    message: wanted === undefined ? `${nameOf(vm)} has no disk.` : `${nameOf(vm)} has no disk ${wanted}.`,
    remedy: ids === '' ? 'Add one in its hardware.' : `It has ${ids}.`,
  });
}
