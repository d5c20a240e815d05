// What the buses of a disk are called.
import type { DiskBus } from '../../../src-main/contract/definition.ts';

export const busWords: Readonly<Record<DiskBus, string>> = {
  virtio: 'virtio',
  scsi: 'SCSI (virtio)',
  usb: 'USB',
  nvme: 'NVMe',
  ide: 'SATA or IDE',
  sd: 'SD card',
  mtd: 'Flash memory',
};
