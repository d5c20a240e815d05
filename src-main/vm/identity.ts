// What makes a VM one of its own: name, network address, ports on this computer. A clone gets new ones.
import type { PortForward, VmDefinition } from '../contract/definition.ts';
import { isPortFree } from '../qemu/forward.ts';
import { randomMac } from './mac.ts';
import type { Machine } from './machine.ts';

/** How far behind a taken port a free one is looked for. */
const searchedPorts = 1000;

/** Forwards whose ports are taken (by any VM of the library, running or not) move to the next free ones. */
export async function ownIdentity(
  definition: VmDefinition,
  name: string,
  machines: readonly Machine[],
): Promise<VmDefinition> {
  const taken = new Set(
    machines.flatMap(({ record }) => (record.kind === 'usable' ? portsOf(record.document.definition) : [])),
  );
  const forwards: PortForward[] = [];
  for (const forward of definition.network.forwards) {
    const hostPort = await nextFree(forward, taken);
    if (hostPort !== undefined) forwards.push({ ...forward, hostPort });
  }
  const stub = {
    protocol: 'tcp',
    hostAddress: '127.0.0.1',
    hostPort: definition.debug.gdb.port,
    guestPort: 1,
  } as const;
  const port = definition.debug.gdb.enabled ? await nextFree(stub, taken) : definition.debug.gdb.port;
  return {
    ...definition,
    name,
    network: { ...definition.network, mac: randomMac(), forwards },
    debug: { ...definition.debug, gdb: { ...definition.debug.gdb, port: port ?? definition.debug.gdb.port } },
  };
}

function portsOf({ network, debug }: VmDefinition): string[] {
  return [...network.forwards.map(keyOf), ...(debug.gdb.enabled ? [`tcp:${debug.gdb.port}`] : [])];
}

const keyOf = ({ protocol, hostPort }: Pick<PortForward, 'protocol' | 'hostPort'>) =>
  `${protocol}:${hostPort}`;

async function nextFree(wanted: PortForward, taken: Set<string>): Promise<number | undefined> {
  const last = Math.min(wanted.hostPort + searchedPorts, 65_535);
  for (let hostPort = wanted.hostPort; hostPort <= last; hostPort++) {
    const key = keyOf({ ...wanted, hostPort });
    if (taken.has(key) || !(await isPortFree(wanted, hostPort))) continue;
    taken.add(key);
    return hostPort;
  }
  return undefined;
}
