// What a disk gets unasked.
import { describe, expect, test } from 'vitest';
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Disk, DiskBus } from '../../../src-main/contract/definition.ts';
import type { DiskImageInfo, FileFact } from '../../../src-main/contract/image.ts';
import { busFor, certainFormat, copyOnly, formatFor, nextDiskId, refusalOf, withBootOrder } from './disks.ts';

const disk = (id: string, bus: DiskBus = 'virtio'): Disk => ({
  id,
  file: `/images/${id}`,
  format: 'qcow2',
  media: 'disk',
  bus,
  readOnly: false,
});
const board = (...diskBuses: DiskBus[]) => ({ diskBuses }) as unknown as BoardCard;
const image = (changes: Partial<DiskImageInfo> = {}): DiskImageInfo => ({
  format: 'qcow2',
  virtualSizeBytes: 1,
  allocatedBytes: 1,
  refusals: [],
  doubts: [],
  ...changes,
});

test('ids fill the gaps', () => {
  expect(nextDiskId([disk('disk0'), disk('disk2')], 'disk')).toBe('disk1');
  expect(nextDiskId([disk('disk0')], 'cdrom')).toBe('cdrom0');
});

describe('the bus', () => {
  test('of a disk is that of the others, else the board’s first', () => {
    expect(busFor([disk('disk0', 'nvme')], board('virtio', 'nvme'), 'disk')).toBe('nvme');
    expect(busFor([], board('sd', 'usb'), 'disk')).toBe('sd');
    expect(busFor([], undefined, 'disk')).toBe('virtio');
  });

  test('of a CD-ROM is one that guests have a driver for', () => {
    expect(busFor([disk('disk0')], board('virtio', 'usb', 'scsi'), 'cdrom')).toBe('usb');
    expect(busFor([], board('sd'), 'cdrom')).toBe('sd');
  });
});

test('a format is certain only without doubts, and when it is one that is used', () => {
  expect(certainFormat(image())).toBe('qcow2');
  expect(certainFormat(image({ format: 'raw', doubts: ['begins like qcow2'] }))).toBeNull();
  expect(certainFormat(image({ format: 'vmdk' }))).toBeNull();
  expect(certainFormat(undefined)).toBeNull();
});

const fact = (info: DiskImageInfo): FileFact => ({
  file: '/x',
  kind: 'file',
  sizeBytes: 1,
  writable: true,
  disk: info,
});
const packed = (how: 'xz' | 'bzip2'): FileFact => ({
  ...fact(image({ format: 'raw', doubts: ['no partition table'] })),
  header: { type: 'compressed', with: how },
});

test('what a machine cannot use as it is becomes a qcow2 copy', () => {
  expect(copyOnly(fact(image()))).toBeNull();
  expect(copyOnly(fact(image({ format: 'vmdk' })))).toMatch(/vmdk.*copy/);
  expect(copyOnly(packed('xz'))).toMatch(/unpacked/);
  expect(formatFor(fact(image({ format: 'vmdk' })))).toBe('qcow2');
  expect(formatFor(packed('xz'))).toBe('qcow2');
  expect(formatFor(fact(image({ format: 'raw', doubts: ['?'] })))).toBeNull();
});

test('an image is refused with the reason', () => {
  expect(refusalOf(fact(image()))).toBeNull();
  expect(refusalOf(fact(image({ refusals: ['it has a backing file'] })))).toBe('It has a backing file.');
  expect(refusalOf(fact(image({ format: 'vmdk' })))).toBeNull();
  expect(refusalOf(packed('xz'))).toBeNull();
  expect(refusalOf(packed('bzip2'))).toMatch(/unpacked first/);
  expect(refusalOf({ ...fact(image()), kind: 'directory' })).toMatch(/not a file/);
});

test('a boot order that is taken away is left out', () => {
  expect(withBootOrder({ ...disk('disk0'), bootIndex: 1 }, undefined)).toEqual(disk('disk0'));
  expect(withBootOrder(disk('disk0'), 2).bootIndex).toBe(2);
});
