// Rules about files that the definition names: there, a file, readable, not in use.
import type { VmDefinition } from '../../contract/definition.ts';
import type { FileFact } from '../../contract/image.ts';
import { type CheckContext, type Finding, fileName, type Rule, removeAt, setTo } from '../rule.ts';
import { canBeReadOnly } from './disks.ts';

interface NamedFile {
  file: string;
  field: string;
  /** The definition is still whole without it. */
  optional: boolean;
}

function bootFiles({ boot }: VmDefinition): NamedFile[] {
  const named = (name: string, file: string | undefined, optional = false): NamedFile[] =>
    file === undefined ? [] : [{ file, field: `/boot/${name}`, optional }];
  switch (boot.kind) {
    case 'kernel':
      return [
        ...named('kernel', boot.kernel),
        ...named('initrd', boot.initrd, true),
        ...named('dtb', boot.dtb, true),
      ];
    case 'bios':
    case 'elf':
      return named('file', boot.file);
    case 'pflash':
      return [...named('code', boot.code), ...named('vars', boot.vars, true)];
    case 'uefi':
    case 'loader':
    case 'media':
      return [];
  }
}

/** Every file of the definition, with the field that names it. */
export function namedFiles(definition: VmDefinition): NamedFile[] {
  return [
    ...bootFiles(definition),
    ...definition.loaders.map(({ file }, index) => ({
      file,
      field: `/loaders/${index}/file`,
      optional: false,
    })),
    ...definition.disks.map(({ file }, index) => ({ file, field: `/disks/${index}/file`, optional: false })),
  ];
}

function about(kind: FileFact['kind'], say: (name: string) => string) {
  return ({ definition, facts }: CheckContext): Finding[] =>
    namedFiles(definition)
      .filter(({ file }) => facts.files.get(file)?.kind === kind)
      .map(({ file, field, optional }) => ({
        field,
        message: say(fileName(file)),
        ...(optional ? { fix: removeAt('Leave it out', field) } : {}),
      }));
}

function empty({ definition, facts }: CheckContext): Finding[] {
  return namedFiles(definition)
    .filter(({ file }) => {
      const fact = facts.files.get(file);
      return fact?.kind === 'file' && fact.sizeBytes === 0;
    })
    .map(({ file, field }) => ({
      field,
      message: `${fileName(file)} is empty: there is nothing to start from.`,
    }));
}

function readOnlyDisk({ definition, facts }: CheckContext): Finding[] {
  return definition.disks.flatMap((disk, index) => {
    const fact = facts.files.get(disk.file);
    if (disk.readOnly || fact?.kind !== 'file' || fact.writable) return [];
    return {
      field: `/disks/${index}/readOnly`,
      message: `You may not write to ${fileName(disk.file)}; QEMU refuses to open it for writing.`,
      ...(canBeReadOnly(disk) ? { fix: setTo('Open it read-only', `/disks/${index}/readOnly`, true) } : {}),
    };
  });
}

export const fileRules: readonly Rule<CheckContext>[] = [
  {
    id: 'file-missing',
    severity: 'error',
    find: about('missing', (name) => `${name} is not there (any more).`),
  },
  {
    id: 'file-directory',
    severity: 'error',
    find: about('directory', (name) => `${name} is a folder; QEMU needs a file.`),
  },
  {
    id: 'file-device',
    severity: 'error',
    find: about(
      'device',
      (name) => `${name} is a device, pipe or socket of this computer; Armoire gives guests files only.`,
    ),
  },
  {
    id: 'file-unreadable',
    severity: 'error',
    find: about('unreadable', (name) => `You may not read ${name}, so QEMU cannot either.`),
  },
  { id: 'file-empty', severity: 'error', find: empty },
  { id: 'file-read-only', severity: 'error', find: readOnlyDisk },
];
