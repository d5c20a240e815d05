// Room on the disk, asked for before something large is written.
import { statfs } from 'node:fs/promises';
import { Fault } from '../../contract/fault.ts';

/** The rest of the library goes on: logs, settings, other VMs. */
const reserveBytes = 16 * 1024 * 1024;

/** Throws Fault `disk-full` when there is not enough for `bytes`. */
export async function requireRoom(directory: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= bytes + reserveBytes) return;
  const mib = (value: number) => `${Math.ceil(value / 1024 / 1024)} MiB`;
  throw new Fault({
    code: 'disk-full',
    message: `${what} may take ${mib(bytes)}, and the disk that holds the library has ${mib(free)} left. Nothing was changed.`,
    remedy: 'Free some space there (old snapshots take some), then try again.',
  });
}
