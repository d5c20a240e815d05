// PCIe ports that a running machine keeps free: the places where a virtio disk can be plugged in.
import { sparePortName } from '../../qemu/arguments/spare-ports.ts';
import type { QmpClient } from '../../qemu/qmp.ts';

interface PciDevice {
  qdev_id: string;
  pci_bridge?: { devices?: PciDevice[] };
}

const isSpare = (id: string) => sparePortName.test(id);

async function ports(qmp: QmpClient): Promise<PciDevice[]> {
  const buses = await qmp.execute<{ devices: PciDevice[] }[]>('query-pci');
  return buses.flatMap(({ devices }) => devices).filter(({ qdev_id: id }) => isSpare(id));
}

/** A free one's id; undefined: there is none. `named`: devices that the machine has. */
export async function freePort(qmp: QmpClient, named: ReadonlySet<string>): Promise<string | undefined> {
  if (![...named].some(isSpare)) return undefined;
  return (await ports(qmp)).find(({ pci_bridge: bridge }) => (bridge?.devices ?? []).length === 0)?.qdev_id;
}

/** The port that a disk is plugged into; undefined: it sits on the board itself, where it must stay. */
export async function portOf(qmp: QmpClient, diskId: string): Promise<string | undefined> {
  const holds = ({ pci_bridge: bridge }: PciDevice) =>
    (bridge?.devices ?? []).some(({ qdev_id: id }) => id === `${diskId}.dev`);
  return (await ports(qmp)).find(holds)?.qdev_id;
}
