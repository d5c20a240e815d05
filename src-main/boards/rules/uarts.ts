// Rules about consoles: QEMU drops serial ports that the board does not have without a word.
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

function tooMany({ board, definition }: BoardContext): Finding | undefined {
  const there = board.uarts.length;
  if (!board.listed || definition.uarts <= there) return undefined;
  return {
    field: '/uarts',
    message: `${board.name} has ${there === 1 ? 'one UART' : `${there} UARTs`}; QEMU drops the others without a word, and their consoles stay empty.`,
    fix: setTo(`Use ${there}`, '/uarts', there),
  };
}

/** hw/arm/virt.c, create_uart: with EL3 the second UART is the secure world's, as it was before 9.1. */
function secureUart({ board, definition }: BoardContext): Finding | undefined {
  if (board.name !== 'virt' || definition.uarts < 2 || definition.machineOptions.secure !== true)
    return undefined;
  return {
    field: '/uarts',
    message: 'With EL3 on, the second UART belongs to the secure world: Linux does not see it.',
  };
}

export const uartRules: readonly Rule[] = [
  { id: 'uarts-absent', severity: 'error', find: tooMany },
  { id: 'uarts-secure', severity: 'hint', find: secureUart },
];
