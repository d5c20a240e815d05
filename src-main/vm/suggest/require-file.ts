// A file that the wizard was given must be one.

import path from 'node:path';
import { Fault } from '../../contract/fault.ts';
import type { FileFact } from '../../contract/image.ts';
import { examineFile } from '../file-facts.ts';

const faults = {
  missing: { what: 'is not there (any more)', remedy: 'Choose another file.' },
  directory: { what: 'is a folder', remedy: 'Choose the file inside of it.' },
  device: { what: 'is a device, pipe or socket, and only files can be used', remedy: 'Choose a file.' },
  unreadable: {
    what: 'may not be read by this user',
    remedy: 'Change its permissions, or choose another file.',
  },
} as const;

/** Throws Fault `file-unusable` that names the field. */
export async function requireFile(file: string, field: string): Promise<FileFact> {
  const absolute = path.isAbsolute(file);
  const fact = await examineFile(file, file, { asDisk: false });
  if (absolute && fact.kind === 'file' && fact.sizeBytes > 0) return fact;
  const { what, remedy } =
    fact.kind !== 'file'
      ? faults[fact.kind]
      : absolute
        ? { what: 'is empty', remedy: 'Choose another file.' }
        : { what: 'is not a full path', remedy: 'Give the path from the root on.' };
  throw new Fault({
    code: 'file-unusable',
    message: `${path.basename(file)} ${what}.`,
    remedy,
    field,
    detail: file,
  });
}
