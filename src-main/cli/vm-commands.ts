// list, start, stop, pause, resume, delete: the life of VMs from the command line.
import { createInterface } from 'node:readline/promises';
import { Fault } from '../contract/fault.ts';
import type { VmState, VmView } from '../contract/vm.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { findVm, listVms, nameOf, waitForVm } from './find-vm.ts';
import { printJson, printLine, printTable, remark } from './print.ts';
import { formatSize } from './size.ts';
import type { Terminal } from './surroundings.ts';

export interface OutputOptions {
  json?: boolean;
}

export async function list(
  client: ControlClient,
  terminal: Terminal,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const vms = await listVms(client.rpc);
  if (json) printJson(terminal, vms);
  else if (vms.length === 0)
    remark(terminal, 'The library is empty. A first VM: armoire create --sample --name first');
  else printTable(terminal, [['NAME', 'STATE', 'HARDWARE', 'ID'], ...vms.map(rowOf)]);
  return exitCode.ok;
}

function rowOf(vm: VmView): string[] {
  return [nameOf(vm), vm.state, hardwareOf(vm), vm.id];
}

function hardwareOf({ definition, damage }: VmView): string {
  if (!definition) return damage?.reason ?? '';
  return `${definition.machine} · ${definition.cpu} · ${definition.vcpus} vCPU · ${formatSize(definition.memoryMiB * 1024 ** 2)}`;
}

export async function start(
  client: ControlClient,
  terminal: Terminal,
  name: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id } = await findVm(client.rpc, name);
  report(terminal, await client.rpc.vms.start({ id }), json);
  return exitCode.ok;
}

export async function pause(
  client: ControlClient,
  terminal: Terminal,
  name: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id } = await findVm(client.rpc, name);
  report(terminal, await client.rpc.vms.pause({ id }), json);
  return exitCode.ok;
}

export async function resume(
  client: ControlClient,
  terminal: Terminal,
  name: string,
  { json }: OutputOptions,
): Promise<ExitCode> {
  const { id } = await findVm(client.rpc, name);
  report(terminal, await client.rpc.vms.resume({ id }), json);
  return exitCode.ok;
}

export interface StopOptions extends OutputOptions {
  force?: boolean;
}

/** Waits until the VM is down. Without `force` the guest is asked, and may take its time or not listen at all. */
export async function stop(
  client: ControlClient,
  terminal: Terminal,
  name: string,
  { json, force }: StopOptions,
): Promise<ExitCode> {
  const { rpc } = client;
  const { id } = await findVm(rpc, name);
  if (force) await rpc.vms.forceStop({ id });
  else await rpc.vms.shutdown({ id });
  const waitSeconds = (await rpc.host.settings()).shutdownWaitSeconds;
  const down = await waitForVm(rpc, id, ({ state }) => isDown(state), waitSeconds * 1000);
  if (down) {
    report(terminal, down, json);
    return exitCode.ok;
  }
  remark(
    terminal,
    `armoire: ${name} still runs after ${waitSeconds} s. The guest may not know a power button: armoire stop --force ${name}`,
  );
  return exitCode.no;
}

function isDown(state: VmState): boolean {
  return state === 'stopped' || state === 'crashed';
}

export interface DeleteOptions extends OutputOptions {
  yes?: boolean;
}

export async function remove(
  client: ControlClient,
  terminal: Terminal,
  name: string,
  { json, yes }: DeleteOptions,
): Promise<ExitCode> {
  const vm = await findVm(client.rpc, name);
  const preview = await client.rpc.vms.deletePreview({ id: vm.id });
  const where = preview.trash ? 'goes to the trash' : 'is removed for good';
  const what = `${nameOf(vm)}: ${preview.directory} (${preview.files.length} files, ${formatSize(preview.bytes)}) ${where}.`;
  if (!yes && !(await confirm(terminal, what))) {
    remark(terminal, 'Nothing was deleted.');
    return exitCode.no;
  }
  await client.rpc.vms.delete({ id: vm.id });
  if (json) printJson(terminal, { id: vm.id, deleted: preview.directory });
  else printLine(terminal, what);
  return exitCode.ok;
}

async function confirm(terminal: Terminal, what: string): Promise<boolean> {
  if (!terminal.stdin.isTTY) {
    throw new Fault({
      code: 'bad-input',
      message: `Deleting needs a yes. ${what}`,
      remedy: 'Give --yes to delete without a question.',
    });
  }
  const question = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    const answer = await question.question(`${what}\nDelete it? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    question.close();
  }
}

/** The VM's new state, on one line or whole. */
export function report(terminal: Terminal, vm: VmView, json: boolean | undefined): void {
  if (json) printJson(terminal, vm);
  else printLine(terminal, `${nameOf(vm)}: ${vm.state}`);
  for (const finding of vm.run?.findings ?? []) remark(terminal, `armoire: ${finding.message}`);
}
