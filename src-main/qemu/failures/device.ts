// Failures about devices: a bus that the board does not have, models, slots, sizes, boot order.
import { busWithRoom } from '../../boards/rules/disks.ts';
import { listedBoard } from '../../boards/table.ts';
import type { VmDefinition } from '../../contract/definition.ts';
import type { Fix } from '../../contract/problem.ts';
import { diskField, type FailureRow, group, remove, set, sizeMiB } from './row.ts';

/** The words of QEMU repeat the option: its `id=` leads to the setting. */
function fieldOfDevice(words: string, definition: VmDefinition): string | undefined {
  const id = /\bid=([\w.-]+)/.exec(words)?.[1] ?? '';
  if (id === 'nic0') return '/network/model';
  const disk = /^([a-z][a-z0-9-]*)\.(?:dev|usb|drive)$/.exec(id)?.[1];
  if (disk !== undefined) return diskField(definition, disk, 'bus');
  const firstOn = (bus: string) => definition.disks.findIndex((other) => other.bus === bus);
  const controller = { scsi: firstOn('scsi'), xhci: firstOn('usb') }[id] ?? -1;
  return controller === -1 ? undefined : `/disks/${controller}/bus`;
}

/** The board's own controller, or another model that it takes; none where there is no other. */
function otherNetwork({ machine, network }: VmDefinition): Fix {
  const facts = listedBoard(machine)?.row.network;
  const models = [...(facts?.onboard === undefined ? [] : ['onboard']), ...(facts?.models ?? [])];
  const other = models.find((model) => model !== network.model);
  return other === undefined
    ? set('No network', '/network/mode', 'none')
    : set(`Use ${other}`, '/network/model', other);
}

/** Another bus of the board with room for the disk; where there is none, without the disk. */
function otherBus({ disks, machine }: VmDefinition, index: number): Fix | undefined {
  const disk = disks[index];
  const row = listedBoard(machine)?.row;
  if (disk === undefined || row === undefined) return undefined;
  const others = { disks: row.disks.filter(({ bus }) => bus !== disk.bus) };
  const bus = busWithRoom(
    others,
    disk,
    disks.filter((other) => other !== disk),
  );
  return bus === undefined
    ? remove('Remove this disk from the machine', `/disks/${index}`)
    : set(`Use ${bus}`, `/disks/${index}/bus`, bus);
}

/** The field of a device that cannot be where it is, and the nearest place where one can. */
function elsewhere(
  field: string | undefined,
  definition: VmDefinition,
): { field: string | undefined; fix: Fix | undefined } {
  if (field === '/network/model') return { field, fix: otherNetwork(definition) };
  const index = /^\/disks\/(\d+)\/bus$/.exec(field ?? '')?.[1];
  return { field, fix: index === undefined ? undefined : otherBus(definition, Number(index)) };
}

const busNames: Readonly<Record<string, string>> = {
  PCI: 'PCI',
  'usb-bus': 'USB',
  'virtio-bus': 'virtio',
  SCSI: 'SCSI',
};

const MiB = 1024 * 1024;

export const deviceFailures: readonly FailureRow[] = [
  {
    id: 'no-such-bus',
    pattern: /^(.*)No '(\S+)' bus found for device '(\S+)'/m,
    explain: (match, definition) => ({
      message: `The board ${definition.machine} has no ${busNames[group(match, 2)] ?? group(match, 2)} bus for the device ${group(match, 3)}.`,
      remedy: 'Use a device that the board has a place for, or a board with this bus, such as virt.',
      ...elsewhere(fieldOfDevice(group(match, 1), definition), definition),
    }),
  },
  {
    id: 'bus-not-there',
    pattern: /^(.*)Bus '(\S+)' not found/m,
    explain: (match, definition) => ({
      message: `The board ${definition.machine} has no bus ${group(match, 2)}.`,
      remedy: 'Attach the device in a way that the board has.',
      ...elsewhere(fieldOfDevice(group(match, 1), definition), definition),
    }),
  },
  {
    id: 'no-such-slot',
    pattern: /machine type does not support if=(\w+),bus=\d+,unit=(\d+)/,
    explain: (match, definition) => {
      const bus = group(match, 1);
      const ofBus = definition.disks.flatMap((disk, index) => (disk.bus === bus ? [index] : []));
      const index = ofBus[Number(group(match, 2))] ?? ofBus[0];
      return {
        message: `The board ${definition.machine} has no ${bus.toUpperCase()} slot for this drive.`,
        remedy: 'Put the drive on a bus that the board has.',
        ...elsewhere(index === undefined ? undefined : `/disks/${index}/bus`, definition),
      };
    },
  },
  {
    id: 'device-unknown',
    pattern: /^(.*)'([^']+)' is not a valid device model name/m,
    explain: (match, definition) => ({
      code: 'unsupported',
      message: `This QEMU was built without the device ${group(match, 2)}.`,
      remedy:
        'Use the QEMU that comes with Armoire, install QEMU’s module packages, or choose another device.',
      ...elsewhere(fieldOfDevice(group(match, 1), definition), definition),
    }),
  },
  {
    id: 'usb-speed',
    pattern: /^(.*)speed mismatch trying to attach usb device "([^"]+)"/m,
    explain: (match, definition) => ({
      message: `The USB controller of ${definition.machine} takes fast devices only, and the device ${group(match, 2)} is a slow one.`,
      remedy: 'Use another device.',
      ...elsewhere(fieldOfDevice(group(match, 1), definition), definition),
    }),
  },
  {
    id: 'sata-port-full',
    pattern: /^(.*)Can't create IDE unit \d+, bus supports only \d+ units/m,
    explain: (match, definition) => ({
      message: `The board ${definition.machine} has no further SATA port.`,
      remedy: 'Put the drive on another bus.',
      ...elsewhere(fieldOfDevice(group(match, 1), definition), definition),
    }),
  },
  {
    id: 'boot-order-twice',
    pattern: /^(.*)The bootindex (\d+) has already been used/m,
    explain: (match, definition) => {
      const disk = /\bid=([a-z][a-z0-9-]*)\.dev/.exec(group(match, 1))?.[1] ?? '';
      const field = diskField(definition, disk, 'bootIndex');
      return {
        message: `Two drives have the place ${group(match, 2)} in the boot order.`,
        remedy: 'Give each drive a place of its own.',
        field,
        fix: field === undefined ? undefined : remove('Take this drive out of the order', field),
      };
    },
  },
  {
    id: 'disk-id-twice',
    pattern: /Duplicate nodes with node-name='([^']+)'/,
    explain: (match, definition) => ({
      message: `Two drives are called ${group(match, 1)}.`,
      remedy: 'Give each drive a name of its own.',
      field: diskField(definition, group(match, 1), 'id'),
    }),
  },
  {
    id: 'sd-card-size',
    // The hint behind it names the next size that a card can have.
    pattern: /Invalid SD card size: (.+)(?:\n.*power of 2, e\.g\. (.+)\.)?/,
    explain: (match, { disks }) => {
      const index = disks.findIndex(({ bus }) => bus === 'sd');
      const next = sizeMiB(group(match, 2));
      return {
        message: `The image for the SD card has ${group(match, 1)}; an SD card’s size is a power of two (64 MiB, 1 GiB, 2 GiB …).`,
        remedy:
          'Grow the image to the next power of two: its field offers it, or use qemu-img resize IMAGE SIZE.',
        field: index === -1 ? undefined : `/disks/${index}/file`,
        fix:
          next === undefined || disks[index]?.readOnly !== false
            ? undefined
            : set(`Grow the image to ${next} MiB`, `/disks/${index}/growToBytes`, next * MiB),
      };
    },
  },
  {
    id: 'flash-size',
    pattern: /device '[^']*' requires (\d+) bytes, .*block backend provides (\d+) bytes/,
    explain: (match, { boot, disks }) => {
      const mtd = disks.findIndex(({ bus }) => bus === 'mtd');
      const inFlash = boot.kind === 'pflash' || boot.kind === 'uefi';
      const bytes = Number(group(match, 1));
      return {
        message: `The flash of this board has ${bytes} bytes (${bytes / MiB} MiB), and its image has ${group(match, 2)}.`,
        remedy: `Pad the image with zeros (truncate -s ${bytes} IMAGE), or start it by -bios where it is firmware.`,
        field: inFlash ? '/boot' : mtd === -1 ? undefined : `/disks/${mtd}/file`,
        fix:
          boot.kind === 'pflash'
            ? set('Start it by -bios', '/boot', { kind: 'bios', file: boot.code })
            : undefined,
      };
    },
  },
  {
    id: 'drive-read-only',
    pattern:
      /(?:Block node|Device|Node '[^']*') (?:'[^']*' )?is read-only|(?:Cannot use|Can't use a) read-only drive/,
    explain: (_match, { disks }) => {
      const index = disks.findIndex(({ readOnly, media }) => readOnly && media === 'disk');
      return {
        message: 'A drive is read-only, and the device that it is in cannot be.',
        remedy: 'Make the drive writable, or attach it as a CD.',
        field: index === -1 ? undefined : `/disks/${index}/readOnly`,
        fix: index === -1 ? undefined : set('Make it writable', `/disks/${index}/readOnly`, false),
      };
    },
  },
  {
    id: 'no-sound-system',
    pattern: /no default audio driver available/,
    explain: () => ({
      code: 'internal',
      message: 'The board has a sound chip, and QEMU was given nothing to play it on.',
      remedy: 'Start QEMU with -audio none.',
    }),
  },
];
