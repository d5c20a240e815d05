// Makes the disks that the storage page adds, and says what is in each.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Disk, VmDefinition } from '../../../src-main/contract/definition.ts';
import type { Provision } from '../../../src-main/contract/vm.ts';
import { busFor, nextDiskId } from '../../components/definition/disks.ts';

export interface NewDisk {
  readonly disk: Disk;
  readonly provision: Provision | null;
}

const GiB = 1024 ** 3;

export type DiskOrder =
  | { kind: 'empty'; sizeGiB: number }
  | { kind: 'image'; path: string; format: 'qcow2' | 'raw'; use: 'copy' | 'in-place' }
  | { kind: 'cdrom'; path: string };

export function orderDisk(definition: VmDefinition, board: BoardCard | undefined, order: DiskOrder): NewDisk {
  const id = nextDiskId(definition.disks, order.kind === 'cdrom' ? 'cdrom' : 'disk');
  const common = { id, bus: busFor(definition.disks, board, order.kind === 'cdrom' ? 'cdrom' : 'disk') };
  switch (order.kind) {
    case 'empty':
      return {
        disk: {
          ...common,
          file: `disks/${id}.qcow2`,
          format: 'qcow2',
          media: 'disk',
          readOnly: false,
        },
        provision: { kind: 'new-disk', diskId: id, sizeBytes: order.sizeGiB * GiB },
      };
    case 'image': {
      const disk = { ...common, format: order.format, media: 'disk', readOnly: false } as const;
      return order.use === 'copy'
        ? {
            disk: { ...disk, file: `disks/${id}.${order.format}` },
            provision: { kind: 'copy-disk', diskId: id, from: order.path },
          }
        : { disk: { ...disk, file: order.path }, provision: null };
    }
    case 'cdrom':
      return {
        disk: { ...common, file: order.path, format: 'raw', media: 'cdrom', readOnly: true },
        provision: null,
      };
  }
}

/** What is in a disk of the machine being made, in words. */
export function diskContents(disk: Disk, provision: Provision | undefined): string {
  switch (provision?.kind) {
    case 'new-disk':
      return 'new and empty, qcow2';
    case 'copy-disk':
      return `a copy of ${provision.from}`;
    case 'sample':
    case undefined:
      return `${disk.file}, ${disk.media === 'cdrom' ? 'read only' : 'used where it is'}`;
  }
}
