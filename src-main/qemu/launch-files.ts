// A last look at every file of a definition before QEMU opens it.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { namedFiles } from '../boards/rules/files.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { fileFault, imageRefused, notAFile } from './file-faults.ts';
import { readImageHeader } from './image-header.ts';
import type { LaunchImage } from './launch.ts';

/** Throws `Fault` file-unusable for one that is missing, not a regular file, or closed to this user. */
async function checkFile(file: string, field: string, writable: boolean): Promise<void> {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw notAFile(file, facts.isDirectory() ? 'directory' : 'device', field);
    await access(file, writable ? constants.R_OK | constants.W_OK : constants.R_OK);
  } catch (error) {
    throw fileFault(error, file, field);
  }
}

/** Throws `Fault` image-refused for a disk that would make QEMU open other files, or is not what it is said to be. */
async function checkQcow2(file: string, field: string): Promise<void> {
  const { format, refusals } = await readImageHeader(file);
  if (format !== 'qcow2') {
    throw new Fault({
      code: 'file-unusable',
      message: `${file} is not a qcow2 image.`,
      remedy: 'Choose the format that it really has, or another image.',
      field,
    });
  }
  if (refusals.length > 0) throw imageRefused(file, refusals, field);
}

/** Layers are the VM's own: their headers name what they build on, and QEMU is told what that is. */
async function checkLayers([top, ...below]: readonly LaunchImage[], field: string): Promise<void> {
  if (top) await checkFile(top.path, field, true);
  for (const { path: file } of below) await checkFile(file, field, false);
}

/** Throws a `Fault` for the first file that QEMU could not use, or must not open. `layers`: by disk id. */
export async function checkFiles(
  definition: VmDefinition,
  vmDirectory: string,
  layers: Readonly<Record<string, LaunchImage[]>>,
): Promise<void> {
  for (const { file: name, field } of namedFiles(definition)) {
    const file = path.resolve(vmDirectory, name);
    const disk = definition.disks.find((_disk, index) => field === `/disks/${index}/file`);
    const own = disk && layers[disk.id];
    if (own) {
      await checkLayers(own, field);
      continue;
    }
    const isWritten = disk ? !disk.readOnly && disk.media === 'disk' : field === '/boot/vars';
    await checkFile(file, field, isWritten);
    if (disk?.format === 'qcow2') await checkQcow2(file, field);
  }
}
