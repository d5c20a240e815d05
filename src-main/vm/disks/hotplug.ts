// Disks that come and go while the VM runs: which buses take them, and the QMP commands in their order.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { blockOptions } from '../../qemu/arguments/block.ts';
import { nodesByFile } from '../../qemu/layered-image.ts';
import { type QmpClient, QmpRefusal } from '../../qemu/qmp.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import type { LayerImage } from '../snapshots/layers.ts';
import { freePort, portOf } from './spare-ports.ts';

/** A guest that is asked to let go of a disk answers within this, or not at all. */
const unplugPatienceMs = 10_000;

/** Controllers of ours, by their ids on the command line (qemu/arguments/disks.ts). */
const controllers: Partial<Record<Disk['bus'], string>> = { scsi: 'scsi', usb: 'xhci' };

/** Buses that take another disk now; none when the VM does not run. */
export async function hotplugBuses(machine: Machine): Promise<Disk['bus'][]> {
  if (machine.phase.kind !== 'live') return [];
  const { qmp } = machine.phase.run;
  const there = await peripherals(qmp).catch(() => new Set<string>());
  const buses = (['scsi', 'usb'] as const).filter((bus) => there.has(controllers[bus] ?? ''));
  return (await freePort(qmp, there)) === undefined ? buses : ['virtio', ...buses];
}

/** Names of the devices that have one. */
async function peripherals(qmp: QmpClient): Promise<Set<string>> {
  const listed = await qmp.execute<{ name: string }[]>('qom-list', { path: '/machine/peripheral' });
  return new Set(listed.map(({ name }) => name));
}

/** A CD drive on USB is two devices, which QEMU plugs in one by one: the guest would see half of it. */
function pluggable({ bus, media }: Disk): boolean {
  if (bus === 'scsi' || bus === 'virtio') return true;
  return bus === 'usb' && media === 'disk';
}

export async function isDetachable(machine: Machine, disk: Disk): Promise<boolean> {
  if (machine.phase.kind !== 'live' || !pluggable(disk)) return false;
  const { qmp, record } = machine.phase.run;
  if (!record.document.definition.disks.some(({ id }) => id === disk.id)) return false;
  if (disk.bus === 'virtio') return (await portOf(qmp, disk.id).catch(() => undefined)) !== undefined;
  return true;
}

export async function canPlug(machine: Machine, disk: Disk): Promise<boolean> {
  return pluggable(disk) && (await hotplugBuses(machine)).includes(disk.bus);
}

/** `chain`: newest first. Throws what QMP throws; then nothing is plugged in. */
export async function plugDisk({ qmp }: LiveRun, disk: Disk, chain: readonly LayerImage[]): Promise<void> {
  const [top, ...below] = chain;
  if (!top) throw new Error('a disk without a file');
  const image = { ...top, below };
  const readOnly = disk.readOnly || disk.media === 'cdrom';
  await qmp.execute('blockdev-add', blockOptions({ nodeName: disk.id, image, readOnly, discard: !readOnly }));
  try {
    await qmp.execute('device_add', await deviceFor(qmp, disk));
  } catch (error) {
    await qmp.execute('blockdev-del', { 'node-name': disk.id }).catch(() => undefined);
    throw error;
  }
}

async function deviceFor(qmp: QmpClient, { id, bus, media }: Disk): Promise<object> {
  const common = { id: `${id}.dev`, drive: id };
  switch (bus) {
    case 'scsi':
      return { driver: media === 'cdrom' ? 'scsi-cd' : 'scsi-hd', bus: 'scsi.0', ...common };
    case 'usb':
      return { driver: 'usb-storage', bus: 'xhci.0', ...common };
    case 'virtio': {
      const port = await freePort(qmp, await peripherals(qmp));
      if (port !== undefined) return { driver: 'virtio-blk-pci', bus: port, ...common };
      break;
    }
    default:
      break;
  }
  throw new Fault({
    code: 'wrong-state',
    message: 'There is no place left in the running machine for this disk.',
    remedy: 'Shut the VM down and add it then.',
  });
}

/** Throws Fault `wrong-state` when the guest does not let go of it, and what QMP throws. */
export async function unplugDisk(
  { qmp }: LiveRun,
  { id }: Disk,
  chain: readonly { path: string }[],
): Promise<void> {
  const byFile = await nodesByFile(qmp);
  const nodes = chain.map(({ path }) => byFile.get(path)).filter((node) => node !== undefined);
  await unplugDevice(qmp, `${id}.dev`);
  // From the top: a node that another builds on cannot go.
  for (const node of nodes) await deleteNode(qmp, node);
}

async function unplugDevice(qmp: QmpClient, device: string): Promise<void> {
  let stopListening: () => void = () => undefined;
  const gone = new Promise<'gone' | 'refused'>((resolve) => {
    stopListening = qmp.onEvent(({ event, data }) => {
      if (data.device !== device) return;
      if (event === 'DEVICE_DELETED') resolve('gone');
      if (event === 'DEVICE_UNPLUG_GUEST_ERROR') resolve('refused');
    });
  });
  const giveUp = new AbortController();
  try {
    await qmp.execute('device_del', { id: device }).catch((error: unknown) => {
      // The guest was asked before, and may still answer.
      const asked = error instanceof QmpRefusal && /in the process of unplug/.test(error.description);
      if (!asked) throw error;
    });
    const late = sleep(unplugPatienceMs, 'late' as const, { signal: giveUp.signal }).catch(
      () => 'late' as const,
    );
    if ((await Promise.race([gone, late])) !== 'gone') throw heldByGuest();
  } finally {
    giveUp.abort();
    stopListening();
  }
}

/** A chain goes from its top; what was not made by `blockdev-add` goes with the device. */
export async function deleteNode(qmp: QmpClient, node: string): Promise<void> {
  // The device is gone from the guest's view a moment before QEMU lets go of the node.
  for (let tries = 0; ; tries++) {
    try {
      await qmp.execute('blockdev-del', { 'node-name': node });
      return;
    } catch (error) {
      if (!(error instanceof QmpRefusal)) throw error;
      if (/not owned by the monitor|Failed to find|Cannot find/.test(error.description)) return;
      if (tries === 20) throw error;
      await sleep(50);
    }
  }
}

function heldByGuest(): Fault {
  return new Fault({
    code: 'wrong-state',
    message: 'The guest has not let go of the disk; it stays where it is.',
    remedy: 'Unmount its file systems in the guest and try again, or shut the VM down first.',
  });
}
