// An installer from an ISO, and a disk that has an operating system already: both start by UEFI.
import type { Disk } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { type DiskImageInfo, imageSentence } from '../../contract/image.ts';
import type { Suggestion, WizardSource } from '../../contract/vm.ts';
import { inspectImage } from '../../qemu/image.ts';
import { newDiskFile } from '../names.ts';
import { beginSuggestion, type SuggestContext, type Wishes } from './base.ts';
import { requireFile } from './require-file.ts';

type IsoSource = Extract<WizardSource, { kind: 'iso' }>;
type DiskSource = Extract<WizardSource, { kind: 'disk' }>;

const diskId = 'disk0';
const GiB = 1024 ** 3;

const fastCpu = {
  model: 'cortex-a76',
  why: 'cortex-a76: what QEMU emulates fastest of what current systems ask for. Take cortex-a72 for one from before 2020.',
};
const oldCpu = {
  model: 'cortex-a72',
  why: 'cortex-a72: this system is older than the extensions of newer CPUs.',
};

/** Systems whose kernels (before 4.19) stop in silence on CPUs with large physical addresses. */
const oldSystems = /centos[ -_]?7|ubuntu[ -_]?1[46]|debian[ -_]?[789]\b/i;

export async function suggestIso(
  source: IsoSource,
  context: SuggestContext,
  name: string,
): Promise<Suggestion> {
  const { header } = await requireFile(source.iso, '/disks/1/file');
  const volume = header?.type === 'iso9660' ? header.volume : '';
  const cpu = oldSystems.test(`${volume} ${source.iso}`) ? oldCpu : fastCpu;
  const { definition, reasons } = beginSuggestion(uefiWishes('iso', name, cpu), context);
  const disk: Disk = {
    id: diskId,
    file: newDiskFile(diskId, 'qcow2'),
    format: 'qcow2',
    media: 'disk',
    bus: 'virtio',
    readOnly: false,
    bootIndex: 0,
  };
  const cdrom: Disk = {
    id: 'cdrom0',
    file: source.iso,
    format: 'raw',
    media: 'cdrom',
    bus: 'scsi',
    readOnly: true,
    bootIndex: 1,
  };
  return {
    request: {
      definition: { ...definition, disks: [disk, cdrom] },
      provisions: [{ kind: 'new-disk', diskId, sizeBytes: source.diskBytes }],
    },
    reasons: {
      ...reasons,
      '/boot': 'UEFI firmware, as installers for ARM expect it.',
      '/disks/0/file': `A new disk of ${Math.round(source.diskBytes / GiB)} GiB that takes room only as it fills.`,
      '/disks/0/bootIndex':
        'The disk comes first: while it is empty the installer starts, afterwards the installed system.',
      '/disks/1/bus': 'SCSI: firmware and installers alike find a CD there.',
    },
  };
}

export async function suggestDisk(
  source: DiskSource,
  context: SuggestContext,
  name: string,
): Promise<Suggestion> {
  const { header } = await requireFile(source.image, '/disks/0/file');
  const info = await inspectImage(source.image, context.qemu.imgPath);
  if (info.refusals.length > 0) throw refused(info);
  const { format, why } = header?.type === 'compressed' ? packedFormat(source) : settleFormat(source, info);
  const { definition, reasons } = beginSuggestion(
    uefiWishes('disk', name, oldSystems.test(source.image) ? oldCpu : fastCpu),
    context,
  );
  const copy = source.use === 'copy';
  const disk: Disk = {
    id: diskId,
    file: copy ? newDiskFile(diskId, format) : source.image,
    format,
    media: 'disk',
    bus: 'virtio',
    readOnly: false,
    bootIndex: 0,
  };
  return {
    request: {
      definition: { ...definition, disks: [disk] },
      provisions: copy ? [{ kind: 'copy-disk', diskId, from: source.image }] : [],
    },
    reasons: {
      ...reasons,
      '/boot': 'UEFI firmware, as disk images for ARM expect it.',
      '/disks/0/file': copy
        ? 'A copy: the image you chose stays as it is.'
        : 'Used in place: the VM changes the image you chose.',
      '/disks/0/format': why,
    },
  };
}

function uefiWishes(origin: 'iso' | 'disk', name: string, cpu: Wishes['cpu']): Wishes {
  return { origin, name, boot: { kind: 'uefi' }, memoryMiB: 2048, vcpus: 2, bits: 64, cpu, network: 'ssh' };
}

/** What it holds is known when it is unpacked. */
function packedFormat({ use, format = 'qcow2' }: DiskSource): { format: 'qcow2' | 'raw'; why: string } {
  if (use === 'copy') return { format, why: `${format}, whatever is in the packed file.` };
  throw new Fault({
    code: 'file-unusable',
    message: 'The image is packed: a VM cannot use it where it is.',
    remedy: 'Let Armoire make a copy, or unpack it first.',
    field: '/disks/0/file',
  });
}

/** A format that the header does not prove is the user's to say. */
function settleFormat(source: DiskSource, info: DiskImageInfo): { format: 'qcow2' | 'raw'; why: string } {
  const { format: said, use } = source;
  if (use === 'copy' && info.format !== 'qcow2' && info.format !== 'raw') {
    return {
      format: said ?? 'qcow2',
      why: `A copy in the format ${said ?? 'qcow2'} is made of the ${info.format} image.`,
    };
  }
  if (info.format !== 'qcow2' && info.format !== 'raw' && said !== 'raw') {
    throw new Fault({
      code: 'image-refused',
      message: `This is a ${info.format} image; a VM can use qcow2 and raw images.`,
      remedy: 'Let Armoire make a copy of it, in the format qcow2.',
      field: '/disks/0/format',
    });
  }
  if (said === 'qcow2' && info.format !== 'qcow2') {
    throw new Fault({
      code: 'file-unusable',
      message: 'This is not a qcow2 image: its header says something else.',
      remedy: 'Choose raw if that is what it is, or another file.',
      field: '/disks/0/format',
    });
  }
  if (said !== undefined) return { format: said, why: `${said}, as you said.` };
  if (info.format === 'qcow2') return { format: 'qcow2', why: 'Its header says qcow2.' };
  if (info.doubts.length === 0)
    return { format: 'raw', why: 'It begins with a partition table, as a raw disk does.' };
  throw new Fault({
    code: 'bad-input',
    message: `It is not certain what this image is. ${imageSentence(info.doubts)}`,
    remedy: 'Say that its format is raw if you know that it is.',
    field: '/disks/0/format',
  });
}

function refused(info: DiskImageInfo): Fault {
  return new Fault({
    code: 'image-refused',
    message: `Armoire does not open this image. ${imageSentence(info.refusals)}`,
    remedy: 'Use an image that stands by itself: qemu-img convert makes one, where you trust the image.',
    field: '/disks/0/file',
  });
}
