// Port forwards as the forms offer them.
import type { PortForward } from '../../../src-main/contract/definition.ts';

/** What people forward first, then whatever is free from 8000 on. */
const common = [
  { guestPort: 22, hostPort: 2222 },
  { guestPort: 80, hostPort: 8080 },
  { guestPort: 443, hostPort: 8443 },
] as const;

/** A forward that clashes with none of those given. Bound to this computer only. */
export function nextForward(existing: readonly PortForward[]): PortForward {
  const hostPorts = new Set(existing.map((forward) => forward.hostPort));
  const guestPorts = new Set(existing.map((forward) => forward.guestPort));
  const ports = common.find(({ guestPort }) => !guestPorts.has(guestPort)) ?? {
    guestPort: 8000,
    hostPort: 8000,
  };
  let { hostPort } = ports;
  while (hostPorts.has(hostPort)) hostPort += 1;
  return { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort, guestPort: ports.guestPort };
}
