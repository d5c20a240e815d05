// Boots one row of the table through Armoire itself, as a user's script would, and keeps what was seen.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerClient } from '../../../e2e/support/client.ts';
import { applyFix } from '../../../src-main/contract/apply-fix.ts';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { CreateRequest, VmView, WizardSource } from '../../../src-main/contract/vm.ts';
import { removeVm, type WatchedConsole, watchConsole } from '../bench/armoire-run.ts';
import type { GuestFiles } from '../guests.ts';
import { stageDir } from '../paths.ts';
import { type LinuxCase, linuxFiles, type MicrocontrollerCase } from './cases.ts';
import { cortexMElf } from './cortex-m-elf.ts';
import type { RouteCase } from './routes.ts';

export interface Seen {
  readonly board: string;
  readonly cpu: string;
  readonly hardware: string;
  readonly route: string;
  readonly console: string;
  readonly booted: boolean;
  /** From Start to what was looked for, in seconds. */
  readonly seconds: number;
  /** What the guest said of itself, or why it did not come so far. */
  readonly words: string;
}

const shellPatienceMs = 150_000;
const microcontrollerPatienceMs = 15_000;
const routePatienceMs = 90_000;
const ready = 'armoire-guest ready';
const question = 'echo seen: $(uname -m), $(nproc) CPUs, $(tr -d "\\0" </proc/device-tree/model)';

export async function bootLinux(client: ServerClient, one: LinuxCase, guests: GuestFiles): Promise<Seen> {
  const files = linuxFiles(one, guests);
  const request = await refitted(client, { kind: 'kernel', ...files }, one.board, (definition) => ({
    ...definition,
    ...(one.cpu !== undefined && { cpu: one.cpu }),
  }));
  return boot(
    client,
    request,
    `Debian ${one.kernel} kernel ${guests[one.kernel].release}`,
    async (console) => {
      await within(console, shellPatienceMs, (output) => output.includes(ready));
      console.type(`${question}\r`);
      const answer = /\nseen: ([^\r\n]+)\r/;
      await within(console, shellPatienceMs, (output) => answer.test(output.toString()));
      return answer.exec(console.output().toString())?.[1] ?? '';
    },
  );
}

export async function bootMicrocontroller(client: ServerClient, one: MicrocontrollerCase): Promise<Seen> {
  const line = `hello from ${one.board}`;
  const directory = await mkdtemp(join(stageDir, 'elf-'));
  const file = join(directory, `${one.board}.elf`);
  await writeFile(file, cortexMElf(one, `${line}\r\n`));
  try {
    const request = await refitted(client, { kind: 'firmware', how: 'elf', file }, one.board);
    return await boot(client, request, 'bare-metal ELF by -kernel', async (console) => {
      await within(console, microcontrollerPatienceMs, (output) => output.includes(line));
      return line;
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

export async function bootRoute(client: ServerClient, one: RouteCase, guests: GuestFiles): Promise<Seen> {
  const directory = await mkdtemp(join(stageDir, 'route-'));
  try {
    const request = await refitted(client, await one.source(directory, guests), one.board);
    return await boot(client, await mended(client, request), one.route, async (console) => {
      const seen = () => one.says.exec(console.output().toString())?.[0];
      await within(console, routePatienceMs, () => seen() !== undefined);
      return seen() ?? '';
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** With the fixes that Armoire offers for errors: an SD card grows to a size that cards have. */
async function mended(client: ServerClient, request: CreateRequest): Promise<CreateRequest> {
  const { problems } = await client.rpc.vms.check({ request, dry: false });
  const fix = problems.find((problem) => problem.severity === 'error' && problem.fix)?.fix;
  return fix === undefined ? request : { ...request, definition: applyFix(request.definition, fix) };
}

async function refitted(
  client: ServerClient,
  source: WizardSource,
  board: string,
  edit: (definition: VmDefinition) => VmDefinition = (definition) => definition,
): Promise<CreateRequest> {
  const cards = await client.rpc.boards.list();
  const card = cards.find(({ name }) => name === board);
  if (card === undefined) throw new Error(`This QEMU has no board ${board}.`);
  const { request } = await client.rpc.vms.suggest({ source });
  const { definition } = await client.rpc.boards.refit({
    definition: request.definition,
    machine: card.machine,
  });
  return { ...request, definition: { ...edit(definition), name: board } };
}

async function boot(
  client: ServerClient,
  request: CreateRequest,
  route: string,
  look: (console: WatchedConsole) => Promise<string>,
): Promise<Seen> {
  const { definition } = request;
  const facts = {
    board: definition.machine,
    cpu: definition.cpu,
    hardware: `${definition.vcpus} vCPU, ${definition.memoryMiB} MiB`,
    route,
  };
  let vm: VmView | undefined;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    vm = await client.rpc.vms.create({ request, start: false });
    const consoles = await Promise.all(vm.consoles.map(({ id }) => watchConsole(client, vm?.id ?? '', id)));
    await client.rpc.vms.start({ id: vm.id });
    const words = await Promise.any(consoles.map(look));
    const speaking = consoles.findIndex((console) => console.output().includes(words));
    for (const console of consoles) console.close();
    const { label = '', guestName = '' } = vm.consoles[speaking] ?? {};
    return { ...facts, console: guestName || label, booted: true, seconds: seconds(), words };
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors : [error];
    const words = String(reasons[0] instanceof Error ? reasons[0].message : reasons[0]);
    return { ...facts, console: '', booted: false, seconds: seconds(), words };
  } finally {
    if (vm !== undefined) await removeVm(client, vm.id);
  }
}

async function within(
  console: WatchedConsole,
  patienceMs: number,
  sees: (output: Buffer) => boolean,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      const last = console.output().toString().trim().split('\n').at(-1) ?? '';
      fail(new Error(last === '' ? 'No byte on this console.' : `Last line: ${last}`));
    }, patienceMs);
  });
  await Promise.race([console.until(sees), late]).finally(() => clearTimeout(timer));
}
