// Partition tables checked against the fields that the UEFI specification gives them.
import { describe, expect, it } from 'vitest';
import { crc32, type DiskPiece, espType, guidBytes, partitionTable } from './gpt.ts';

const sectors = 4096;
const esp = {
  type: espType,
  guid: '8A1D0E0C-3F1B-4B57-9F0E-6D5C1F5A4D02',
  name: 'ESP',
  firstSector: 64,
  lastSector: 4000,
};

function assemble(pieces: readonly DiskPiece[]): Buffer {
  const disk = Buffer.alloc(sectors * 512);
  for (const { offset, data } of pieces) data.copy(disk, offset);
  return disk;
}

function headerAt(disk: Buffer, sector: number) {
  const block = Buffer.from(disk.subarray(sector * 512, sector * 512 + 92));
  const stored = block.readUInt32LE(16);
  block.writeUInt32LE(0, 16);
  const number = (at: number) => Number(block.readBigUInt64LE(at));
  return {
    signature: block.toString('latin1', 0, 8),
    checksumHolds: stored === crc32(block),
    own: number(24),
    other: number(32),
    firstUsable: number(40),
    lastUsable: number(48),
    entriesAt: number(72),
    entriesChecksum: block.readUInt32LE(88),
  };
}

describe('crc32', () => {
  it('gives the check value of the standard polynomial', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });
});

describe('guidBytes', () => {
  it('swaps the first three groups only', () => {
    expect(guidBytes(espType).toString('hex')).toBe('28732ac11ff8d211ba4b00a0c93ec93b');
  });
});

describe('partitionTable', () => {
  const disk = assemble(partitionTable(sectors, '8A1D0E0C-3F1B-4B57-9F0E-6D5C1F5A4D01', [esp]));

  it('protects the disk from tools that know only the MBR', () => {
    expect(disk[446 + 4]).toBe(0xee);
    expect(disk.readUInt32LE(454)).toBe(1);
    expect(disk.readUInt32LE(458)).toBe(sectors - 1);
    expect(disk.readUInt16LE(510)).toBe(0xaa55);
  });

  it('has two headers that point at each other and at equal entries', () => {
    const first = headerAt(disk, 1);
    const backup = headerAt(disk, sectors - 1);
    for (const header of [first, backup]) {
      expect(header).toMatchObject({
        signature: 'EFI PART',
        checksumHolds: true,
        firstUsable: 34,
        lastUsable: 4062,
      });
      const entries = disk.subarray(header.entriesAt * 512, header.entriesAt * 512 + 128 * 128);
      expect(crc32(entries)).toBe(header.entriesChecksum);
    }
    expect([first.own, first.other, backup.own, backup.other]).toEqual([1, sectors - 1, sectors - 1, 1]);
    expect(backup.entriesAt).toBe(sectors - 33);
  });

  it('describes the partition', () => {
    const entry = disk.subarray(2 * 512, 2 * 512 + 128);
    expect(entry.subarray(0, 16).equals(guidBytes(espType))).toBe(true);
    expect([entry.readBigUInt64LE(32), entry.readBigUInt64LE(40)]).toEqual([64n, 4000n]);
    expect(entry.toString('utf16le', 56, 62)).toBe('ESP');
  });

  it('refuses a partition over the tables', () => {
    expect(() => partitionTable(sectors, espType, [{ ...esp, firstSector: 33 }])).toThrow(RangeError);
    expect(() => partitionTable(sectors, espType, [{ ...esp, lastSector: 4063 }])).toThrow(RangeError);
  });
});
