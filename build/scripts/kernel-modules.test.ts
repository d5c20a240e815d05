// Module facts from ELF files, the order of loading, and the index files for modprobe.
import { describe, expect, it } from 'vitest';
import {
  elfSection,
  formatModulesAlias,
  formatModulesDep,
  type ModuleInfo,
  moduleClosure,
  moduleName,
  readModuleInfo,
} from './kernel-modules.ts';

/** A little-endian ELF file with one section beside the table of names. */
function elfWith(section: string, content: Buffer, bits: 32 | 64): Buffer {
  const is64 = bits === 64;
  const [headerSize, entrySize] = is64 ? [64, 64] : [52, 40];
  const names = Buffer.from(`\0${section}\0.shstrtab\0`, 'latin1');
  const contentAt = headerSize;
  const namesAt = contentAt + content.length;
  const tableAt = namesAt + names.length;
  const header = Buffer.alloc(headerSize);
  header.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1]);
  if (is64) header.writeBigUInt64LE(BigInt(tableAt), 40);
  else header.writeUInt32LE(tableAt, 32);
  const numbersAt = is64 ? 58 : 46;
  [entrySize, 3, 2].forEach((value, index) => {
    header.writeUInt16LE(value, numbersAt + index * 2);
  });
  const entry = (nameAt: number, at: number, size: number) => {
    const block = Buffer.alloc(entrySize);
    block.writeUInt32LE(nameAt, 0);
    if (is64) {
      block.writeBigUInt64LE(BigInt(at), 24);
      block.writeBigUInt64LE(BigInt(size), 32);
    } else {
      block.writeUInt32LE(at, 16);
      block.writeUInt32LE(size, 20);
    }
    return block;
  };
  const table = [
    Buffer.alloc(entrySize),
    entry(1, contentAt, content.length),
    entry(section.length + 2, namesAt, names.length),
  ];
  return Buffer.concat([header, content, names, ...table]);
}

const modinfo = Buffer.from(
  'license=GPL\0alias=virtio:d00000002v*\0depends=virtio-ring,virtio\0name=virtio_blk\0',
  'latin1',
);

const info = (name: string, depends: string[] = [], aliases: string[] = []): ModuleInfo => ({
  name,
  depends,
  aliases,
});

describe('readModuleInfo', () => {
  it.each([32, 64] as const)('reads a %i-bit module', (bits) => {
    expect(
      readModuleInfo('kernel/drivers/block/virtio_blk.ko.xz', elfWith('.modinfo', modinfo, bits)),
    ).toEqual({
      name: 'virtio_blk',
      depends: ['virtio_ring', 'virtio'],
      aliases: ['virtio:d00000002v*'],
    });
  });

  it('refuses what is no ELF file', () => {
    expect(() => elfSection(Buffer.alloc(128), '.modinfo')).toThrow('not an ELF file');
    expect(elfSection(elfWith('.text', modinfo, 64), '.modinfo')).toBeNull();
  });
});

describe('moduleName', () => {
  it('drops directories and endings and writes underscores', () => {
    expect(moduleName('kernel/drivers/char/hw_random/virtio-rng.ko.xz')).toBe('virtio_rng');
  });
});

describe('moduleClosure', () => {
  const modules = [
    info('ext4', ['jbd2', 'mbcache', 'crc16']),
    info('jbd2', ['crc16']),
    info('mbcache'),
    info('crc16'),
  ];
  const infoOf = (name: string) => modules.find((module) => module.name === name) ?? null;

  it('orders needed modules first, each once, built-in ones left out', () => {
    const names = moduleClosure(['ext4', 'jbd2'], infoOf, (name) => name === 'mbcache').map(
      ({ name }) => name,
    );
    expect(names).toEqual(['crc16', 'jbd2', 'ext4']);
  });

  it('names a module that is missing', () => {
    expect(() => moduleClosure(['nfs'], infoOf, () => false)).toThrow('no module nfs');
  });
});

describe('index files', () => {
  const modules = [info('crc16'), info('jbd2', ['crc16']), info('ext4', ['jbd2', 'crc16'], ['fs-ext4'])];

  it('lists needs so that loading from the end of the line works', () => {
    expect(formatModulesDep(modules, (name) => `kernel/${name}.ko`)).toBe(
      'kernel/crc16.ko:\nkernel/jbd2.ko: kernel/crc16.ko\nkernel/ext4.ko: kernel/jbd2.ko kernel/crc16.ko\n',
    );
  });

  it('lists aliases', () => {
    expect(formatModulesAlias(modules)).toBe('alias fs-ext4 ext4\n');
  });
});
