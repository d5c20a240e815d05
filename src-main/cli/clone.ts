// clone and fork: another VM made from this one, or from one of its snapshots.
import type { CloneKind } from '../contract/snapshot.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findSnapshot } from './find-snapshot.ts';
import { findVm, nameOf } from './find-vm.ts';
import { withProgress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';
import { type OutputOptions, report } from './vm-commands.ts';

export interface CloneOptions extends OutputOptions {
  name: string;
  /** Left out: the present. */
  snapshot?: string;
  linked?: boolean;
  start?: boolean;
}

export function clone(
  client: ControlClient,
  around: Surroundings,
  vmName: string,
  options: CloneOptions,
): Promise<ExitCode> {
  return make(client, around, vmName, options.linked ? 'linked' : 'copy', options);
}

export function fork(
  client: ControlClient,
  around: Surroundings,
  vmName: string,
  options: Omit<CloneOptions, 'linked' | 'start'>,
): Promise<ExitCode> {
  return make(client, around, vmName, 'fork', { ...options, start: true });
}

async function make(
  client: ControlClient,
  around: Surroundings,
  vmName: string,
  kind: CloneKind,
  { name, snapshot: wanted, start = false, json }: CloneOptions,
): Promise<ExitCode> {
  const { rpc } = client;
  const source = await findVm(rpc, vmName);
  const snapshot =
    wanted === undefined
      ? null
      : findSnapshot(await rpc.snapshots.tree({ id: source.id }), nameOf(source), wanted).id;
  const input = { id: source.id, name, kind, snapshot, start };
  report(around.terminal, await withProgress(client, around, source.id, () => rpc.vms.clone(input)), json);
  return exitCode.ok;
}
