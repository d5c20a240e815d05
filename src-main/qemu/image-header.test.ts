import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ImageHeader, largestVirtualBytes, readImageHeader } from './image-header.ts';
import { faultOf, inTemporaryDirectory } from './testing.ts';

async function headerOf(content: Uint8Array | string, sizeBytes?: number): Promise<ImageHeader> {
  return inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'image');
    await writeFile(file, content);
    if (sizeBytes !== undefined) await truncate(file, sizeBytes);
    return readImageHeader(file);
  });
}

interface Qcow2 {
  version?: number;
  backing?: string;
  size?: bigint;
  encryption?: number;
  features?: bigint;
  /** Type and data of header extensions. */
  extensions?: [number, string][];
}

/** A qcow2 header (QEMU docs/interop/qcow2.txt). */
function qcow2({
  version = 3,
  backing,
  size = 1024n ** 3n,
  encryption = 0,
  features = 0n,
  extensions = [],
}: Qcow2): Buffer {
  const header = Buffer.alloc(65_536);
  header.write('QFI\xfb', 0, 'latin1');
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(size, 24);
  header.writeUInt32BE(encryption, 32);
  let at = 72;
  if (version >= 3) {
    header.writeBigUInt64BE(features, 72);
    header.writeUInt32BE(104, 100);
    at = 104;
  }
  for (const [type, data] of extensions) {
    header.writeUInt32BE(type, at);
    header.writeUInt32BE(data.length, at + 4);
    header.write(data, at + 8, 'latin1');
    at += 8 + Math.ceil(data.length / 8) * 8;
  }
  if (backing !== undefined) {
    header.writeBigUInt64BE(1024n, 8);
    header.writeUInt32BE(backing.length, 16);
    header.write(backing, 1024, 'latin1');
  }
  return header;
}

interface Vmdk {
  capacity?: bigint;
  descriptor?: string;
}

/** A hosted sparse extent with its descriptor (QEMU block/vmdk.c VMDK4Header). */
function vmdk({ capacity = 2048n, descriptor = '' }: Vmdk): Buffer {
  const header = Buffer.alloc(65_536);
  header.write('KDMV', 0, 'latin1');
  header.writeUInt32LE(1, 4);
  header.writeBigUInt64LE(capacity, 12);
  header.writeBigUInt64LE(1n, 28);
  header.writeBigUInt64LE(20n, 36);
  header.write(descriptor, 512, 'latin1');
  return header;
}

const ownDescriptor = [
  '# Disk DescriptorFile',
  'CID=1',
  'parentCID=ffffffff',
  'createType="monolithicSparse"',
  'RW 2048 SPARSE "image.vmdk"',
].join('\n');

function vhd(diskType: number): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix', 0, 'latin1');
  footer.writeBigUInt64BE(4096n, 48);
  footer.writeUInt32BE(diskType, 60);
  return footer;
}

test('a plain qcow2 is safe, in either version, with harmless extensions', async () => {
  const plain = await headerOf(
    qcow2({
      extensions: [
        [0x6803f857, 'names of features'],
        [0xe2792aca, 'raw'],
      ],
    }),
  );
  expect(plain).toMatchObject({ format: 'qcow2', virtualSizeBytes: 1024 ** 3, refusals: [], doubts: [] });
  expect(await headerOf(qcow2({ version: 2 }))).toMatchObject({ format: 'qcow2', refusals: [] });
});

test.each<[string, Uint8Array | string, string]>([
  ['qcow2 on a host file', qcow2({ backing: '/etc/shadow' }), '/etc/shadow'],
  ['qcow2 on a relative name', qcow2({ backing: 'base.qcow2' }), 'base.qcow2'],
  ['qcow2 of version 2 on a host file', qcow2({ version: 2, backing: '/etc/shadow' }), '/etc/shadow'],
  ['qcow2 on a network', qcow2({ backing: 'nbd://198.51.100.1/x' }), 'protocol'],
  [
    'qcow2 on a json: description',
    qcow2({ backing: 'json:{"driver":"nbd","host":"198.51.100.1"}' }),
    'description',
  ],
  ['qcow2 with a backing name of no length', qcow2({ backing: '' }), 'another file'],
  [
    'qcow2 with an external data file',
    qcow2({ features: 4n, extensions: [[0x44415441, '/etc/passwd']] }),
    'data',
  ],
  ['qcow2 with the data file’s name alone', qcow2({ extensions: [[0x44415441, '/etc/passwd']] }), 'data'],
  ['qcow2 with the data file’s bit alone', qcow2({ features: 4n }), 'data'],
  [
    'qcow2 with extensions that lead out of the file',
    qcow2({ extensions: [[1, 'x'.repeat(65_500)]] }),
    'damaged',
  ],
  ['qcow2 that is cut off', qcow2({}).subarray(0, 60), 'cut off'],
  ['qcow2 of version 3 that is cut off', qcow2({}).subarray(0, 90), 'cut off'],
  ['qcow2 with a key', qcow2({ encryption: 2 }), 'encrypted'],
  ['qcow2 of 60 TB', qcow2({ size: 60n * 1000n ** 4n }), '55 TiB'],
  ['qcow2 of 2^64 - 1 bytes', qcow2({ size: 2n ** 64n - 1n }), 'TiB'],
  ['VMDK that lists files', '# Disk DescriptorFile\nRW 8 FLAT "/etc/shadow" 0\n', '/etc/shadow'],
  [
    'VMDK that lists files, after comments',
    '# a\n\n# Disk DescriptorFile\nRW 8 FLAT "/etc/shadow" 0\n',
    '/etc/shadow',
  ],
  [
    'VMDK with no capacity and a list',
    vmdk({ capacity: 0n, descriptor: 'RW 8 FLAT "/etc/shadow" 0\n' }),
    '/etc/shadow',
  ],
  [
    'VMDK with a parent',
    vmdk({ descriptor: ownDescriptor.replace('ffffffff', 'deadbeef') }),
    'another image',
  ],
  [
    'VMDK with a parent’s name',
    vmdk({ descriptor: `${ownDescriptor}\nparentFileNameHint="/etc/shadow"` }),
    'another image',
  ],
  ['VMDK part', 'COWD', 'several files'],
  ['VHD on another', vhd(4), 'another image'],
  ['LUKS', 'LUKS\xba\xbe', 'encrypted'],
])('refuses %s', async (_what, content, because) => {
  const header = await headerOf(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  expect(header.refusals.join('; ')).toContain(because);
});

test('a VMDK in one file and a VHD of its own are safe', async () => {
  expect(await headerOf(vmdk({ descriptor: ownDescriptor }))).toMatchObject({
    format: 'vmdk',
    virtualSizeBytes: 1024 ** 2,
    refusals: [],
  });
  expect(await headerOf(vhd(3))).toMatchObject({ format: 'vpc', virtualSizeBytes: 4096, refusals: [] });
  const fixed = await headerOf(Buffer.concat([Buffer.alloc(4096), vhd(2)]));
  expect(fixed, 'the footer of a fixed VHD is at its end').toMatchObject({ format: 'vpc', refusals: [] });
});

test('raw is what has no magic, and its doubts are named', async () => {
  const withTable = Buffer.alloc(1024);
  withTable.write('\x55\xaa', 510, 'latin1');
  expect(await headerOf(withTable)).toMatchObject({
    format: 'raw',
    virtualSizeBytes: 1024,
    refusals: [],
    doubts: [],
  });
  expect((await headerOf('')).doubts).toEqual(['it is empty']);
  expect((await headerOf('just a text')).doubts[0]).toContain('no partition table');
  expect((await headerOf(Buffer.from('\xfd7zXZ\0', 'latin1'))).doubts[0]).toContain('xz');
  expect((await headerOf('\x7fELF')).doubts[0]).toContain('program');
});

test('the corrupt bit is worth a word, and no refusal', async () => {
  const header = await headerOf(qcow2({ features: 2n }));
  expect(header.refusals).toEqual([]);
  expect(header.doubts[0]).toContain('corrupt');
});

test('a raw file may be large, but not absurd, and holes take no room', async () => {
  const header = await headerOf('x', 1024 ** 3);
  expect(header).toMatchObject({ virtualSizeBytes: 1024 ** 3, refusals: [] });
  expect(header.allocatedBytes).toBeLessThan(1024 ** 2);
  expect(largestVirtualBytes).toBe(16 * 1024 ** 4);
});

test('what is no readable file is a fault that names it', async () => {
  await inTemporaryDirectory(async (directory) => {
    await mkdir(path.join(directory, 'folder'));
    for (const name of ['folder', 'missing']) {
      const error = await faultOf(readImageHeader(path.join(directory, name)));
      expect(error.code).toBe('file-unusable');
      expect(error.message).toContain(name);
    }
  });
});
