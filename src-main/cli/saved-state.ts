// save and discard: a VM's memory on disk between one run and the next.
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findVm } from './find-vm.ts';
import { withProgress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';
import { type OutputOptions, report } from './vm-commands.ts';

/** `start` goes on from there. */
export async function save(
  client: ControlClient,
  around: Surroundings,
  name: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id } = await findVm(client.rpc, name);
  const saved = await withProgress(client, around, id, () => client.rpc.vms.saveState({ id }));
  report(around.terminal, saved, json);
  return exitCode.ok;
}

export async function discard(
  client: ControlClient,
  { terminal }: Surroundings,
  name: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id } = await findVm(client.rpc, name);
  report(terminal, await client.rpc.vms.discardState({ id }), json);
  return exitCode.ok;
}
