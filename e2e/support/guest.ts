// A running VM seen from outside of the browser: what it printed so far, typing into it, its state.
import { expect } from '@playwright/test';
import type { Disk, VmDefinition } from '../../src-main/contract/definition.ts';
import type { VmState, VmView, WizardSource } from '../../src-main/contract/vm.ts';
import type { ServerClient } from './client.ts';

export interface Guest {
  readonly id: string;
  /** All that its first UART printed since the log began, byte for byte, as Latin-1 text. */
  output(): string;
  /** Waits until the output matches. */
  printed(pattern: string | RegExp, timeoutMs?: number): Promise<void>;
  type(text: string): void;
  close(): void;
}

/** TCG on a shared core: a kernel that boots in two seconds alone may take many times that. */
export const bootMs = 90_000;
export const samplePrompt = 'armoire> ';

export async function watchGuest(client: ServerClient, id: string, console = 'uart0'): Promise<Guest> {
  let text = '';
  const { type, close } = await client.openConsole(id, console, (bytes) => {
    text += bytes.toString('latin1');
  });
  return {
    id,
    output: () => text,
    async printed(pattern, timeoutMs = 20_000) {
      const holds = () => (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));
      await expect
        .poll(holds, { message: `The guest prints ${pattern}`, timeout: timeoutMs, intervals: [50] })
        .toBe(true)
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\nIt printed last:\n${text.slice(-1500)}`);
        });
    },
    type,
    close,
  };
}

interface Wanted {
  name?: string;
  start?: boolean;
  /** Changes what is suggested for the source. */
  adjust?: (definition: VmDefinition) => VmDefinition;
  /** Also a new, empty disk of this size. */
  newDiskBytes?: number;
}

/** Makes a VM as the wizard would with every answer left as suggested. */
export async function makeVm(
  { rpc }: ServerClient,
  source: WizardSource,
  { name, start = false, adjust = (definition) => definition, newDiskBytes }: Wanted = {},
): Promise<VmView> {
  const { request } = await rpc.vms.suggest({ source, ...(name !== undefined && { name }) });
  const { definition, provisions } = { ...request, definition: adjust(request.definition) };
  if (newDiskBytes === undefined) return rpc.vms.create({ request: { definition, provisions }, start });
  return rpc.vms.create({
    request: {
      definition: { ...definition, disks: [...definition.disks, emptyDisk] },
      provisions: [...provisions, { kind: 'new-disk', diskId: emptyDisk.id, sizeBytes: newDiskBytes }],
    },
    start,
  });
}

const emptyDisk: Disk = {
  id: 'empty',
  file: 'disks/empty.qcow2',
  format: 'qcow2',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
};

export function makeSample(client: ServerClient, wanted: Wanted = {}): Promise<VmView> {
  return makeVm(client, { kind: 'sample' }, wanted);
}

/** The library as `vms.watch` tells it first. */
export async function allVms({ rpc }: ServerClient): Promise<readonly VmView[]> {
  const watching = new AbortController();
  try {
    for await (const event of await rpc.vms.watch(undefined, { signal: watching.signal })) {
      if (event.type === 'all') return event.vms;
    }
    throw new Error('vms.watch ended without saying anything.');
  } finally {
    watching.abort();
  }
}

export async function vmOf(client: ServerClient, id: string): Promise<VmView> {
  const vm = (await allVms(client)).find((candidate) => candidate.id === id);
  if (!vm) throw new Error(`No VM ${id} in the library.`);
  return vm;
}

export async function reaches(
  client: ServerClient,
  id: string,
  state: VmState,
  timeoutMs = 20_000,
): Promise<VmView> {
  await expect
    .poll(async () => (await vmOf(client, id)).state, { timeout: timeoutMs, intervals: [100] })
    .toBe(state);
  return vmOf(client, id);
}
