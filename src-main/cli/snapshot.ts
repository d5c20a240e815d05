// snapshot take, list, restore, branch, rename, delete, reset-on-start.
import { Fault } from '../contract/fault.ts';
import type { SnapshotTree, SnapshotView } from '../contract/snapshot.ts';
import type { VmView } from '../contract/vm.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findSnapshot } from './find-snapshot.ts';
import { findVm, nameOf } from './find-vm.ts';
import { formatMoment } from './moment.ts';
import { printJson, printLine, printTable, remark } from './print.ts';
import { withProgress } from './progress.ts';
import { formatSize } from './size.ts';
import { treeRows } from './snapshot-tree.ts';
import type { Surroundings } from './surroundings.ts';
import { type OutputOptions, report } from './vm-commands.ts';

const longestName = 80;

export interface TakeOptions extends OutputOptions {
  note?: string;
}

/** Without a name: the moment it is taken. */
export async function takeSnapshot(
  client: ControlClient,
  around: Surroundings,
  [vmName, name]: readonly [string, string | undefined],
  { json, note = '' }: TakeOptions,
): Promise<ExitCode> {
  const { terminal } = around;
  const { id } = await findVm(client.rpc, vmName);
  const input = { id, name: name ?? formatMoment(new Date().toISOString()), note };
  const taken = await withProgress(client, around, id, () => client.rpc.snapshots.take(input));
  if (json) printJson(terminal, taken);
  else {
    const held = taken.memory ? 'with memory' : 'disks alone';
    printLine(terminal, `${taken.name}: ${held}, ${formatSize(taken.bytes)}`);
  }
  return exitCode.ok;
}

export async function listSnapshots(
  client: ControlClient,
  { terminal }: Surroundings,
  vmName: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const vm = await findVm(client.rpc, vmName);
  const tree = await client.rpc.snapshots.tree({ id: vm.id });
  if (json) {
    printJson(terminal, tree);
    return exitCode.ok;
  }
  if (tree.snapshots.length > 0) printTable(terminal, treeRows(tree));
  else
    remark(
      terminal,
      `${nameOf(vm)} has no snapshots. A first one: armoire snapshot take "${nameOf(vm)}" first`,
    );
  for (const { disk, name, createdAt } of tree.internal) {
    remark(
      terminal,
      `armoire: ${disk} has a snapshot of its own inside: ${name}, ${formatMoment(createdAt)}. It is left alone.`,
    );
  }
  return exitCode.ok;
}

export interface BranchOptions extends OutputOptions {
  /** The name under which the present is kept. */
  keep?: string;
  /** The disks alone, without the memory. */
  cold?: boolean;
  /** It runs afterwards, whatever the snapshot held. */
  start?: boolean;
}

/** What is not kept of the present is gone. */
export async function restoreSnapshot(
  client: ControlClient,
  around: Surroundings,
  [vmName, wanted]: readonly [string, string],
  options: BranchOptions,
): Promise<ExitCode> {
  const { id, snapshot } = await find(client, vmName, wanted);
  return goTo(client, around, { id, snapshot, keep: options.keep ?? null }, options);
}

/** A restore that always keeps the present. */
export async function branchSnapshot(
  client: ControlClient,
  around: Surroundings,
  [vmName, wanted]: readonly [string, string],
  options: BranchOptions,
): Promise<ExitCode> {
  const { id, snapshot } = await find(client, vmName, wanted);
  return goTo(client, around, { id, snapshot, keep: options.keep ?? keptName(snapshot.name) }, options);
}

/** Says where the way parted; the moment tells it from the next one. */
export function keptName(snapshot: string, now = new Date()): string {
  const moment = `, ${formatMoment(now.toISOString())}`;
  return `before ${snapshot}`.slice(0, longestName - moment.length).trimEnd() + moment;
}

async function goTo(
  client: ControlClient,
  around: Surroundings,
  { id, snapshot, keep }: { id: string; snapshot: SnapshotView; keep: string | null },
  { cold = false, start = false, json }: BranchOptions,
): Promise<ExitCode> {
  const input = { id, snapshot: snapshot.id, keepPresent: keep, memory: snapshot.memory && !cold };
  const restored = await withProgress(client, around, id, () => client.rpc.snapshots.restore(input));
  const vm = start ? await letRun(client, restored) : restored;
  report(around.terminal, vm, json);
  if (keep !== null) remark(around.terminal, `What was there before is kept as "${keep}".`);
  return exitCode.ok;
}

async function letRun({ rpc }: ControlClient, vm: VmView): Promise<VmView> {
  if (vm.state === 'stopped') return rpc.vms.start({ id: vm.id });
  return vm.state === 'paused' ? rpc.vms.resume({ id: vm.id }) : vm;
}

export interface RenameOptions extends OutputOptions {
  note?: string;
}

/** The note stays as it is where none is given. */
export async function renameSnapshot(
  client: ControlClient,
  { terminal }: Surroundings,
  [vmName, wanted, name]: readonly [string, string, string],
  { json, note }: RenameOptions,
): Promise<ExitCode> {
  const { id, snapshot } = await find(client, vmName, wanted);
  const renamed = await client.rpc.snapshots.rename({
    id,
    snapshot: snapshot.id,
    name,
    note: note ?? snapshot.note,
  });
  if (json) printJson(terminal, renamed);
  else printLine(terminal, `${snapshot.name} is ${renamed.name} now`);
  return exitCode.ok;
}

export async function deleteSnapshot(
  client: ControlClient,
  around: Surroundings,
  [vmName, wanted]: readonly [string, string],
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id, snapshot } = await find(client, vmName, wanted);
  await withProgress(client, around, id, () => client.rpc.snapshots.delete({ id, snapshot: snapshot.id }));
  if (json) printJson(around.terminal, { id: snapshot.id, name: snapshot.name, deleted: true });
  else printLine(around.terminal, `${snapshot.name}: deleted`);
  return exitCode.ok;
}

export interface ResetOptions extends OutputOptions {
  off?: boolean;
}

/** Throws Fault `bad-input` unless exactly one of a snapshot and `off` is given. */
export async function resetOnStart(
  client: ControlClient,
  { terminal }: Surroundings,
  [vmName, wanted]: readonly [string, string | undefined],
  { json, off = false }: ResetOptions,
): Promise<ExitCode> {
  if (off === (wanted !== undefined)) {
    throw new Fault({
      code: 'bad-input',
      message: 'Where is every start to begin?',
      remedy: 'Give either a snapshot, or --off to begin from the present as usual.',
    });
  }
  const found = await findVm(client.rpc, vmName);
  const tree = await client.rpc.snapshots.tree({ id: found.id });
  const snapshot = wanted === undefined ? null : findSnapshot(tree, nameOf(found), wanted);
  const vm = await client.rpc.vms.setResetTo({ id: found.id, snapshot: snapshot?.id ?? null });
  if (json) printJson(terminal, vm);
  else printLine(terminal, `${nameOf(vm)}: every start begins from ${snapshot?.name ?? 'the present'}`);
  return exitCode.ok;
}

async function find(
  { rpc }: ControlClient,
  vmName: string,
  wanted: string,
): Promise<{ id: string; tree: SnapshotTree; snapshot: SnapshotView }> {
  const vm = await findVm(rpc, vmName);
  const tree = await rpc.snapshots.tree({ id: vm.id });
  return { id: vm.id, tree, snapshot: findSnapshot(tree, nameOf(vm), wanted) };
}
