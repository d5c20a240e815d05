// How the command line says things: tables and JSON on stdout, faults and remarks on stderr.
import type { FaultData } from '../contract/fault.ts';
import type { Terminal } from './surroundings.ts';

export function printLine(terminal: Terminal, line: string): void {
  terminal.stdout.write(`${line}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** For people, beside the output: what goes on, and what to know. */
export function remark(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}

/** Columns as wide as they need to be, two spaces apart; the first row is the head. */
export function printTable(terminal: Terminal, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => visible(row[column]).length)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) => visible(cell).padEnd(widths[column] ?? 0));
    printLine(terminal, cells.join('  ').trimEnd());
  }
}

export function printFault(terminal: Terminal, fault: FaultData): void {
  remark(terminal, `armoire: ${visible(fault.message)}`);
  if (fault.detail !== undefined) remark(terminal, indent(fault.detail));
  remark(terminal, `         ${visible(fault.remedy)}`);
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `         ${visible(line)}`)
    .join('\n');
}

/** Text of others (a file's name, QEMU's last words) must not steer the terminal. */
function visible(text = ''): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}
