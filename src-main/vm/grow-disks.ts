// Grows the images that are to have a certain size at the start.
import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { fileFault } from '../qemu/file-faults.ts';
import { growImage } from '../qemu/image.ts';
import { resolveFile } from './names.ts';
import { imgOf } from './provision.ts';

/** Throws the `Fault`s of qemu/image.ts, with the disk's field. */
export async function growDisks(
  { disks }: VmDefinition,
  vmDirectory: string,
  qemu: QemuCapabilities,
): Promise<void> {
  for (const [index, { file, format, readOnly, growToBytes }] of disks.entries()) {
    if (growToBytes === undefined || readOnly) continue;
    const image = resolveFile(vmDirectory, file);
    await growImage(image, growToBytes, { format, imgPath: imgOf(qemu) }).catch((error: unknown) => {
      throw fileFault(error, image, `/disks/${index}/file`);
    });
  }
}
