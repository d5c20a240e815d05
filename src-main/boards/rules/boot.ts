// Rules about the way in: which boot routes the board has, and what each of them needs.
import type { BootRoute } from '../../contract/board.ts';
import type { Boot } from '../../contract/definition.ts';
import type { Board } from '../board.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

const words: Readonly<Record<Boot['kind'], string>> = {
  uefi: 'UEFI firmware',
  kernel: 'a Linux kernel by -kernel',
  bios: 'a firmware image by -bios',
  pflash: 'parallel flash',
  elf: 'an ELF by -kernel',
  loader: 'the loader list',
  media: 'a boot medium of its own',
};

/** The board's routes that a kind of boot can take. */
export function routesOf(kind: Boot['kind']): readonly BootRoute[] {
  return kind === 'media' ? ['sd', 'mtd'] : [kind];
}

/** Whether the board can start this way. */
export function hasRoute(board: Board, kind: Boot['kind']): boolean {
  return routesOf(kind).some((route) => board.boot.includes(route));
}

function listed(board: Board): string {
  const kinds = (Object.keys(words) as Boot['kind'][]).filter((kind) => hasRoute(board, kind));
  return kinds.map((kind) => words[kind]).join(', ');
}

/** The same file by the nearest route that the board has; undefined when only the user can choose. */
export function otherRoute(board: Board, boot: Boot): Boot | undefined {
  const has = (kind: Boot['kind']) => hasRoute(board, kind);
  switch (boot.kind) {
    case 'bios':
      return has('pflash') ? { kind: 'pflash', code: boot.file } : undefined;
    case 'pflash':
      return has('bios') ? { kind: 'bios', file: boot.code } : undefined;
    case 'kernel':
      return has('elf') ? { kind: 'elf', file: boot.kernel } : undefined;
    case 'elf':
      return has('kernel') ? { kind: 'kernel', kernel: boot.file, cmdline: '' } : undefined;
    case 'uefi':
    case 'media':
    case 'loader':
      return undefined;
  }
}

function routeAbsent({ board, definition }: BoardContext): Finding | undefined {
  const { boot } = definition;
  if (hasRoute(board, boot.kind)) return undefined;
  const other = otherRoute(board, boot);
  return {
    field: '/boot',
    message: `${board.name} does not start from ${words[boot.kind]}. It starts from ${listed(board)}.`,
    ...(other === undefined ? {} : { fix: setTo(`Use ${words[other.kind]}`, '/boot', other) }),
  };
}

function mediaWithout({ board, definition }: BoardContext): Finding | undefined {
  if (definition.boot.kind !== 'media' || !hasRoute(board, 'media')) return undefined;
  const buses = (['sd', 'mtd'] as const).filter((bus) => board.boot.includes(bus));
  if (definition.disks.some(({ bus }) => buses.some((own) => own === bus))) return undefined;
  const medium = { sd: 'an SD card', mtd: 'a flash image' } as const;
  return {
    field: '/disks',
    message: `${board.name} would find nothing to start from: add ${buses.map((bus) => medium[bus]).join(' or ')}.`,
  };
}

function nothingLoaded({ definition }: BoardContext): Finding | undefined {
  if (definition.boot.kind !== 'loader' || definition.loaders.length > 0) return undefined;
  return {
    field: '/loaders',
    message: 'Nothing is loaded: the CPU would run into empty memory. Add an image.',
  };
}

export const bootRules: readonly Rule[] = [
  { id: 'boot-route', severity: 'error', find: routeAbsent },
  { id: 'boot-media', severity: 'error', find: mediaWithout },
  { id: 'boot-nothing-loaded', severity: 'error', find: nothingLoaded },
];
