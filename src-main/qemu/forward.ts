// Port forwards of a running VM: QEMU changes them by its human monitor only, and answers in prose.

import { createSocket } from 'node:dgram';
import net from 'node:net';
import type { PortForward } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { forwardRule, networkId } from './arguments/network.ts';
import type { QmpClient } from './qmp.ts';

function monitor(qmp: QmpClient, line: string): Promise<string> {
  return qmp.execute<string>('human-monitor-command', { 'command-line': line });
}

/** Whether this user could listen there now. */
export function isPortFree({ protocol, hostAddress }: PortForward, port: number): Promise<boolean> {
  return protocol === 'tcp' ? isTcpFree(hostAddress, port) : isUdpFree(hostAddress, port);
}

function isTcpFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isUdpFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Ports below belong to the system's own services: only root may listen there. */
const firstOpenPort = 1024;
const triedPorts = 200;

/** The next free port after the wanted one (from 1024 on, privileged ones moved up by 8000: 22 → 8022). */
export async function findFreePort(forward: PortForward): Promise<number | undefined> {
  const { hostPort } = forward;
  const first = hostPort < firstOpenPort ? hostPort + 8000 : hostPort + 1;
  for (let port = first; port < first + triedPorts && port <= 65535; port++) {
    if (await isPortFree(forward, port)) return port;
  }
  return undefined;
}

const hostPortField = (index: number) => `/network/forwards/${index}/hostPort`;

/** `index` undefined: the caller knows no place in a definition. */
async function portFault(forward: PortForward, index: number | undefined, answer: string): Promise<Fault> {
  const { protocol, hostAddress, hostPort } = forward;
  const free = await findFreePort(forward);
  const why =
    hostPort < firstOpenPort
      ? 'it is in use, or this user may not open ports below 1024'
      : 'it is in use, or the address is not one of this computer';
  return new Fault({
    code: 'port-unusable',
    message: `QEMU cannot listen on ${protocol.toUpperCase()} port ${hostPort} of ${hostAddress}: ${why}.`,
    remedy:
      free === undefined
        ? 'Choose another port.'
        : `Use port ${free}, which is free, or stop what uses ${hostPort}.`,
    detail: answer,
    ...(index === undefined ? {} : { field: hostPortField(index) }),
    ...(free === undefined || index === undefined
      ? {}
      : {
          fix: {
            label: `Use port ${free}`,
            steps: [{ op: 'set', path: hostPortField(index), value: free }],
          },
        }),
  });
}

/**
 * Makes one forward of a running VM. `index`: its place in the definition, for the fault's field and fix.
 * Throws `Fault` port-unusable with a free port suggested, or what QMP throws.
 */
export async function addForward(qmp: QmpClient, forward: PortForward, index?: number): Promise<void> {
  const answer = (await monitor(qmp, `hostfwd_add ${networkId} ${forwardRule(forward)}`)).trim();
  // An empty answer is success; every failure is a line of text.
  if (answer !== '') throw await portFault(forward, index, answer);
}

/** Takes one forward away; connections that use it live on. One that is not there is no failure. */
export async function removeForward(qmp: QmpClient, forward: PortForward): Promise<void> {
  const { protocol, hostAddress, hostPort } = forward;
  const answer = (
    await monitor(qmp, `hostfwd_remove ${networkId} ${protocol}:${hostAddress}:${hostPort}`)
  ).trim();
  if (/ removed$/.test(answer) || / not found$/.test(answer)) return;
  throw new Fault({
    code: 'qemu-failed',
    message: `QEMU could not take the forward of port ${hostPort} away.`,
    remedy: 'Stop and start the machine: it then has the forwards of its definition.',
    detail: answer,
  });
}
