// Binds a server to a port, and says what is wrong with one that cannot be had.
import { createServer, type Server } from 'node:net';
import { Fault } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';

export interface Address {
  host: string;
  port: number;
}

/** How far above a busy port a free one is looked for. */
const portsToTry = 50;

/** Throws Fault `port-unusable` with a free port in its remedy, `bad-input` for an address of another computer. */
export async function listen(server: Server, address: Address): Promise<void> {
  try {
    await bind(server, address);
  } catch (error) {
    throw await faultOf(error, address);
  }
}

/** The next port above `address.port` that can be bound now; undefined when none of the next fifty can. */
export async function freePortAbove({ host, port }: Address): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + portsToTry, 65_535); candidate += 1) {
    const probe = createServer();
    try {
      await bind(probe, { host, port: candidate });
      await new Promise((resolve) => probe.close(resolve));
      return candidate;
    } catch {
      // Taken too: the next one.
    }
  }
  return undefined;
}

function bind(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function faultOf(error: unknown, address: Address): Promise<unknown> {
  const { host, port } = address;
  switch (errnoOf(error)) {
    case 'EADDRINUSE': {
      const free = await freePortAbove(address);
      return new Fault({
        code: 'port-unusable',
        message: `Port ${port} on ${host} is in use by another program.`,
        remedy:
          free === undefined ? 'Choose another one with --port.' : `Port ${free} is free: --port ${free}`,
      });
    }
    case 'EACCES':
      return new Fault({
        code: 'port-unusable',
        message: `Port ${port} needs privileges that Armoire does not have.`,
        remedy: 'Choose a port from 1024 on with --port.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Fault({
        code: 'bad-input',
        message: `${host} is not an address of this computer.`,
        remedy: 'Give --host an address that one of its network interfaces has.',
      });
    default:
      return error;
  }
}
