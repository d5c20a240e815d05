// Refit of the way in: a boot route that the board has, its own device tree, its own console.
import type { Boot, VmDefinition } from '../../contract/definition.ts';
import type { Board } from '../board.ts';
import { consolesOf, knownUart, withConsole } from '../cmdline.ts';
import { hasRoute, otherRoute } from '../rules/boot.ts';
import { type Step, type Target, unchanged } from './step.ts';

const words: Readonly<Record<Boot['kind'], string>> = {
  uefi: 'UEFI',
  kernel: 'Linux kernel',
  bios: 'firmware image',
  pflash: 'parallel flash',
  elf: 'ELF',
  loader: 'loader list',
  media: 'boot medium',
};

function mainFile(boot: Boot): string | undefined {
  switch (boot.kind) {
    case 'kernel':
      return boot.kernel;
    case 'bios':
    case 'elf':
      return boot.file;
    case 'pflash':
      return boot.code;
    case 'uefi':
    case 'loader':
    case 'media':
      return undefined;
  }
}

/** The file that there is, by whatever route the board has for one. */
function anyFileRoute(board: Board, file: string): Boot | undefined {
  const routes: readonly Boot[] = [
    { kind: 'kernel', kernel: file, cmdline: '' },
    { kind: 'elf', file },
    { kind: 'bios', file },
    { kind: 'pflash', code: file },
  ];
  return routes.find(({ kind }) => hasRoute(board, kind));
}

/** Routes that need no file yet, the most useful one first. */
function emptyRoute(board: Board): Boot | undefined {
  const routes: readonly Boot[] = [{ kind: 'uefi' }, { kind: 'media' }, { kind: 'loader' }];
  return routes.find(({ kind }) => hasRoute(board, kind));
}

function fittingRoute(board: Board, boot: Boot): Boot | undefined {
  if (hasRoute(board, boot.kind)) return boot;
  const file = mainFile(boot);
  const withFile = file === undefined ? undefined : (otherRoute(board, boot) ?? anyFileRoute(board, file));
  return withFile ?? emptyRoute(board);
}

/** A device tree describes one board; one given to a board that makes its own was meant for the board to come. */
function keepsTree(board: Board, from: Board | undefined): boolean {
  if (from?.name === board.name) return true;
  return board.deviceTree !== 'made' && from?.deviceTree === 'made';
}

export const refitBoot: Step = (definition, { board, from }) => {
  const { boot } = definition;
  const fitting = fittingRoute(board, boot);
  if (fitting === undefined) return unchanged(definition);
  if (fitting !== boot) {
    return {
      definition: { ...definition, boot: fitting },
      changes: [
        {
          field: '/boot',
          from: words[boot.kind],
          to: words[fitting.kind],
          why: `${board.name} does not start from ${words[boot.kind]}.`,
        },
      ],
    };
  }
  if (boot.kind !== 'kernel' || boot.dtb === undefined || keepsTree(board, from))
    return unchanged(definition);
  const { dtb, ...rest } = boot;
  return {
    definition: { ...definition, boot: rest },
    changes: [
      {
        field: '/boot/dtb',
        from: dtb,
        to: 'none',
        why: `The device tree describes ${from?.name ?? 'another board'}, not ${board.name}.`,
      },
    ],
  };
};

function mainConsole(board: Board): string | undefined {
  return board.uarts[board.consoleUart ?? 0]?.guestName;
}

/** A console of this board that the machine shows, and that is not only a name which the board before used too. */
function isChosenConsole(name: string, uarts: number, { board, from }: Target): boolean {
  if (knownUart(name, board.uarts.slice(0, uarts)) === undefined) return false;
  if (name === mainConsole(board) || from === undefined || from.name === board.name) return true;
  return name !== mainConsole(from);
}

/** Runs after the UARTs are settled. */
export const refitConsole: Step = (definition, target) => {
  const { board } = target;
  const { boot } = definition;
  const main = mainConsole(board);
  if (boot.kind !== 'kernel' || main === undefined) return unchanged(definition);
  if (consolesOf(boot.cmdline).some((name) => isChosenConsole(name, definition.uarts, target))) {
    return unchanged(definition);
  }
  const cmdline = withConsole(boot.cmdline, main);
  const next: VmDefinition = { ...definition, boot: { ...boot, cmdline } };
  return {
    definition: next,
    changes: [
      {
        field: '/boot/cmdline',
        from: boot.cmdline,
        to: cmdline,
        why: `The console of ${board.name} is ${main}.`,
      },
    ],
  };
};
