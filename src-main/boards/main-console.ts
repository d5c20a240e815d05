// Which of a machine's consoles its software talks on.
import type { VmDefinition } from '../contract/definition.ts';
import { consolesOf, knownUart } from './cmdline.ts';
import { listedBoard } from './table.ts';

/**
 * Index of the UART to look at first. Linux's last `console=` is its /dev/console (Linux
 * Documentation/admin-guide/serial-console.rst); other software prints where the board's own does.
 */
export function mainConsole({ machine, boot, uarts }: VmDefinition): number {
  const row = listedBoard(machine)?.row;
  if (row === undefined) return 0;
  const shown = row.uarts.slice(0, uarts);
  const named = boot.kind === 'kernel' ? consolesOf(boot.cmdline) : [];
  const last = named.map((name) => knownUart(name, shown)).findLast((index) => index !== undefined);
  const usual = row.consoleUart ?? 0;
  return last ?? (usual < uarts ? usual : 0);
}
