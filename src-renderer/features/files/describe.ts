// Says in words what a file is, from what was read of its header, and why it cannot be used where it cannot.
import {
  type BootHeader,
  type DiskImageInfo,
  type FileFact,
  imageSentence,
} from '../../../src-main/contract/image.ts';
import { isUnpacked } from '../../components/definition/disks.ts';
import { formatBytes } from '../../components/format.ts';
import type { FilePurpose } from '../../slots.ts';

export interface FileDescription {
  /** good: looks right; doubt: usable, look twice; bad: cannot be used. */
  readonly tone: 'good' | 'doubt' | 'bad';
  readonly words: string;
}

const good = (words: string): FileDescription => ({ tone: 'good', words });
const doubt = (words: string): FileDescription => ({ tone: 'doubt', words });
const bad = (words: string): FileDescription => ({ tone: 'bad', words });

export function describeFile(fact: FileFact, purpose: FilePurpose): FileDescription {
  switch (fact.kind) {
    case 'missing':
      return bad('There is no such file.');
    case 'unreadable':
      return bad('This file cannot be read: permission is missing.');
    case 'directory':
      return bad('This is a folder, not a file.');
    case 'device':
      return bad('This is a device, not a file; Armoire uses ordinary files only.');
    case 'file':
      if (fact.sizeBytes === 0) return bad('This file is empty.');
      return purpose === 'disk' ? describeDisk(fact) : describeBoot(fact, purpose);
  }
}

function describeDisk(fact: FileFact): FileDescription {
  const { disk, header } = fact;
  if (header?.type === 'compressed') return describePacked(fact, header.with);
  if (disk === undefined) return bad(`Not a disk image that Armoire knows (${formatBytes(fact.sizeBytes)}).`);
  const words = diskWords(disk);
  if (disk.refusals.length > 0) return bad(`${words}. ${imageSentence(disk.refusals)}`);
  if (fact.usedBy !== undefined) return doubt(`${words}. The machine “${fact.usedBy}” uses it too.`);
  if (disk.doubts.length > 0) return doubt(`${words}. ${imageSentence(disk.doubts)}`);
  return good(`${words}.`);
}

function describePacked({ sizeBytes }: FileFact, how: string): FileDescription {
  const words = `Packed with ${how}, ${formatBytes(sizeBytes)}`;
  return isUnpacked(how)
    ? good(`${words}. It is unpacked into the copy, and looked at then.`)
    : bad(`${words}. Unpack it first.`);
}

function diskWords(disk: DiskImageInfo): string {
  const used = `${formatBytes(disk.allocatedBytes)} used on disk`;
  return disk.format === 'raw'
    ? `Raw image, ${formatBytes(disk.virtualSizeBytes)}, ${used}`
    : `${disk.format} image, ${formatBytes(disk.virtualSizeBytes)} for the guest, ${used}`;
}

function describeBoot(fact: FileFact, purpose: FilePurpose): FileDescription {
  const header = fact.header ?? { type: 'unknown' };
  const words = `${headerWords(header)}, ${formatBytes(fact.sizeBytes)}`;
  const objection = objectionTo(header, purpose);
  if (objection === undefined) return good(`${words}.`);
  return { tone: objection.tone, words: `${words}. ${objection.words}` };
}

export function headerWords(header: BootHeader): string {
  switch (header.type) {
    case 'linux-arm64': {
      const page = header.pageSizeKiB === undefined ? '' : `, ${header.pageSizeKiB} KiB pages`;
      return `Linux arm64 kernel${page}${header.bigEndian ? ', big-endian' : ''}`;
    }
    case 'linux-arm':
      return 'Linux 32-bit ARM kernel (zImage)';
    case 'elf':
      return `${header.bits}-bit ELF for ${header.machineName}, entry ${header.entry}`;
    case 'pe':
      return header.zboot === undefined
        ? `EFI program for ${header.machineName}`
        : `Linux kernel for ${header.machineName}, packed as an EFI program (${header.zboot})`;
    case 'uimage':
      return `U-Boot image: ${header.description}`;
    case 'compressed':
      return `${header.with}-compressed file`;
    case 'device-tree':
      return 'Device tree';
    case 'iso9660':
      return header.volume === '' ? 'ISO image' : `ISO image “${header.volume}”`;
    case 'unknown':
      return 'File of unknown kind';
  }
}

function objectionTo(header: BootHeader, purpose: FilePurpose): FileDescription | undefined {
  switch (purpose) {
    case 'kernel':
      return kernelObjection(header);
    case 'device-tree':
      return header.type === 'device-tree' ? undefined : bad('A compiled device tree (.dtb) is needed here.');
    case 'iso':
      return isoObjection(header);
    case 'firmware':
      if (header.type === 'elf') return elfObjection(header);
      return header.type === 'iso9660'
        ? bad('An ISO image is no firmware; choose “Install from ISO” for it.')
        : undefined;
    case 'initrd':
      return isKernel(header)
        ? doubt('This looks like a kernel rather than an initial RAM disk.')
        : undefined;
    case 'disk':
    case 'any':
      return undefined;
  }
}

function isKernel(header: BootHeader): boolean {
  return header.type === 'linux-arm64' || header.type === 'linux-arm';
}

function kernelObjection(header: BootHeader): FileDescription | undefined {
  switch (header.type) {
    case 'linux-arm64':
    case 'linux-arm':
    case 'uimage':
      return undefined;
    case 'elf':
      return elfObjection(header);
    case 'pe':
      return header.zboot === undefined ? bad('A kernel is needed here.') : undefined;
    case 'compressed':
      return header.with === 'gzip'
        ? undefined
        : doubt(`QEMU unpacks gzip only: unpack a ${header.with} kernel first.`);
    case 'unknown':
      return doubt('It does not begin like a Linux kernel.');
    case 'device-tree':
    case 'iso9660':
      return bad('A kernel is needed here.');
  }
}

function isoObjection(header: BootHeader): FileDescription | undefined {
  if (header.type !== 'iso9660') return doubt('It does not begin like an ISO image.');
  return header.uefiArm64 === false
    ? doubt('It has no UEFI boot loader for arm64, so it will probably not start.')
    : undefined;
}

/** ELF e_machine: 40 is ARM, 183 AArch64. */
function elfObjection(header: Extract<BootHeader, { type: 'elf' }>): FileDescription | undefined {
  return header.machine === 40 || header.machine === 183
    ? undefined
    : bad(`It is for ${header.machineName}, not for ARM.`);
}
