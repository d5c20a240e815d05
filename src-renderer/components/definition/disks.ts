// What a disk that is added gets unasked: its id, its bus, its format where that is certain.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Disk, DiskBus } from '../../../src-main/contract/definition.ts';
import { type DiskImageInfo, type FileFact, imageSentence } from '../../../src-main/contract/image.ts';

/** `disk0`, `cdrom1`: the first of its kind that is free. */
export function nextDiskId(disks: readonly Disk[], stem: 'disk' | 'cdrom'): string {
  const taken = new Set(disks.map((disk) => disk.id));
  for (let number = 0; ; number += 1) {
    const id = `${stem}${number}`;
    if (!taken.has(id)) return id;
  }
}

/** What the machine's other disks use, else the board's first; for a CD-ROM SCSI or USB, which guests know. */
export function busFor(disks: readonly Disk[], board: BoardCard | undefined, media: Disk['media']): DiskBus {
  const buses = board?.diskBuses ?? ['virtio'];
  if (media === 'cdrom') return buses.find((bus) => bus === 'scsi' || bus === 'usb') ?? buses[0] ?? 'virtio';
  const used = disks.find((disk) => disk.media === 'disk')?.bus;
  return used ?? buses[0] ?? 'virtio';
}

/** The format of an image where its own first bytes leave no doubt; null: the user must say. */
export function certainFormat(info: DiskImageInfo | undefined): Disk['format'] | null {
  if (info === undefined || info.doubts.length > 0) return null;
  return info.format === 'qcow2' || info.format === 'raw' ? info.format : null;
}

/** Why an image cannot be used at all, in one sentence; null when it can. */
export function refusalOf(fact: FileFact): string | null {
  if (fact.kind !== 'file') return 'This is not a file that can be used as a disk.';
  if (fact.header?.type === 'compressed')
    return isUnpacked(fact.header.with) ? null : `A ${fact.header.with} file must be unpacked first.`;
  if (fact.disk === undefined || fact.disk.refusals.length === 0) return null;
  return imageSentence(fact.disk.refusals);
}

/** Whether Armoire itself unpacks what was packed so. */
export function isUnpacked(how: string): boolean {
  return ['gzip', 'xz', 'zstd'].includes(how);
}

/** Why an image can be copied into the library, but not be used where it is; null when both can be. */
export function copyOnly(fact: FileFact | null): string | null {
  if (fact?.header?.type === 'compressed') return 'It is packed: it is unpacked into a copy.';
  const format = fact?.disk?.format;
  if (format === undefined || format === 'qcow2' || format === 'raw') return null;
  return `Machines use qcow2 and raw: a ${format} image is converted into a copy.`;
}

/** The format that the machine's disk gets from an image; null: the user must say. */
export function formatFor(fact: FileFact | null): Disk['format'] | null {
  return copyOnly(fact) === null ? certainFormat(fact?.disk) : 'qcow2';
}

/** `undefined`: not tried. Left out then, since the schema tells "left out" from "undefined". */
export function withBootOrder(disk: Disk, order: number | undefined): Disk {
  const { bootIndex: _before, ...others } = disk;
  return order === undefined ? others : { ...others, bootIndex: order };
}
