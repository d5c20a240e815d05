// How devices are attached to a board: what the command line has to know of the board table.
import type { Board } from '../boards/board.ts';
import type { DiskBus } from '../contract/definition.ts';

export interface BoardSlot {
  /** The model that `-device` adds; left out: the board connects what `-drive` gives. */
  device?: string;
  /** Bytes that an image must have; left out: whatever the user has. */
  bytes?: number;
}

export interface BoardWiring {
  /** What virtio devices, and NVMe and SCSI with them, plug into. */
  expansion: 'pci' | 'virtio-mmio' | 'none';
  /** `added`: a PCI controller of ours; `onboard`: the board has one. */
  usb: 'added' | 'onboard' | 'none';
  /** Whether flash memory is named by machine properties or by `-drive if=pflash`. */
  flash: 'property' | 'drive';
  /** Bytes that a flash image must have, where the board insists. */
  flashBytes?: number;
  /** False: RAM is part of the board (some sizes are not even whole MiB), `-m` is left out. */
  takesMemory: boolean;
  /** The board's own slots: SD, SATA, flash chips. */
  slots: Partial<Record<DiskBus, BoardSlot>>;
}

const MiB = 1024 * 1024;

/** Boards with the properties pflash0 and pflash1 (QEMU hw/arm/virt.c, hw/arm/sbsa-ref.c). */
const flashProperties: readonly string[] = ['virt', 'sbsa-ref'];

const expansions = { pci: 'pci', mmio: 'virtio-mmio' } as const;

function usb(board: Board): BoardWiring['usb'] {
  if (!board.disks.some(({ bus }) => bus === 'usb')) return 'none';
  return board.virtio === 'pci' ? 'added' : 'onboard';
}

function slots(board: Board): BoardWiring['slots'] {
  const made: BoardWiring['slots'] = {};
  for (const { bus, device, sizeMiB } of board.disks) {
    made[bus] = {
      ...(device === undefined ? {} : { device }),
      ...(sizeMiB === undefined ? {} : { bytes: sizeMiB * MiB }),
    };
  }
  return made;
}

export function wiringOf(board: Board): BoardWiring {
  const { kind } = board.memory;
  return {
    expansion: board.virtio === undefined ? 'none' : expansions[board.virtio],
    usb: usb(board),
    flash: flashProperties.includes(board.name) ? 'property' : 'drive',
    ...(board.flashMiB === undefined ? {} : { flashBytes: board.flashMiB * MiB }),
    takesMemory: kind === 'range' || kind === 'list',
    slots: slots(board),
  };
}
