// The safety fields of each image format: backing file, data file, extents, encryption, size. Nothing else is parsed.
import type { DiskImageInfo } from '../contract/image.ts';

type Format = DiskImageInfo['format'];

export interface HeaderFacts {
  virtualSizeBytes: number | null;
  refusals: string[];
  doubts: string[];
}

const sectorBytes = 512;

const startsWith = (bytes: Buffer, text: string, at = 0) =>
  bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));

/** Integers beyond 2^53 only have to stay large. */
const u64be = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64BE(at));
const u64le = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64LE(at));

/** By magic number alone; what has none that is known is raw. */
export function formatOf(head: Buffer, foot: Buffer): Format {
  if (startsWith(head, 'QFI\xfb')) return head.length >= 8 && head.readUInt32BE(4) === 1 ? 'qcow' : 'qcow2';
  if (startsWith(head, 'KDMV') || startsWith(head, 'COWD')) return 'vmdk';
  if (/^(#[^\n]*\n|\s)*# Disk DescriptorFile/i.test(head.toString('latin1', 0, 4096))) return 'vmdk';
  if (startsWith(head, 'vhdxfile')) return 'vhdx';
  if (head.length >= 0x44 && head.readUInt32LE(0x40) === 0xbeda107f) return 'vdi';
  if (startsWith(head, 'conectix') || startsWith(foot, 'conectix')) return 'vpc';
  if (startsWith(head, 'QED\0')) return 'qed';
  if (startsWith(head, 'LUKS\xba\xbe')) return 'luks';
  return 'raw';
}

/** How a name inside of an image reads to QEMU: a plain path, a protocol such as `nbd:`, or a whole description. */
function describeName(name: string): string {
  const shown = JSON.stringify(name.slice(0, 200));
  if (name.startsWith('json:')) return `a description of any kind of source (${shown})`;
  if (/^[a-z0-9+.-]+:/i.test(name)) return `another place by a protocol (${shown})`;
  return `another file (${shown})`;
}

const cut = (what: string): HeaderFacts => ({
  virtualSizeBytes: null,
  refusals: [`its ${what} header is cut off or damaged`],
  doubts: [],
});

const dataFileExtension = 0x44415441;
const endOfExtensions = 0;

/** Header extensions follow the header: type, length, data padded to 8 bytes (QEMU docs/interop/qcow2.txt). */
function hasDataFileExtension(head: Buffer, headerBytes: number): boolean | 'damaged' {
  for (let at = headerBytes; at + 8 <= head.length; ) {
    const type = head.readUInt32BE(at);
    if (type === endOfExtensions) return false;
    if (type === dataFileExtension) return true;
    at += 8 + Math.ceil(head.readUInt32BE(at + 4) / 8) * 8;
  }
  return 'damaged';
}

const incompatibleCorrupt = 1n << 1n;
const incompatibleDataFile = 1n << 2n;

function backingName(head: Buffer, offset: bigint, length: number): string {
  const start = offset < BigInt(head.length) ? Number(offset) : head.length;
  return head.toString('utf8', start, start + Math.min(length, 1023));
}

function qcow2(head: Buffer): HeaderFacts {
  if (head.length < 72) return cut('qcow2');
  const version = head.readUInt32BE(4);
  if (version >= 3 && head.length < 104) return cut('qcow2');
  const refusals: string[] = [];
  const doubts: string[] = [];
  const backingOffset = head.readBigUInt64BE(8);
  if (backingOffset !== 0n) {
    const name = backingName(head, backingOffset, head.readUInt32BE(16));
    refusals.push(`it is based on ${describeName(name)}, which QEMU would open too`);
  }
  if (head.readUInt32BE(32) !== 0) refusals.push('it is encrypted, and Armoire cannot ask for its key');
  const features = version >= 3 ? head.readBigUInt64BE(72) : 0n;
  const headerBytes = version >= 3 ? head.readUInt32BE(100) : 72;
  const extension = hasDataFileExtension(head, headerBytes);
  if (extension === 'damaged') return cut('qcow2');
  if (extension || (features & incompatibleDataFile) !== 0n) {
    refusals.push('it keeps its data in another file, which QEMU would open and write to');
  }
  if ((features & incompatibleCorrupt) !== 0n) {
    doubts.push('it is marked as corrupt: QEMU opens it read-only until it is repaired');
  }
  return { virtualSizeBytes: u64be(head, 24), refusals, doubts };
}

function qcow(head: Buffer): HeaderFacts {
  if (head.length < 48) return cut('qcow');
  const refusals: string[] = [];
  const backingOffset = head.readBigUInt64BE(8);
  if (backingOffset !== 0n) {
    const name = backingName(head, backingOffset, head.readUInt32BE(16));
    refusals.push(`it is based on ${describeName(name)}, which QEMU would open too`);
  }
  if (head.readUInt32BE(36) !== 0) refusals.push('it is encrypted, and Armoire cannot ask for its key');
  return { virtualSizeBytes: u64be(head, 24), refusals, doubts: [] };
}

function qed(head: Buffer): HeaderFacts {
  if (head.length < 64) return cut('QED');
  const hasBacking = (head.readBigUInt64LE(16) & 1n) !== 0n;
  const name = head.toString(
    'utf8',
    head.readUInt32LE(56),
    head.readUInt32LE(56) + Math.min(head.readUInt32LE(60), 1023),
  );
  return {
    virtualSizeBytes: u64le(head, 48),
    refusals: hasBacking ? [`it is based on ${describeName(name)}, which QEMU would open too`] : [],
    doubts: [],
  };
}

/** The text part of a VMDK: extents (`RW 8192 FLAT "x.raw" 0`) and a parent are further files. */
function vmdkDescriptor(text: string): string[] {
  const refusals: string[] = [];
  if (/^\s*parentFileNameHint\s*=/im.test(text) || /^\s*parentCID\s*=\s*(?!ffffffff)/im.test(text)) {
    refusals.push('it is based on another image, which QEMU would open too');
  }
  return refusals;
}

const extentLine = /^\s*(RW|RDONLY|NOACCESS)\s+\d+\s+(\w+)(?:\s+"([^"]*)")?/gim;

function vmdkText(text: string): HeaderFacts {
  const extents = [...text.matchAll(extentLine)].map(([, , , name = '']) => name);
  const named = extents[0] === undefined ? '' : ` (first: ${JSON.stringify(extents[0])})`;
  return {
    virtualSizeBytes: null,
    refusals: [
      `it only lists other files that hold the data${named}, and QEMU would open them`,
      ...vmdkDescriptor(text),
    ],
    doubts: [],
  };
}

function vmdk(head: Buffer): HeaderFacts {
  if (startsWith(head, 'COWD')) {
    return {
      virtualSizeBytes: null,
      refusals: ['it is one part of an old image in several files'],
      doubts: [],
    };
  }
  if (!startsWith(head, 'KDMV')) return vmdkText(head.toString('latin1'));
  if (head.length < sectorBytes) return cut('VMDK');
  const capacity = u64le(head, 12);
  const descriptorAt = u64le(head, 28) * sectorBytes;
  const descriptorBytes = u64le(head, 36) * sectorBytes;
  if (descriptorAt + descriptorBytes > head.length) return cut('VMDK');
  const text = head.toString('latin1', descriptorAt, descriptorAt + descriptorBytes);
  // With capacity 0 QEMU reads the descriptor's list of extents instead (block/vmdk.c vmdk_open_vmdk4).
  if (capacity === 0) return vmdkText(text);
  return { virtualSizeBytes: capacity * sectorBytes, refusals: vmdkDescriptor(text), doubts: [] };
}

/** Image types 1 and 2 stand alone; 4 holds differences. A link or a parent is told by its UUID (QEMU block/vdi.c). */
function vdi(head: Buffer): HeaderFacts {
  if (head.length < 0x1c8) return cut('VDI');
  const type = head.readUInt32LE(0x4c);
  const linked = head.subarray(0x1a8, 0x1c8).some((byte) => byte !== 0);
  return {
    virtualSizeBytes: u64le(head, 0x170),
    refusals: (type !== 1 && type !== 2) || linked ? ['it is based on another image, which it names'] : [],
    doubts: [],
  };
}

const differencingDisk = 4;

function vpc(head: Buffer, foot: Buffer): HeaderFacts {
  const footer = startsWith(foot, 'conectix') ? foot : head;
  if (footer.length < sectorBytes) return cut('VHD');
  const isDifferencing = footer.readUInt32BE(60) === differencingDisk;
  return {
    virtualSizeBytes: u64be(footer, 48),
    refusals: isDifferencing ? ['it is based on another image, which it names'] : [],
    doubts: [],
  };
}

const compressed: readonly [string, string][] = [
  ['\x1f\x8b', 'gzip'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['BZh', 'bzip2'],
  ['PK\x03\x04', 'zip'],
];

/** Partition tables and file systems that a disk or CD of an ARM guest begins with: magic, and where it stands. */
const diskMagics: readonly [string, number][] = [
  ['\x55\xaa', 510],
  ['EFI PART', 512],
  ['EFI PART', 4096],
  ['\x53\xef', 1080], // ext2, ext3, ext4
  ['CD001', 32769],
  ['hsqs', 0], // squashfs
  ['XFSB', 0],
  ['_BHRfS_M', 65600], // btrfs
];

function rawDoubts(head: Buffer): string[] {
  if (head.length === 0) return ['it is empty'];
  const packed = compressed.find(([magic]) => startsWith(head, magic));
  if (packed)
    return [`it is compressed with ${packed[1]}: unpack it first, the guest would see only the packed bytes`];
  if (startsWith(head, 'ustar', 257)) return ['it is an archive of files (tar), not a disk'];
  if (startsWith(head, '\x7fELF')) return ['it is a program (ELF), not a disk'];
  if (diskMagics.some(([magic, at]) => startsWith(head, magic, at))) return [];
  return ['nothing at its beginning tells that it is a disk: no partition table, no known file system'];
}

/** What the head of a file of this format says (VHDX: see image-vhdx.ts); `refusals` and `doubts` are phrases that follow “NAME: …”. */
export function parseHeader(
  format: Exclude<Format, 'vhdx'>,
  head: Buffer,
  foot: Buffer,
  fileBytes: number,
): HeaderFacts {
  switch (format) {
    case 'qcow2':
      return qcow2(head);
    case 'qcow':
      return qcow(head);
    case 'qed':
      return qed(head);
    case 'vmdk':
      return vmdk(head);
    case 'vdi':
      return vdi(head);
    case 'vpc':
      return vpc(head, foot);
    case 'luks':
      return {
        virtualSizeBytes: null,
        refusals: ['it is encrypted, and Armoire cannot ask for its key'],
        doubts: [],
      };
    case 'raw':
      return { virtualSizeBytes: fileBytes, refusals: [], doubts: rawDoubts(head) };
    default:
      return format satisfies never;
  }
}
