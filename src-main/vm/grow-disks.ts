// Grows the images that are to have a certain size at the start.
import type { QemuCapabilities } from '../contract/qemu.ts';
import { fileFault } from '../qemu/file-faults.ts';
import { growImage } from '../qemu/image.ts';
import type { VmDocument } from './document.ts';
import { resolveFile } from './names.ts';
import { imgOf } from './provision.ts';

/** Throws the `Fault`s of qemu/image.ts, with the disk's field. */
export async function growDisks(
  { definition: { disks }, present }: Pick<VmDocument, 'definition' | 'present'>,
  vmDirectory: string,
  qemu: QemuCapabilities,
): Promise<void> {
  for (const [index, { id, file, format, readOnly, growToBytes }] of disks.entries()) {
    if (growToBytes === undefined || readOnly) continue;
    const layer = present.layers[id]?.of === file ? present.layers[id] : { file, format };
    const image = resolveFile(vmDirectory, layer.file);
    await growImage(image, growToBytes, { format: layer.format, imgPath: imgOf(qemu) }).catch(
      (error: unknown) => {
        throw fileFault(error, image, `/disks/${index}/file`);
      },
    );
  }
}
