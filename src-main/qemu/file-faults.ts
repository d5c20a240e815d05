// What the file system's refusals mean for a file that a VM is to use.
import { Fault, type FaultCode } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';

interface Words {
  code: FaultCode;
  message: string;
  remedy: string;
}

function wordsFor(errno: string | undefined, file: string): Words {
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'file-unusable',
        message: `${file} is not there.`,
        remedy: 'Put the file back, or choose another one.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'file-unusable',
        message: `This user may not use ${file}.`,
        remedy:
          'Give this user the right to read it (and to write it, if the guest shall), or choose another file.',
      };
    case 'EISDIR':
      return {
        code: 'file-unusable',
        message: `${file} is a directory.`,
        remedy: 'Choose a file.',
      };
    case 'EROFS':
      return {
        code: 'file-unusable',
        message: `${file} lies on a file system that is mounted read-only.`,
        remedy: 'Make a copy elsewhere, or use the file read-only.',
      };
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return {
        code: 'disk-full',
        message: `There is no room left on the disk for ${file}.`,
        remedy: 'Free some space there, then try again.',
      };
    default:
      return {
        code: 'file-unusable',
        message: `${file} cannot be used.`,
        remedy: 'The details hold the system’s reason; choose another file if it stays.',
      };
  }
}

/** A `Fault` for a failed use of `file`; one that is a `Fault` already is given back. */
export function fileFault(error: unknown, file: string, field?: string): Fault {
  if (error instanceof Fault) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Fault(
    { ...wordsFor(errnoOf(error), file), detail, ...(field === undefined ? {} : { field }) },
    { cause: error },
  );
}

/** Not a regular file: what it is instead. */
export function notAFile(file: string, kind: 'directory' | 'device', field?: string): Fault {
  const what = kind === 'directory' ? 'a directory' : 'a device, pipe or socket';
  return new Fault({
    code: 'file-unusable',
    message: `${file} is ${what}, not a file.`,
    remedy: 'Choose a file.',
    ...(field === undefined ? {} : { field }),
  });
}

/** `refusals`: phrases of `readImageHeader`, at least one. */
export function imageRefused(file: string, refusals: readonly string[], field?: string): Fault {
  return new Fault({
    code: 'image-refused',
    message: `${file} is not opened: ${refusals[0] ?? ''}.`,
    remedy: 'Make a self-contained copy of it with qemu-img convert where you trust it, and use the copy.',
    detail: refusals.join('\n'),
    ...(field === undefined ? {} : { field }),
  });
}
