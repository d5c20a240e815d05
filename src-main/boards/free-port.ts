// A host port to suggest: not in use, not taken by another forward or the GDB stub of the same definition.
import type { CheckContext } from './rule.ts';

/** The first free port from `from` on, or undefined when there is none up to 65535. */
export function freePort(
  { definition, facts }: CheckContext,
  protocol: 'tcp' | 'udp',
  from: number,
): number | undefined {
  const taken = new Set(
    definition.network.forwards
      .filter((other) => other.protocol === protocol)
      .map(({ hostPort }) => hostPort),
  );
  if (protocol === 'tcp' && definition.debug.gdb.enabled) taken.add(definition.debug.gdb.port);
  for (let port = from; port <= 65_535; port++) {
    if (!taken.has(port) && !facts.busyPorts.has(`${protocol}:${port}`)) return port;
  }
  return undefined;
}
