// The shortest way to a running guest: the sample that ships with Armoire, created and started.
import type { VmView } from '../../src-main/contract/vm.ts';
import { client } from '../client/client.ts';

/** Throws what the main side throws: no QEMU, a library that cannot be written. */
export async function runSample(): Promise<VmView> {
  const { request } = await client.vms.suggest({ source: { kind: 'sample' } });
  return client.vms.create({ request, start: true });
}
