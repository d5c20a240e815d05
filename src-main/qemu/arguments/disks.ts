// Disks: a block node each, and the device of the bus it sits on; board slots take `-drive` instead.
import type { Disk, VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch } from '../launch.ts';
import { type BlockNode, blockJson, driveParts } from './block.ts';
import { argument, optionList, refused, resolveFile } from './words.ts';

/** A power of two, which SD cards must be (QEMU hw/sd/sd.c sd_realize). */
const blankDriveBytes = 64 * 1024 * 1024;

interface Placed {
  disk: Disk;
  setting: string;
  node: BlockNode;
}

/** What the disk's image builds on is told by its layers, where it has some; else it stands alone. */
function imageOf(disk: Disk, { layers, vmDirectory }: Launch): BlockNode['image'] {
  const [top, ...below] = layers[disk.id] ?? [];
  return top ? { ...top, below } : { path: resolveFile(vmDirectory, disk.file), format: disk.format };
}

function place(disk: Disk, index: number, launch: Launch): Placed {
  const readOnly = disk.readOnly || disk.media === 'cdrom';
  return {
    disk,
    setting: `/disks/${index}`,
    node: {
      nodeName: disk.id,
      image: launch.blankDrives
        ? { blankBytes: launch.wiring.slots[disk.bus]?.bytes ?? blankDriveBytes }
        : imageOf(disk, launch),
      readOnly,
      discard: !readOnly,
    },
  };
}

const isOptical = ({ disk }: Placed) => disk.media === 'cdrom';
const bootOrder = ({ disk }: Placed) =>
  disk.bootIndex === undefined ? undefined : `bootindex=${disk.bootIndex}`;

function blockdev({ node, setting }: Placed): ExplainedArgument {
  return argument(
    ['-blockdev', blockJson(node)],
    setting,
    'The image behind the drive; nothing inside of it names other files.',
  );
}

function device(placed: Placed, why: string, ...parts: (string | undefined)[]): ExplainedArgument {
  return argument(['-device', optionList(...parts, bootOrder(placed))], placed.setting, why);
}

/** `virtio-blk-pci` where the board has PCI, `virtio-blk-device` where it has virtio-mmio slots. */
export function virtioModel(kind: string, launch: Launch, setting: string): string {
  switch (launch.wiring.expansion) {
    case 'pci':
      return `${kind}-pci`;
    case 'virtio-mmio':
      return `${kind}-device`;
    case 'none':
      throw refused(
        setting,
        'This board has neither PCI nor virtio slots.',
        'Use what the board itself has, or another board such as virt.',
      );
  }
}

function scsiDevice(placed: Placed, bus: string): ExplainedArgument {
  const model = isOptical(placed) ? 'scsi-cd' : 'scsi-hd';
  const why = isOptical(placed) ? 'A CD drive.' : 'A SCSI disk.';
  return device(placed, why, model, `id=${placed.disk.id}.dev`, `bus=${bus}`, `drive=${placed.disk.id}`);
}

/** `usb-storage` makes hard disks only of block nodes; a CD drive is a SCSI one behind USB's bulk-only transport. */
function usbDevices(placed: Placed, launch: Launch): ExplainedArgument[] {
  const { id } = placed.disk;
  const bus = launch.wiring.usb === 'added' ? 'bus=xhci.0' : undefined;
  if (!isOptical(placed)) {
    return [device(placed, 'A USB stick.', 'usb-storage', `id=${id}.dev`, bus, `drive=${id}`)];
  }
  const bot = argument(
    ['-device', optionList('usb-bot', `id=${id}.usb`, bus)],
    placed.setting,
    'The USB side of a CD drive.',
  );
  return [bot, scsiDevice(placed, `${id}.usb.0`)];
}

/** Where a model of the board's own buses plugs in: chips by chip select, SATA drives by port, SD cards in the next slot. */
function slotPlace(bus: Disk['bus'], index: number): string | undefined {
  if (bus === 'mtd') return `bus=ssi.0,cs=${index}`;
  return bus === 'ide' ? `bus=ide.${index}` : undefined;
}

/** The n-th disk of its kind goes into the board's n-th slot. */
function slotDrive(placed: Placed, all: readonly Placed[], launch: Launch): ExplainedArgument[] {
  const { bus, id, media } = placed.disk;
  const why = 'An image in a slot of the board itself.';
  const index = all.filter(({ disk }) => disk.bus === bus).indexOf(placed);
  const model = launch.wiring.slots[bus]?.device;
  if (model !== undefined) {
    const optical = model === 'ide-hd' && isOptical(placed) ? 'ide-cd' : model;
    return [
      blockdev(placed),
      device(placed, why, optical, `id=${id}.dev`, slotPlace(bus, index), `drive=${id}`),
    ];
  }
  const parts = [`if=${bus}`, `index=${index}`, media === 'cdrom' ? 'media=cdrom' : undefined];
  return [argument(['-drive', optionList(...parts, ...driveParts(placed.node))], placed.setting, why)];
}

function attach(placed: Placed, all: readonly Placed[], launch: Launch): ExplainedArgument[] {
  const { bus, id } = placed.disk;
  const common = [`id=${id}.dev`, `drive=${id}`];
  switch (bus) {
    case 'virtio': {
      const model = virtioModel('virtio-blk', launch, `${placed.setting}/bus`);
      return [blockdev(placed), device(placed, 'A virtio disk.', model, ...common)];
    }
    case 'scsi':
      return [blockdev(placed), scsiDevice(placed, 'scsi.0')];
    case 'usb':
      return [blockdev(placed), ...usbDevices(placed, launch)];
    case 'nvme':
      // NVMe devices must have a serial number (QEMU hw/nvme/ctrl.c nvme_check_params).
      return [blockdev(placed), device(placed, 'An NVMe disk.', 'nvme', ...common, `serial=${id}`)];
    case 'ide':
    case 'sd':
    case 'mtd':
      return slotDrive(placed, all, launch);
    default:
      return bus satisfies never;
  }
}

function needsUsb({ disks, network }: VmDefinition): boolean {
  return (
    disks.some(({ bus }) => bus === 'usb') || (network.mode === 'user' && network.model.startsWith('usb-'))
  );
}

function controllers(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  const scsi = definition.disks.findIndex(({ bus }) => bus === 'scsi');
  const made: ExplainedArgument[] = [];
  if (scsi !== -1) {
    const model = virtioModel('virtio-scsi', launch, `/disks/${scsi}/bus`);
    made.push(
      argument(['-device', `${model},id=scsi`], `/disks/${scsi}/bus`, 'The controller of the SCSI drives.'),
    );
  }
  if (needsUsb(definition) && launch.wiring.usb === 'added') {
    made.push(
      argument(['-device', 'qemu-xhci,id=xhci'], null, 'The USB controller, since something is on USB.'),
    );
  }
  return made;
}

function refuseTwice({ disks }: VmDefinition): void {
  const twice = disks.findIndex(({ id }, index) => disks.some((other, at) => at < index && other.id === id));
  if (twice === -1) return;
  throw refused(
    `/disks/${twice}/id`,
    `Two disks are called ${disks[twice]?.id ?? ''}.`,
    'Give each disk a name of its own.',
  );
}

export function diskArguments(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  refuseTwice(definition);
  const all = definition.disks.map((disk, index) => place(disk, index, launch));
  return [...controllers(definition, launch), ...all.flatMap((placed) => attach(placed, all, launch))];
}
