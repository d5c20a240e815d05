// VHDX keeps its size and its parent in a metadata region somewhere in the file (MS-VHDX 2.2 and 2.6): found and read here.
import type { FileHandle } from 'node:fs/promises';
import type { HeaderFacts } from './image-formats.ts';

const regionTableAt = 192 * 1024;
const regionTableBytes = 64 * 1024;
const metadataTableBytes = 64 * 1024;

/** GUIDs as they lie in the file: the first three groups little-endian. */
function guid(text: string): Buffer {
  const [a = '', b = '', c = '', d = '', e = ''] = text.split('-');
  const swapped = [a, b, c].map((group) => Buffer.from(group, 'hex').reverse());
  return Buffer.concat([...swapped, Buffer.from(d + e, 'hex')]);
}

const metadataRegion = guid('8b7ca206-4790-4b9a-b8fe-575f050f886e');
const fileParameters = guid('caa16737-fa36-4d43-b3b6-33f0aa44e76b');
const virtualDiskSize = guid('2fa54224-cd1b-4876-b211-5dbed83bf4b8');
const parentLocator = guid('a8d35f2d-b30b-454d-abf7-d3d84834ab0c');
const hasParent = 2;

const damaged: HeaderFacts = {
  virtualSizeBytes: null,
  refusals: ['its VHDX header is cut off or damaged'],
  doubts: [],
};

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Both kinds of table: 32-byte entries that begin with a GUID. */
function findEntry(table: Buffer, first: number, count: number, id: Buffer): Buffer | undefined {
  for (let index = 0; index < count; index++) {
    const entry = table.subarray(first + index * 32, first + index * 32 + 32);
    if (entry.length === 32 && entry.subarray(0, 16).equals(id)) return entry;
  }
  return undefined;
}

export async function vhdxHeader(file: FileHandle): Promise<HeaderFacts> {
  const regions = await readAt(file, regionTableAt, regionTableBytes);
  if (regions.length < 16 || regions.toString('latin1', 0, 4) !== 'regi') return damaged;
  const region = findEntry(regions, 16, Math.min(regions.readUInt32LE(8), 2047), metadataRegion);
  if (!region) return damaged;
  const at = Number(region.readBigUInt64LE(16));
  if (!Number.isSafeInteger(at)) return damaged;
  const table = await readAt(file, at, metadataTableBytes);
  if (table.length < 32 || table.toString('latin1', 0, 8) !== 'metadata') return damaged;
  const count = Math.min(table.readUInt16LE(10), 2047);
  const item = async (id: Buffer, bytes: number): Promise<Buffer | undefined> => {
    const entry = findEntry(table, 32, count, id);
    const value = entry && (await readAt(file, at + entry.readUInt32LE(16), bytes));
    return value?.length === bytes ? value : undefined;
  };
  const size = await item(virtualDiskSize, 8);
  const parameters = await item(fileParameters, 8);
  if (!size || !parameters) return damaged;
  const based =
    (parameters.readUInt32LE(4) & hasParent) !== 0 ||
    findEntry(table, 32, count, parentLocator) !== undefined;
  return {
    virtualSizeBytes: Number(size.readBigUInt64LE(0)),
    refusals: based ? ['it is based on another image, which it names'] : [],
    doubts: [],
  };
}
