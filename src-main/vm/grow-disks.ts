// Grows the images that are to have a certain size at the start.

import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { fileFault } from '../qemu/file-faults.ts';
import { resizeChain, virtualSize } from '../qemu/image-upkeep.ts';
import { resolveFile } from './names.ts';
import { imgOf } from './provision.ts';
import type { LayerImage } from './snapshots/layers.ts';

/** `layers`: by disk id, see `Machine.layers`. Throws the `Fault`s of qemu/image-upkeep.ts, with the disk's field. */
export async function growDisks(
  { disks }: VmDefinition,
  { directory, layers }: { directory: string; layers: Readonly<Record<string, LayerImage[]>> },
  qemu: QemuCapabilities,
): Promise<void> {
  for (const [index, { id, file, format, readOnly, growToBytes }] of disks.entries()) {
    if (growToBytes === undefined || readOnly) continue;
    const [top = { path: resolveFile(directory, file), format }, ...below] = layers[id] ?? [];
    const grow = async () => {
      if ((await virtualSize([top])) >= growToBytes) return;
      await resizeChain([top, ...below], growToBytes, { imgPath: imgOf(qemu), shrink: false });
    };
    await grow().catch((error: unknown) => {
      throw fileFault(error, top.path, `/disks/${index}/file`);
    });
  }
}
