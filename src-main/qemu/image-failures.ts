// What qemu-img's last words mean.
import { Fault, type FaultData } from '../contract/fault.ts';

type Row = [pattern: RegExp, explain: (image: string) => Omit<FaultData, 'detail'>];

const rows: readonly Row[] = [
  [
    /No space left on device|Disk quota exceeded/,
    () => ({
      code: 'disk-full',
      message: 'There is no room left on the disk for the image.',
      remedy: 'Free some space, or keep the machine elsewhere, then try again. Nothing of the image is left.',
    }),
  ],
  [
    /File too large/,
    () => ({
      code: 'disk-full',
      message: 'The file system cannot hold a file as large as the image.',
      remedy: 'Choose a smaller disk, the qcow2 format, or a library on another file system.',
    }),
  ],
  [
    /Failed to get (?:shared )?"[\w -]+" lock/,
    (image) => ({
      code: 'file-unusable',
      message: `${image} is in use by another program, most likely a running machine.`,
      remedy: 'Stop the machine that has it, then try again.',
    }),
  ],
  [
    /Image is not in \S+ format|Not a .* image|invalid .* (?:header|magic)/i,
    (image) => ({
      code: 'file-unusable',
      message: `${image} is not an image of the format that it is said to have.`,
      remedy: 'Choose the format that it really has, or another file.',
    }),
  ],
  [
    /[Ii]mage is corrupt|refcount|L1|L2 table|error while reading|Input\/output error|too large|too small|truncated/,
    (image) => ({
      code: 'file-unusable',
      message: `${image} is damaged.`,
      remedy: 'Fetch it again, or repair a copy of it: qemu-img check -r all COPY.',
    }),
  ],
  [
    /Could not open .*: Permission denied/,
    (image) => ({
      code: 'file-unusable',
      message: `This user may not open ${image}.`,
      remedy: 'Give this user the right to read it, or choose another file.',
    }),
  ],
  [
    /Could not open .*: No such file or directory/,
    (image) => ({
      code: 'file-unusable',
      message: `${image} is not there.`,
      remedy: 'Put the file back, or choose another one.',
    }),
  ],
  [
    /ENOENT|EACCES/,
    () => ({
      code: 'qemu-missing',
      message: 'qemu-img cannot be started.',
      remedy: 'Look for QEMU again in the settings, or install it again.',
    }),
  ],
];

/** A fault for what qemu-img said about `image`. */
export function imageFault(stderr: string, image: string): Fault {
  const detail = stderr.trim().slice(-2000);
  const row = rows.find(([pattern]) => pattern.test(stderr));
  if (row) return new Fault({ ...row[1](image), detail });
  return new Fault({
    code: 'file-unusable',
    message: `QEMU’s image program could not work with ${image}.`,
    remedy: 'The details hold its reason.',
    detail,
  });
}
