// Writes GUID partition tables (UEFI specification 2.10, chapter 5) for disk images.

export const sectorBytes = 512;

/** Sectors before the first and after the last that a partition may use: MBR or nothing, header, 128 entries. */
export const reservedSectors = { start: 34, end: 33 } as const;

/** EFI system partition. */
export const espType = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';

export interface GptPartition {
  type: string;
  guid: string;
  name: string;
  firstSector: number;
  /** Inclusive. */
  lastSector: number;
}

export interface DiskPiece {
  /** In bytes from the start of the disk. */
  offset: number;
  data: Buffer;
}

const entryBytes = 128;
const entryCount = 128;
const headerBytes = 92;

/** CRC-32 as in zlib and the UEFI specification; Node's own needs 22.2. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The first three groups are little-endian numbers, the last two bytes as written (appendix A). */
export function guidBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.split('-');
  const swapped = [a, b, c].map((group) => Buffer.from(group, 'hex').reverse());
  return Buffer.concat([...swapped, Buffer.from(d + e, 'hex')]);
}

function partitionEntries(partitions: readonly GptPartition[]): Buffer {
  const entries = Buffer.alloc(entryBytes * entryCount);
  partitions.forEach((partition, index) => {
    const at = index * entryBytes;
    guidBytes(partition.type).copy(entries, at);
    guidBytes(partition.guid).copy(entries, at + 16);
    entries.writeBigUInt64LE(BigInt(partition.firstSector), at + 32);
    entries.writeBigUInt64LE(BigInt(partition.lastSector), at + 40);
    entries.write(partition.name, at + 56, 72, 'utf16le');
  });
  return entries;
}

function header(
  own: number,
  other: number,
  entriesAt: number,
  sectors: number,
  diskGuid: string,
  entries: Buffer,
): Buffer {
  const block = Buffer.alloc(sectorBytes);
  block.write('EFI PART', 0, 'latin1');
  block.writeUInt32LE(0x00010000, 8);
  block.writeUInt32LE(headerBytes, 12);
  block.writeBigUInt64LE(BigInt(own), 24);
  block.writeBigUInt64LE(BigInt(other), 32);
  block.writeBigUInt64LE(BigInt(reservedSectors.start), 40);
  block.writeBigUInt64LE(BigInt(sectors - reservedSectors.end - 1), 48);
  guidBytes(diskGuid).copy(block, 56);
  block.writeBigUInt64LE(BigInt(entriesAt), 72);
  block.writeUInt32LE(entryCount, 80);
  block.writeUInt32LE(entryBytes, 84);
  block.writeUInt32LE(crc32(entries), 88);
  block.writeUInt32LE(crc32(block.subarray(0, headerBytes)), 16);
  return block;
}

/** One partition of type 0xEE over the disk, so that MBR tools see it as used (5.2.3). */
function protectiveMbr(sectors: number): Buffer {
  const block = Buffer.alloc(sectorBytes);
  block.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  block.writeUInt32LE(1, 454);
  block.writeUInt32LE(Math.min(sectors - 1, 0xffffffff), 458);
  block.set([0x55, 0xaa], 510);
  return block;
}

/** The pieces of a disk of `sectors` sectors that hold its partition table and the backup at its end. */
export function partitionTable(
  sectors: number,
  diskGuid: string,
  partitions: readonly GptPartition[],
): DiskPiece[] {
  for (const { firstSector, lastSector, name } of partitions) {
    if (
      firstSector < reservedSectors.start ||
      lastSector >= sectors - reservedSectors.end ||
      lastSector < firstSector
    ) {
      throw new RangeError(
        `partition ${name} does not fit: sectors ${firstSector} to ${lastSector} of ${sectors}`,
      );
    }
  }
  const entries = partitionEntries(partitions);
  const last = sectors - 1;
  const backupEntries = last - entries.length / sectorBytes;
  return [
    { offset: 0, data: protectiveMbr(sectors) },
    { offset: sectorBytes, data: header(1, last, 2, sectors, diskGuid, entries) },
    { offset: 2 * sectorBytes, data: entries },
    { offset: backupEntries * sectorBytes, data: entries },
    { offset: last * sectorBytes, data: header(last, 1, backupEntries, sectors, diskGuid, entries) },
  ];
}
