// One VM on a running Armoire server, driven as a script would: create, start, watch its console.

import type { ServerClient } from '../../../e2e/support/client.ts';
import type { CreateRequest, VmView, WizardSource } from '../../../src-main/contract/vm.ts';
import { millisecondsSince } from './measure.ts';

/** Makes a VM as the wizard would with all its suggestions, changed by `edit`. */
export async function createVm(
  client: ServerClient,
  source: WizardSource,
  edit: (request: CreateRequest) => void = () => {},
): Promise<VmView> {
  const { request } = await client.rpc.vms.suggest({ source });
  edit(request);
  return client.rpc.vms.create({ request, start: false });
}

export interface WatchedConsole {
  output(): Buffer;
  /** Milliseconds from `start()` (or from opening) to the first byte that `sees` accepts. */
  until(sees: (output: Buffer) => boolean): Promise<number>;
  type(text: string): void;
  close(): void;
}

/** Opens a console from its first byte and starts counting time. */
export async function watchConsole(
  client: ServerClient,
  id: string,
  uart = 'uart0',
): Promise<WatchedConsole> {
  let bytes = Buffer.alloc(1024 * 1024);
  let length = 0;
  const listeners = new Set<() => void>();
  const started = performance.now();
  const channel = await client.openConsole(id, uart, (chunk) => {
    if (length + chunk.length > bytes.length) {
      const larger = Buffer.alloc(2 * (length + chunk.length));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
    length += chunk.copy(bytes, length);
    for (const listener of listeners) listener();
  });
  const output = (): Buffer => bytes.subarray(0, length);
  return {
    output,
    type: (text) => channel.type(text),
    close: () => channel.close(),
    until: (sees) =>
      new Promise((done) => {
        const look = (): void => {
          if (!sees(output())) return;
          listeners.delete(look);
          done(millisecondsSince(started));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Force stops where it runs, and deletes. */
export async function removeVm(client: ServerClient, id: string): Promise<void> {
  await stopVm(client, id);
  await client.rpc.vms.delete({ id });
}

/** Resolves when the VM does not run any more. */
export async function stopVm(client: ServerClient, id: string): Promise<void> {
  let asked = false;
  for await (const event of await client.rpc.vms.watch()) {
    const vms = event.type === 'all' ? event.vms : event.type === 'changed' ? [event.vm] : [];
    const vm = vms.find((each) => each.id === id);
    if (vm === undefined) continue;
    if (vm.state === 'stopped' || vm.state === 'crashed') return;
    if (!asked) await client.rpc.vms.forceStop({ id });
    asked = true;
  }
}
