// Disks that the storage page adds.
import { expect, test } from 'vitest';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import { diskContents, orderDisk } from './disks.ts';

const machine = { disks: [] as VmDefinition['disks'] } as VmDefinition;

test('an empty disk comes with the file that is to be made for it', () => {
  const { disk, provision } = orderDisk(machine, undefined, { kind: 'empty', sizeGiB: 20 });
  expect(disk).toMatchObject({ id: 'disk0', file: 'disks/disk0.qcow2', format: 'qcow2', readOnly: false });
  expect(provision).toEqual({ kind: 'new-disk', diskId: 'disk0', sizeBytes: 20 * 1024 ** 3 });
});

test('an image is copied in, or used where it is', () => {
  const order = { kind: 'image', path: '/x/a.img', format: 'raw' } as const;
  const copied = orderDisk(machine, undefined, { ...order, use: 'copy' });
  expect(copied.disk.file).toBe('disks/disk0.raw');
  expect(copied.provision).toEqual({ kind: 'copy-disk', diskId: 'disk0', from: '/x/a.img' });
  const inPlace = orderDisk(machine, undefined, { ...order, use: 'in-place' });
  expect(inPlace.disk.file).toBe('/x/a.img');
  expect(inPlace.provision).toBeNull();
});

test('a CD-ROM is raw, read-only and where it is', () => {
  const { disk, provision } = orderDisk(machine, undefined, { kind: 'cdrom', path: '/x/a.iso' });
  expect(disk).toMatchObject({
    id: 'cdrom0',
    format: 'raw',
    media: 'cdrom',
    readOnly: true,
    file: '/x/a.iso',
  });
  expect(provision).toBeNull();
});

test('says what is in a disk', () => {
  const { disk, provision } = orderDisk(machine, undefined, { kind: 'empty', sizeGiB: 1 });
  expect(diskContents(disk, provision ?? undefined)).toBe('new and empty, qcow2');
  expect(diskContents({ ...disk, file: '/x/a.img' }, undefined)).toBe('/x/a.img, used where it is');
});
