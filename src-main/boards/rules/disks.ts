// Rules about disks: a bus that the board has, a format that the file has, nobody else writing to it.
import type { Disk } from '../../contract/definition.ts';
import type { FileFact } from '../../contract/image.ts';
import type { Board } from '../board.ts';
import { formatMiB } from '../memory.ts';
import { type BoardContext, type Finding, fileName, type Rule, removeAt, setTo } from '../rule.ts';

const mebi = 1024 * 1024;

type Find = (disk: Disk, index: number, fact: FileFact | undefined) => Finding | undefined;

/** A rule that looks at each disk alone, with what is known of its file. */
function each(find: (context: BoardContext) => Find): Rule['find'] {
  return (context) => {
    const one = find(context);
    return context.definition.disks.flatMap((disk, index) => {
      const fact = context.facts.files.get(disk.file);
      return one(disk, index, fact?.kind === 'file' ? fact : undefined) ?? [];
    });
  };
}

const busWords: Readonly<Record<Disk['bus'], string>> = {
  virtio: 'virtio disks',
  scsi: 'SCSI disks',
  usb: 'USB storage',
  nvme: 'NVMe',
  ide: 'IDE or SATA disks',
  sd: 'SD cards',
  mtd: 'flash chips',
};

/** Buses that take a disc; SD cards and flash chips are no drives for one. */
export function takesCdrom(bus: Disk['bus']): boolean {
  return bus === 'virtio' || bus === 'scsi' || bus === 'usb' || bus === 'ide';
}

/** The first bus of the board that can take this disk and has room for one more. */
export function busWithRoom(
  board: Pick<Board, 'disks'>,
  disk: Disk,
  others: readonly Disk[],
): Disk['bus'] | undefined {
  return board.disks.find(({ bus, max }) => {
    const used = others.filter((other) => other.bus === bus).length;
    return used < (max ?? Number.POSITIVE_INFINITY) && (disk.media === 'disk' || takesCdrom(bus));
  })?.bus;
}

function moveOrRemove(board: Board, disk: Disk, index: number, disks: readonly Disk[]): Finding['fix'] {
  const bus = busWithRoom(
    board,
    disk,
    disks.filter((other) => other !== disk),
  );
  return bus === undefined
    ? removeAt('Remove this disk from the machine', `/disks/${index}`)
    : setTo(`Use ${bus}`, `/disks/${index}/bus`, bus);
}

const busAbsent: Rule['find'] = each(({ board, definition }) => (disk, index) => {
  if (!board.listed || board.disks.some(({ bus }) => bus === disk.bus)) return undefined;
  const fix = moveOrRemove(board, disk, index, definition.disks);
  return {
    field: `/disks/${index}/bus`,
    message: `${board.name} has no place for ${busWords[disk.bus]}; QEMU refuses to start.`,
    ...(fix === undefined ? {} : { fix }),
  };
});

/** The device that makes a disk of this bus; undefined where the board's own code does. */
function deviceOf({ virtio }: Board, { bus, media }: Disk): string | undefined {
  const kind = media === 'cdrom' ? 'cd' : 'hd';
  switch (bus) {
    case 'virtio':
      return virtio === 'mmio' ? 'virtio-blk-device' : 'virtio-blk-pci';
    case 'scsi':
      return `scsi-${kind}`;
    case 'usb':
      return 'usb-storage';
    case 'nvme':
      return 'nvme';
    case 'ide':
      return `ide-${kind}`;
    case 'sd':
    case 'mtd':
      return undefined;
  }
}

const deviceAbsent: Rule['find'] = each(({ board, definition, facts }) => (disk, index) => {
  const device = deviceOf(board, disk);
  if (device === undefined || facts.qemu.devices.includes(device)) return undefined;
  if (!board.disks.some(({ bus }) => bus === disk.bus)) return undefined;
  const others = definition.disks.filter((other) => other !== disk);
  const there = board.disks.filter(({ bus }) => {
    const needed = deviceOf(board, { ...disk, bus });
    return needed === undefined || facts.qemu.devices.includes(needed);
  });
  const bus = busWithRoom({ ...board, disks: there }, disk, others);
  return {
    field: `/disks/${index}/bus`,
    message: `This QEMU was built without ${device} and refuses to start.`,
    ...(bus === undefined ? {} : { fix: setTo(`Use ${bus}`, `/disks/${index}/bus`, bus) }),
  };
});

const tooMany: Rule['find'] = each(({ board, definition }) => (disk, index) => {
  const slot = board.disks.find(({ bus }) => bus === disk.bus);
  if (slot?.max === undefined) return undefined;
  const before = definition.disks.slice(0, index).filter(({ bus }) => bus === disk.bus).length;
  if (before < slot.max) return undefined;
  const fix = moveOrRemove(board, disk, index, definition.disks);
  return {
    field: `/disks/${index}/bus`,
    message: `${board.name} has room for ${slot.max === 1 ? 'one' : slot.max} here (${slot.label}); QEMU refuses one more.`,
    ...(fix === undefined ? {} : { fix }),
  };
});

const cdromBus: Rule['find'] = each(({ board, definition }) => (disk, index) => {
  if (disk.media !== 'cdrom' || takesCdrom(disk.bus)) return undefined;
  const fix = moveOrRemove(board, disk, index, definition.disks);
  return {
    field: `/disks/${index}/bus`,
    message: `A disc drive cannot be on ${disk.bus}: the guest would see a disk, and QEMU would want to write to it.`,
    ...(fix === undefined ? {} : { fix }),
  };
});

const cdromWritable: Rule['find'] = each(
  () => (disk, index) =>
    disk.media === 'cdrom' && !disk.readOnly
      ? {
          field: `/disks/${index}/readOnly`,
          message: 'A disc is read-only; QEMU refuses to open it for writing.',
          fix: setTo('Make it read-only', `/disks/${index}/readOnly`, true),
        }
      : undefined,
);

/** hw/sd/sd.c, sd_realize: "Cannot use read-only drive as SD card"; hw/ide/ide-dev.c wants to write to a hard disk. */
export function canBeReadOnly({ bus, media }: Disk): boolean {
  return media === 'cdrom' || (bus !== 'sd' && bus !== 'ide');
}

const neverReadOnly: Rule['find'] = each(() => (disk, index, fact) => {
  if (!disk.readOnly || canBeReadOnly(disk)) return undefined;
  const field = `/disks/${index}/readOnly`;
  const what = disk.bus === 'sd' ? 'An SD card' : 'A hard disk on IDE or SATA';
  const message = `${what} cannot be read-only; QEMU refuses to start.`;
  if (fact?.writable === false) {
    return { field, message: `${message} You may not write to ${fileName(disk.file)}: use a copy.` };
  }
  return { field, message, fix: setTo('Let the guest write to it', field, false) };
});

function isPowerOfTwo(bytes: number): boolean {
  return bytes > 0 && Number.isInteger(Math.log2(bytes));
}

/** The image as it is at the next start; undefined where its size is not known. */
function sizeAtStart({ growToBytes = 0 }: Disk, fact: FileFact | undefined): number | undefined {
  const size = fact?.disk?.virtualSizeBytes;
  return size === undefined ? undefined : Math.max(size, growToBytes);
}

/** What may be written to may be grown: the guest sees an empty end. */
function growTo(disk: Disk, index: number, fact: FileFact | undefined, sizeMiB: number): Finding['fix'] {
  if (disk.readOnly || fact?.writable !== true) return undefined;
  return setTo(`Grow the image to ${formatMiB(sizeMiB)}`, `/disks/${index}/growToBytes`, sizeMiB * mebi);
}

/** hw/sd/sd.c, sd_realize: "SD card size has to be a power of 2". */
const sdSize: Rule['find'] = each(() => (disk, index, fact) => {
  const size = sizeAtStart(disk, fact);
  if (disk.bus !== 'sd' || size === undefined || isPowerOfTwo(size)) return undefined;
  const nextMiB = 2 ** Math.ceil(Math.log2(Math.max(1, size / mebi)));
  const fix = growTo(disk, index, fact, nextMiB);
  return {
    field: `/disks/${index}/file`,
    message: `An SD card’s size must be a power of two, and ${fileName(disk.file)} is not; QEMU refuses to start. It would have to have ${formatMiB(nextMiB)}.`,
    ...(fix === undefined ? {} : { fix }),
  };
});

/** hw/block/m25p80.c and others refuse an image that is not exactly as big as the chip. */
const flashSize: Rule['find'] = each(({ board }) => (disk, index, fact) => {
  const slot = board.disks.find(({ bus }) => bus === disk.bus);
  const size = sizeAtStart(disk, fact);
  if (disk.bus !== 'mtd' || size === undefined || slot?.sizeMiB === undefined) return undefined;
  if (size === slot.sizeMiB * mebi) return undefined;
  const fix = size < slot.sizeMiB * mebi ? growTo(disk, index, fact, slot.sizeMiB) : undefined;
  return {
    ...(fix === undefined ? {} : { fix }),
    field: `/disks/${index}/file`,
    message: `The flash chip has exactly ${slot.sizeMiB} MiB, and ${fileName(disk.file)} has another size; QEMU refuses to start.`,
  };
});

const formatMismatch: Rule['find'] = each(() => (disk, index, fact) => {
  const found = fact?.disk?.format;
  if (found === undefined || found === disk.format) return undefined;
  const usable = found === 'qcow2' || found === 'raw';
  return {
    field: `/disks/${index}/format`,
    message: usable
      ? `${fileName(disk.file)} is ${found}, not ${disk.format}: the guest would see ${found === 'qcow2' ? 'the file’s inner workings instead of its disk' : 'nothing, for QEMU refuses to open it'}.`
      : `${fileName(disk.file)} is in ${found} format, which has to be converted to qcow2 first.`,
    ...(usable ? { fix: setTo(`Use ${found}`, `/disks/${index}/format`, found) } : {}),
  };
});

const refusedImage: Rule['find'] = each(() => (disk, index, fact) => {
  const reasons = fact?.disk?.refusals ?? [];
  if (reasons.length === 0) return undefined;
  return {
    field: `/disks/${index}/file`,
    message: `${fileName(disk.file)} is not opened, for it could make QEMU open other files: ${reasons.join('; ')}.`,
  };
});

const doubtfulImage: Rule['find'] = each(() => (disk, index, fact) => {
  const doubts = fact?.disk?.doubts ?? [];
  if (disk.format !== 'raw' || doubts.length === 0) return undefined;
  return { field: `/disks/${index}/file`, message: `${fileName(disk.file)}: ${doubts.join('; ')}.` };
});

const inUse: Rule['find'] = each(
  () => (disk, index, fact) =>
    fact?.usedBy === undefined || disk.readOnly
      ? undefined
      : {
          field: `/disks/${index}/file`,
          message: `“${fact.usedBy}” has ${fileName(disk.file)} as its disk: the two cannot run together, and taking turns may damage it.`,
          ...(canBeReadOnly(disk)
            ? { fix: setTo('Open it read-only', `/disks/${index}/readOnly`, true) }
            : {}),
        },
);

const sameFile: Rule['find'] = each(({ definition }) => (disk, index) => {
  const earlier = definition.disks.slice(0, index).find(({ file }) => file === disk.file);
  if (earlier === undefined || (earlier.readOnly && disk.readOnly)) return undefined;
  return {
    field: `/disks/${index}/file`,
    message: `${fileName(disk.file)} is a disk of this machine already; QEMU refuses to open it twice for writing.`,
    fix: removeAt('Remove this disk from the machine', `/disks/${index}`),
  };
});

const sameId: Rule['find'] = each(({ definition }) => (disk, index) => {
  const { disks } = definition;
  if (!disks.slice(0, index).some(({ id }) => id === disk.id)) return undefined;
  const free = Array.from({ length: disks.length + 1 }, (_, number) => `disk${number}`).find((id) =>
    disks.every((other) => other.id !== id),
  );
  return {
    field: `/disks/${index}/id`,
    message: `Two disks have the name ${disk.id}; QEMU refuses the second.`,
    ...(free === undefined ? {} : { fix: setTo(`Use ${free}`, `/disks/${index}/id`, free) }),
  };
});

const sameBootIndex: Rule['find'] = each(({ definition }) => (disk, index) => {
  const { disks } = definition;
  if (disk.bootIndex === undefined) return undefined;
  if (!disks.slice(0, index).some(({ bootIndex }) => bootIndex === disk.bootIndex)) return undefined;
  const last = Math.max(...disks.map(({ bootIndex }) => bootIndex ?? 0));
  return {
    field: `/disks/${index}/bootIndex`,
    message: `Two disks are number ${disk.bootIndex + 1} in the boot order; QEMU refuses to start.`,
    ...(last < 99 ? { fix: setTo('Put it last', `/disks/${index}/bootIndex`, last + 1) } : {}),
  };
});

export const diskRules: readonly Rule[] = [
  { id: 'disk-bus', severity: 'error', find: busAbsent },
  { id: 'disk-device', severity: 'error', find: deviceAbsent },
  { id: 'disk-too-many', severity: 'error', find: tooMany },
  { id: 'disk-cdrom-bus', severity: 'error', find: cdromBus },
  { id: 'disk-cdrom-writable', severity: 'error', find: cdromWritable },
  { id: 'disk-never-read-only', severity: 'error', find: neverReadOnly },
  { id: 'disk-sd-size', severity: 'error', find: sdSize },
  { id: 'disk-flash-size', severity: 'error', find: flashSize },
  { id: 'disk-format', severity: 'error', find: formatMismatch },
  { id: 'disk-refused', severity: 'error', find: refusedImage },
  { id: 'disk-in-use', severity: 'error', find: inUse },
  { id: 'disk-same-file', severity: 'error', find: sameFile },
  { id: 'disk-same-id', severity: 'error', find: sameId },
  { id: 'disk-same-boot-index', severity: 'error', find: sameBootIndex },
  { id: 'disk-doubt', severity: 'warning', find: doubtfulImage },
];
