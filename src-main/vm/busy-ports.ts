// Which host ports of a definition are taken, by whom, and which after them.
import { readFile } from 'node:fs/promises';
import type { PortForward, VmDefinition } from '../contract/definition.ts';
import { isPortFree } from '../qemu/forward.ts';

export interface PortHolder {
  name: string;
  definition: VmDefinition;
}

/** How far behind a taken port a free one is looked for. */
const searchedPorts = 50;
const anotherProgram = 'another program';

/**
 * Taken ports as `tcp:2222` → by whom: those that the definition wants, and those after each up to the next free
 * one, which is what a fix then offers.
 * @param others VMs that run now; @param own what the VM itself holds because it runs
 */
export async function busyPorts(
  definition: VmDefinition,
  others: readonly PortHolder[],
  own: VmDefinition | undefined,
): Promise<Map<string, string>> {
  const busy = new Map<string, string>();
  const mine = new Set((own ? portsOf(own) : []).map(keyOf));
  for (const wanted of portsOf(definition)) {
    if (mine.has(keyOf(wanted))) continue;
    for (let port = wanted.hostPort; port <= Math.min(wanted.hostPort + searchedPorts, 65_535); port++) {
      const candidate = { ...wanted, hostPort: port };
      const holder = await holderOf(candidate, others);
      if (holder === undefined) break;
      busy.set(keyOf(candidate), holder);
    }
  }
  return busy;
}

/** Whether this user may listen below port 1024. */
export async function canBindPrivileged(): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const first = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '1024');
  return Number(first) === 0;
}

function portsOf({ network, debug }: VmDefinition): PortForward[] {
  const forwards = network.mode === 'user' ? network.forwards : [];
  if (!debug.gdb.enabled) return forwards;
  const stub = { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: debug.gdb.port, guestPort: 1 } as const;
  return [...forwards, stub];
}

async function holderOf(wanted: PortForward, others: readonly PortHolder[]): Promise<string | undefined> {
  const vm = others.find(({ definition }) =>
    portsOf(definition).some((port) => keyOf(port) === keyOf(wanted)),
  );
  if (vm) return `the VM “${vm.name}”`;
  // Ports that this user may not open at all are the privileged rule's business, not a matter of who has them.
  if (wanted.hostPort < 1024 && !(await canBindPrivileged())) return undefined;
  return (await isPortFree(wanted, wanted.hostPort)) ? undefined : anotherProgram;
}

function keyOf({ protocol, hostPort }: PortForward): string {
  return `${protocol}:${hostPort}`;
}
