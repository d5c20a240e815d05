// What deleting a snapshot gives back: memory, and disk contents that later states have replaced.
import type { ServerClient } from '../../../e2e/support/client.ts';
import { removeVm, watchConsole } from './armoire-run.ts';
import { allocatedBelow } from './disk-space.ts';
import type { Measurement } from './measure.ts';
import type { SecondMonitor } from './second-monitor.ts';
import { command, createGuest, makeDirty, startGuest, stopGuest } from './snapshot-guest.ts';

const writtenMiB = 128;
const write = `dd if=/mnt/d/x of=/dev/vda bs=1M count=${writtenMiB} && sync`;

/** The node in the middle of three; all that it wrote is written again after it. */
export async function measureDelete(client: ServerClient, monitor: SecondMonitor): Promise<Measurement[]> {
  const { id } = await createGuest(client);
  const guest = await startGuest(client, monitor, id, async (console) => {
    await makeDirty(console, writtenMiB);
    await command(console, write, 'first');
  });
  const console = await watchConsole(client, id);
  await client.rpc.snapshots.take({ id, name: 'before', note: '' });
  await command(console, write, 'second');
  const { id: snapshot } = await client.rpc.snapshots.take({ id, name: 'deleted', note: '' });
  await command(console, write, 'third');
  await client.rpc.snapshots.take({ id, name: 'after', note: '' });
  console.close();
  await stopGuest(client, guest);
  const { snapshots } = await client.rpc.snapshots.tree({ id });
  const own = snapshots.find((each) => each.id === snapshot)?.bytes ?? Number.NaN;
  const { directory } = await client.rpc.vms.deletePreview({ id });
  const before = await allocatedBelow(directory);
  await client.rpc.snapshots.delete({ id, snapshot });
  const freed = before - (await allocatedBelow(directory));
  await removeVm(client, id);
  return [
    {
      name: "deleting a snapshot gives back, of the node's own space",
      unit: 'ratio',
      value: freed / own,
      limit: { atLeast: 0.95 },
      samples: { own: [own], freed: [freed] },
    },
  ];
}
