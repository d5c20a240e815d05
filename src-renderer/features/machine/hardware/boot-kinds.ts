// The kinds of boot as choices, and an empty one of each.
import type { BootRoute } from '../../../../src-main/contract/board.ts';
import type { Boot } from '../../../../src-main/contract/definition.ts';

interface BootKind {
  kind: Boot['kind'];
  label: string;
  note: string;
  /** The board offers the kind when it has one of these. */
  routes: readonly BootRoute[];
}

export const bootKinds: readonly BootKind[] = [
  {
    kind: 'uefi',
    label: 'UEFI firmware',
    note: 'Then what the disks hold, in their boot order.',
    routes: ['uefi'],
  },
  {
    kind: 'kernel',
    label: 'Linux kernel',
    note: 'Loaded by QEMU with its initial RAM disk.',
    routes: ['kernel'],
  },
  { kind: 'bios', label: 'Firmware image', note: 'Placed where the CPU starts (-bios).', routes: ['bios'] },
  {
    kind: 'pflash',
    label: 'Firmware in parallel flash',
    note: 'As the board’s flash chip holds it.',
    routes: ['pflash'],
  },
  { kind: 'elf', label: 'Bare-metal ELF', note: 'Started at its entry (-kernel).', routes: ['elf'] },
  {
    kind: 'loader',
    label: 'Loaded files only',
    note: 'The list below says where each goes.',
    routes: ['loader'],
  },
  { kind: 'media', label: 'The board’s own media', note: 'SD card or flash memory.', routes: ['sd', 'mtd'] },
];

export function newBoot(kind: Boot['kind']): Boot {
  switch (kind) {
    case 'uefi':
    case 'loader':
    case 'media':
      return { kind };
    case 'kernel':
      return { kind, kernel: '', cmdline: '' };
    case 'bios':
    case 'elf':
      return { kind, file: '' };
    case 'pflash':
      return { kind, code: '' };
  }
}

/** With an optional file set, or left out when the path is empty. */
export function withBootFile<Kind extends Boot, Name extends 'initrd' | 'dtb' | 'vars'>(
  boot: Kind,
  name: Name,
  path: string,
): Kind {
  const { [name]: _before, ...others } = boot as Kind & Partial<Record<Name, string>>;
  return (path === '' ? others : { ...others, [name]: path }) as Kind;
}
