// Imports images one after the other in a process of its own, for a tracer to watch: qemu-img, target, then the images.
import { rm } from 'node:fs/promises';
import { toFaultData } from '../../src-main/contract/fault.ts';
import { importImage } from '../../src-main/images/import.ts';

const [imgPath = '', target = '', ...images] = process.argv.slice(2);
for (const image of images) {
  const answer = await importImage(image, target, { imgPath, format: 'qcow2' }).then(
    () => 'imported',
    (error: unknown) => toFaultData(error).code,
  );
  await rm(target, { force: true });
  process.stdout.write(`${answer}\n`);
}
