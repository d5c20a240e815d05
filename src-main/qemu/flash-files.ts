// Files for the flash memory of a board: as large as the flash, the variables one's own for each VM.
import { mkdir, rename, rm, stat, truncate, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { syncDirectory, temporarySuffix } from '../lib/atomic-write.ts';
import { unlessMissing } from '../lib/errno.ts';
import { sparseCopy } from '../lib/sparse-copy.ts';
import { fileFault } from './file-faults.ts';
import type { LaunchFirmware, LaunchImage } from './launch.ts';

/** In a VM's directory. The variables belong to the VM and a clone copies them; the padded code can be made again. */
const directoryName = 'firmware';
const extension = { raw: 'fd', qcow2: 'qcow2' } as const;

export function variablesFile(vmDirectory: string, format: LaunchImage['format']): string {
  return path.join(vmDirectory, directoryName, `vars.${extension[format]}`);
}

const paddedCodeFile = (vmDirectory: string) => path.join(vmDirectory, directoryName, 'code.padded.fd');

const MiB = 1024 * 1024;

function isInside(directory: string, file: string): boolean {
  const relative = path.relative(directory, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

function tooLarge(file: string, sizeBytes: number, flashBytes: number, field: string): Fault {
  return new Fault({
    code: 'file-unusable',
    message: `${file} has ${sizeBytes} bytes, and the flash of this board holds ${flashBytes} (${flashBytes / MiB} MiB).`,
    remedy: 'Choose an image for the flash of this board, or start it in another way.',
    field,
  });
}

/** Appears under its name only when whole; `from`'s time of change stays with it. */
async function makeCopy(
  from: string,
  to: string,
  sizeBytes: number | undefined,
  field: string,
): Promise<void> {
  const temporary = `${to}${temporarySuffix}`;
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await rm(temporary, { force: true });
    const { atime, mtime } = await stat(from);
    await sparseCopy(from, temporary);
    if (sizeBytes !== undefined) await truncate(temporary, sizeBytes);
    await utimes(temporary, atime, mtime);
    await rename(temporary, to);
    await syncDirectory(path.dirname(to));
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileFault(error, from, field);
  }
}

/** The variables that the VM has, in whatever format its first firmware had them. */
async function existingVariables(vmDirectory: string): Promise<LaunchImage | undefined> {
  for (const format of ['raw', 'qcow2'] as const) {
    const file = variablesFile(vmDirectory, format);
    if (await unlessMissing(stat(file))) return { path: file, format };
  }
  return undefined;
}

async function ownVariables(
  vars: LaunchImage,
  template: LaunchImage,
  vmDirectory: string,
  flashBytes: number | undefined,
): Promise<LaunchImage> {
  const existing = await existingVariables(vmDirectory);
  if (existing) return fittingVariables(existing, vmDirectory, flashBytes);
  const size = template.format === 'raw' ? flashBytes : undefined;
  await makeCopy(template.path, vars.path, size, '/boot');
  return vars;
}

/** A file of the VM's own that is too short is lengthened; one of the user's is not touched. */
async function fittingVariables(
  vars: LaunchImage,
  vmDirectory: string,
  flashBytes: number | undefined,
): Promise<LaunchImage> {
  if (flashBytes === undefined || vars.format !== 'raw') return vars;
  const { size } = await stat(vars.path);
  if (size > flashBytes) throw tooLarge(vars.path, size, flashBytes, '/boot/vars');
  if (size === flashBytes) return vars;
  if (isInside(vmDirectory, vars.path)) {
    await truncate(vars.path, flashBytes).catch((error: unknown) => {
      throw fileFault(error, vars.path, '/boot/vars');
    });
    return vars;
  }
  throw new Fault({
    code: 'file-unusable',
    message: `${vars.path} has ${size} bytes, and the flash of this board takes a file of exactly ${flashBytes}.`,
    remedy: `Lengthen it with zeros: truncate -s ${flashBytes} FILE.`,
    field: '/boot/vars',
  });
}

/** Code that is shorter than the flash is used through a padded copy, made again whenever the original has changed. */
async function fittingCode(
  code: LaunchImage,
  vmDirectory: string,
  flashBytes: number | undefined,
): Promise<LaunchImage> {
  if (flashBytes === undefined || code.format !== 'raw') return code;
  const original = await stat(code.path).catch((error: unknown) => {
    throw fileFault(error, code.path, '/boot/code');
  });
  if (original.size > flashBytes) throw tooLarge(code.path, original.size, flashBytes, '/boot/code');
  if (original.size === flashBytes) return code;
  const padded = paddedCodeFile(vmDirectory);
  const copy = await unlessMissing(stat(padded));
  // Whole seconds: not every file system keeps more.
  const sameTime = copy && Math.floor(copy.mtimeMs / 1000) === Math.floor(original.mtimeMs / 1000);
  if (!sameTime || copy.size !== flashBytes) await makeCopy(code.path, padded, flashBytes, '/boot/code');
  return { path: padded, format: 'raw' };
}

/**
 * Makes the files of `firmware` ready. `flashBytes`: what each must have, where the board insists.
 * Throws a `Fault` for a file that is missing, too large, or cannot be made.
 */
export async function prepareFirmware(
  firmware: LaunchFirmware,
  vmDirectory: string,
  flashBytes: number | undefined,
): Promise<LaunchFirmware> {
  if (firmware.mapping === 'memory') return firmware;
  const code = await fittingCode(firmware.code, vmDirectory, flashBytes);
  const { vars, varsTemplate } = firmware;
  if (!vars) return { ...firmware, code };
  const ready = varsTemplate
    ? await ownVariables(vars, varsTemplate, vmDirectory, flashBytes)
    : await fittingVariables(vars, vmDirectory, flashBytes);
  return { ...firmware, code, vars: ready };
}
