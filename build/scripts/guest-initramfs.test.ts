// What the guests' initramfs holds, and the applets read from busybox.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { busyboxApplets } from './busybox-applets.ts';
import { guestInitramfs } from './guest-initramfs.ts';
import { parentPaths } from './parent-paths.ts';

const module = (name: string, aliases: string[]) => ({
  name,
  depends: [],
  aliases,
  path: `kernel/${name}.ko.xz`,
  content: Buffer.from(name),
});

const parts = {
  busybox: Buffer.from('the busybox program'),
  kernelRelease: '6.12-test',
  modules: [
    module('virtio_blk', ['virtio:d00000002v*']),
    module('vfat', ['fs-vfat']),
    module('virtio_gpu', ['virtio:d00000010v*']),
  ],
};

describe('busyboxApplets', () => {
  it('reads the sorted block of names up to its end', () => {
    const binary = Buffer.from('code\xe0[\0[[\0acpid\0ash\0zcat\0busybox.conf\0', 'latin1');
    expect(busyboxApplets(binary)).toEqual(['[', '[[', 'acpid', 'ash', 'zcat']);
  });

  it('refuses another program', () => {
    expect(() => busyboxApplets(Buffer.from('no such table'))).toThrow('no table of applets');
  });
});

describe('guestInitramfs', () => {
  const archive = gunzipSync(guestInitramfs(parts, ['ash', 'busybox', 'sh'])).toString('latin1');

  it('never links busybox to itself', () => {
    // After the magic number come 13 fields of 8 digits, the second of them the mode, then the name.
    const records = archive
      .split('070701')
      .map((record) => [record.slice(104).split('\0')[0], record.slice(8, 16)]);
    expect(records.filter(([name]) => name === 'bin/busybox')).toEqual([['bin/busybox', '000081ED']]);
    expect(records).toContainEqual(['bin/sh', '0000A1FF']);
  });

  it('loads disks by themselves, graphics only when asked', () => {
    expect(archive).toContain('alias virtio:d00000002v* virtio_blk\n');
    expect(archive).toContain('alias fs-vfat vfat\n');
    expect(archive).not.toContain('alias virtio:d00000010v*');
    expect(archive).toContain('lib/modules/6.12-test/kernel/virtio_gpu.ko.xz\0');
  });

  it('is the same every time', () => {
    expect(guestInitramfs(parts, ['sh']).equals(guestInitramfs(parts, ['sh']))).toBe(true);
  });
});

describe('parentPaths', () => {
  it('lists each directory once, parents first', () => {
    expect(parentPaths(['/a/b/c', 'a/d', 'e'])).toEqual(['a', 'a/b']);
  });
});
