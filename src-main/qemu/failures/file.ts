// Failures about files: kernels, firmware, images that are not there, not what they should be, or in use.
import { namedFiles } from '../../boards/rules/files.ts';
import type { VmDefinition } from '../../contract/definition.ts';
import { diskField, type Explanation, type FailureRow, group, set } from './row.ts';

/** The field that names this file; QEMU says the whole path, the definition may have it relative to the VM. */
function fieldOfFile(path: string, definition: VmDefinition): string | undefined {
  return namedFiles(definition).find(({ file }) => path === file || path.endsWith(`/${file}`))?.field;
}

/** A `-blockdev` in QEMU's words: its node's name is the disk's id. */
function fieldOfNode(words: string, definition: VmDefinition): string | undefined {
  const node = /"node-name":"([^".]+)(?:\.[^"]*)?"/.exec(words)?.[1];
  if (node === 'pflash') return '/boot';
  return node === undefined ? undefined : diskField(definition, node, 'file');
}

const errnoWords: readonly [RegExp, (path: string) => Explanation][] = [
  [
    /No such file or directory/,
    (path) => ({ message: `${path} is not there.`, remedy: 'Put the file back, or choose another one.' }),
  ],
  [
    /Permission denied|Operation not permitted/,
    (path) => ({
      message: `This user may not open ${path}.`,
      remedy:
        'Give this user the right to read it (and to write it, if the guest shall), or choose another file.',
    }),
  ],
  [/Is a directory/, (path) => ({ message: `${path} is a directory.`, remedy: 'Choose a file.' })],
  [
    /Read-only file system/,
    (path) => ({
      message: `${path} lies on a file system that is mounted read-only.`,
      remedy: 'Make a copy elsewhere, or use the drive read-only.',
    }),
  ],
  [
    /No space left on device|Disk quota exceeded/,
    (path) => ({
      code: 'disk-full',
      message: `There is no room left on the disk for ${path}.`,
      remedy: 'Free some space there, then start again.',
    }),
  ],
];

function cannotOpen(path: string, reason: string): Explanation {
  const known = errnoWords.find(([pattern]) => pattern.test(reason));
  const unknown = { message: `QEMU cannot open ${path}.`, remedy: 'The details hold the system’s reason.' };
  return { code: 'file-unusable', ...(known ? known[1](path) : unknown) };
}

function unloadable(what: string, path: string, definition: VmDefinition): Explanation {
  return {
    code: 'file-unusable',
    message: `${what} ${path} cannot be loaded: it is not there, not readable, or not what it should be.`,
    remedy: 'Choose another file.',
    field: fieldOfFile(path, definition),
  };
}

export const fileFailures: readonly FailureRow[] = [
  {
    id: 'image-in-use',
    pattern:
      /^(.*)Failed to get (?:shared )?"[\w -]+" lock(?:\n.*Is another process using the image \[(.+)\]\?)?/m,
    explain: (match, definition) => {
      const path = group(match, 2);
      return {
        code: 'file-unusable',
        message: `${path === '' ? 'The image' : path} is in use by another program, most likely another running machine.`,
        remedy: 'Stop the machine that has it, or use a copy.',
        field: fieldOfNode(group(match, 1), definition) ?? fieldOfFile(path, definition),
      };
    },
  },
  {
    id: 'image-format',
    pattern: /^(.*)Image is not in (\S+) format/m,
    explain: (match, definition) => {
      const field = fieldOfNode(group(match, 1), definition);
      return {
        code: 'file-unusable',
        message: `The image is not in the format ${group(match, 2)} that it is said to have.`,
        remedy: 'Set the format that it really has.',
        field,
        fix:
          field === undefined || group(match, 2) !== 'qcow2'
            ? undefined
            : set('Use it as raw', field.replace(/file$/, 'format'), 'raw'),
      };
    },
  },
  {
    id: 'image-corrupt',
    pattern: /^(.*)Image is corrupt; cannot be opened read\/write/m,
    explain: (match, definition) => ({
      code: 'file-unusable',
      message: 'The image is marked as corrupt: QEMU will not write to it before it is repaired.',
      remedy: 'Make a copy of it, then repair it: qemu-img check -r all IMAGE.',
      field: fieldOfNode(group(match, 1), definition),
    }),
  },
  {
    id: 'backing-file',
    pattern: /^(.*)Could not open backing file/m,
    explain: (match, definition) => ({
      code: 'file-unusable',
      message: 'The image is based on another one, which is not there any more.',
      remedy: 'Put the other image back where it was, or use a self-contained copy.',
      field: fieldOfNode(group(match, 1), definition),
    }),
  },
  {
    id: 'kernel-architecture',
    pattern: /Couldn't load elf '(.+)': The image is from incompatible architecture/,
    explain: (match, definition) => ({
      code: 'file-unusable',
      message: `${group(match, 1)} is a program for another kind of CPU than ${definition.cpu}.`,
      remedy: 'Choose a program for this CPU, or a CPU for this program.',
      field: fieldOfFile(group(match, 1), definition),
    }),
  },
  {
    id: 'kernel-too-large',
    pattern: /kernel '(.+)' is too large to fit in RAM \(kernel size (\d+), RAM size (\d+)\)/,
    explain: (match) => {
      const needed = Math.ceil(Number(group(match, 2)) / 1024 ** 2) * 2;
      return {
        message: `The kernel ${group(match, 1)} is larger than the machine’s RAM.`,
        remedy: `Give the machine more RAM, such as ${needed} MiB.`,
        field: '/memoryMiB',
        fix: set(`Use ${needed} MiB`, '/memoryMiB', needed),
      };
    },
  },
  {
    id: 'ram-too-small-for-files',
    pattern:
      /Not enough space for DTB after kernel|not enough space after kernel to load initrd|could not load initrd '.+': too big/,
    explain: (_match, { memoryMiB }) => {
      const more = Math.max(512, memoryMiB * 2);
      return {
        message: `Kernel, initial RAM disk and device tree do not fit into ${memoryMiB} MiB of RAM.`,
        remedy: `Give the machine more RAM, such as ${more} MiB.`,
        field: '/memoryMiB',
        fix: set(`Use ${more} MiB`, '/memoryMiB', more),
      };
    },
  },
  {
    id: 'kernel',
    // M-profile boards write it with a capital.
    pattern: /[Cc]ould not load kernel '(.+)'/,
    explain: (match, definition) => unloadable('The kernel', group(match, 1), definition),
  },
  {
    id: 'initrd',
    pattern: /could not load initrd '(.+)'/,
    explain: (match, definition) => unloadable('The initrd', group(match, 1), definition),
  },
  {
    id: 'device-tree',
    pattern:
      /Couldn't open dtb file (.+)|could not load (?:dtb|device tree).*'(.+)'|Unable to (?:copy|open) device tree.*/i,
    explain: (match, definition) =>
      unloadable('The device tree', group(match, 1) || group(match, 2), definition),
  },
  {
    id: 'firmware',
    pattern:
      /(?:Could(?:n't| not) (?:find|load) (?:ROM|rom) image|[Cc]ould not load ROM image|[Cc]ould not find firmware) '(.+)'/,
    explain: (match, definition) => unloadable('The firmware', group(match, 1), definition),
  },
  {
    id: 'nothing-to-start',
    pattern: /Kernel or Flash image must be specified|Guest image must be specified|No bios or kernel image/i,
    explain: (_match, { machine }) => ({
      message: `The board ${machine} has nothing to start: QEMU wants a kernel or firmware for it.`,
      remedy: 'Choose a kernel or firmware.',
      field: '/boot',
    }),
  },
  {
    id: 'loader-image',
    // Since 11.1 the reason follows.
    pattern: /Cannot load specified image (.+?)(?:: Could not open .*)?$/m,
    explain: (match, definition) => unloadable('The image', group(match, 1), definition),
  },
  {
    id: 'loader-core',
    pattern: /Specified boot CPU#(\d+) is nonexistent/,
    explain: (match, { loaders }) => {
      const core = Number(group(match, 1));
      const index = loaders.findIndex((loader) => loader.core === core);
      const field = index === -1 ? undefined : `/loaders/${index}/core`;
      return {
        message: `An image is to start on core ${core}, which the machine does not have.`,
        remedy: 'Choose a core of the machine (the first is 0), or give it more cores.',
        field,
        fix: field === undefined ? undefined : set('Start on core 0', field, 0),
      };
    },
  },
  {
    id: 'loads-overlap',
    pattern: /Some ROM regions are overlapping|rom: requested regions overlap/,
    explain: () => ({
      message: 'Two of the loaded files would lie at the same addresses.',
      remedy: 'Load one of them elsewhere; the details name the addresses.',
      field: '/loaders',
    }),
  },
  {
    id: 'file-not-opened',
    pattern: /Could not open '(.+?)': (.+)/,
    explain: (match, definition) => ({
      ...cannotOpen(group(match, 1), group(match, 2)),
      field: fieldOfFile(group(match, 1), definition),
    }),
  },
  {
    id: 'disk-full',
    pattern: /No space left on device|Disk quota exceeded/,
    explain: () => ({
      code: 'disk-full',
      message: 'There is no room left on a disk that QEMU writes to.',
      remedy: 'Free some space, then start again.',
    }),
  },
];
