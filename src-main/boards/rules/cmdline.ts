// Rules about the kernel's console: named, and a UART that this VM shows.
import { consolesOf, knownUart, withConsole } from '../cmdline.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

const field = '/boot/cmdline';

/** The kernel's name for the UART that the board's software prints on; undefined where no Linux runs. */
function mainConsole({ board }: BoardContext): string | undefined {
  return board.uarts[board.consoleUart ?? 0]?.guestName;
}

function unnamed(context: BoardContext, byDeviceTree: boolean): Finding | undefined {
  const { board, definition } = context;
  const main = mainConsole(context);
  if (definition.boot.kind !== 'kernel' || main === undefined) return undefined;
  if (consolesOf(definition.boot.cmdline).length > 0) return undefined;
  if ((board.deviceTree === 'made') !== byDeviceTree) return undefined;
  return {
    field,
    message: byDeviceTree
      ? `No console= is given: most kernels find ${main} in the device tree, but only naming it makes sure.`
      : `No console= is given: the kernel may well print nothing. The board’s console is ${main}.`,
    fix: setTo(`Add console=${main}`, field, withConsole(definition.boot.cmdline, main)),
  };
}

/** The first UART of those that the kernel is told to print on, when the machine does not show it. */
function hiddenUart({ board, definition }: BoardContext, consoles: readonly string[]): number | undefined {
  const shown = board.uarts.slice(0, definition.uarts);
  if (consoles.some((name) => knownUart(name, shown) !== undefined)) return undefined;
  return consoles.map((name) => knownUart(name, board.uarts)).find((index) => index !== undefined);
}

function hidden(context: BoardContext): Finding | undefined {
  const { board, definition } = context;
  if (definition.boot.kind !== 'kernel') return undefined;
  const index = hiddenUart(context, consolesOf(definition.boot.cmdline));
  if (index === undefined) return undefined;
  const uart = board.uarts[index];
  return {
    field: '/uarts',
    message: `The kernel is told to print on ${uart?.guestName} (${uart?.label}), and this machine shows only the first ${definition.uarts} of the board’s UARTs.`,
    fix: setTo(`Show ${index + 1} consoles`, '/uarts', index + 1),
  };
}

function elsewhere(context: BoardContext): Finding | undefined {
  const { board, definition } = context;
  const main = mainConsole(context);
  if (definition.boot.kind !== 'kernel' || main === undefined) return undefined;
  const { cmdline } = definition.boot;
  const consoles = consolesOf(cmdline);
  if (consoles.length === 0 || consoles.some((name) => knownUart(name, board.uarts) !== undefined)) {
    return undefined;
  }
  return {
    field,
    message: `The kernel is told to print on ${consoles.join(', ')}, which ${board.name} does not have: the console would stay empty. Its own is ${main}.`,
    fix: setTo(`Use console=${main}`, field, withConsole(cmdline, main)),
  };
}

export const cmdlineRules: readonly Rule[] = [
  { id: 'console-missing', severity: 'warning', find: (context) => unnamed(context, false) },
  { id: 'console-unnamed', severity: 'hint', find: (context) => unnamed(context, true) },
  { id: 'console-elsewhere', severity: 'warning', find: elsewhere },
  { id: 'console-hidden', severity: 'warning', find: hidden },
];
