// What is left to do inside of a guest whose disk has grown.
import type { Disk } from '../../contract/definition.ts';

/** Linux's names of the disks of a bus. */
const prefixes: Record<Disk['bus'], (nth: number) => string> = {
  virtio: (nth) => `vd${letter(nth)}`,
  scsi: (nth) => `sd${letter(nth)}`,
  usb: (nth) => `sd${letter(nth)}`,
  ide: (nth) => `sd${letter(nth)}`,
  nvme: (nth) => `nvme${nth}n1`,
  sd: (nth) => `mmcblk${nth}`,
  mtd: (nth) => `mtdblock${nth}`,
};

const letter = (nth: number) => String.fromCharCode(97 + (nth % 26));

/** Buses on which a running guest is told of the new size. */
const toldAtOnce: readonly Disk['bus'][] = ['virtio', 'scsi', 'usb'];

export function growAdvice(disk: Disk, all: readonly Disk[], running: boolean): string {
  const nth = all.filter(({ bus, media }) => bus === disk.bus && media === 'disk').indexOf(disk);
  const device = prefixes[disk.bus](Math.max(0, nth));
  const partition = /\d$/.test(device) ? `${device}p1` : `${device}1`;
  const restart =
    running && !toldAtOnce.includes(disk.bus) ? 'Restart the guest: only then it sees the new size. ' : '';
  return `${restart}The new end of the disk is empty. Cloud images take it at the next boot by themselves; elsewhere grow the last partition and its file system, for instance with: growpart /dev/${device} 1 && resize2fs /dev/${partition} (ext4), or xfs_growfs / (XFS). lsblk shows what the disk is called.`;
}

export function shrinkAdvice(): string {
  return 'What lay behind the new end is cut off. A GPT partition table has its copy there: let the guest write it anew (sgdisk -e). If something is missing, restore the snapshot that was taken before.';
}
