// Turns QEMU's last words into a fault that a user can act on; the table is in failures/.
import type { VmDefinition } from '../contract/definition.ts';
import type { FaultData } from '../contract/fault.ts';
import { cpuFailures } from './failures/cpu.ts';
import { deviceFailures } from './failures/device.ts';
import { fileFailures } from './failures/file.ts';
import { hostFailures } from './failures/host.ts';
import { machineFailures } from './failures/machine.ts';
import type { FailureRow } from './failures/row.ts';

/** The first row that matches counts: what is special stands before what is general. */
export const failureTable: readonly FailureRow[] = [
  ...hostFailures.filter(({ id }) => id !== 'ended-by-signal'),
  ...cpuFailures,
  ...machineFailures,
  ...deviceFailures,
  ...fileFailures,
  ...hostFailures.filter(({ id }) => id === 'ended-by-signal'),
];

const detailLength = 2000;
/** A guest can write into these words (semihosting): what is examined stays small, whatever it writes. */
const examinedLength = 64 * 1024;
/** Longer than an option with the longest path, which Linux limits to 4096 bytes. */
const lineLength = 12 * 1024;

/** `-msg timestamp=on` and the program's name before each message. */
const linePrefix = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?(?:[\w.+-]+: )?/;

/** QEMU's own statements: no warnings, which it survived, and no prefixes. */
export function errorsIn(stderr: string): string {
  return stderr
    .slice(-examinedLength)
    .split('\n')
    .map((line) => line.slice(-lineLength).replace(linePrefix, ''))
    .filter((line) => line.trim() !== '' && !/^(?:.*: )?(?:warning|info): /.test(line))
    .join('\n');
}

/** The row that explains these words. */
export function findFailure(stderr: string): { row: FailureRow; match: RegExpExecArray } | undefined {
  const errors = errorsIn(stderr);
  for (const row of failureTable) {
    const match = row.pattern.exec(errors);
    if (match) return { row, match };
  }
  return undefined;
}

/** Always a fault: words that no row knows are given as they are. */
export function translateFailure(stderr: string, definition: VmDefinition): FaultData {
  const detail = stderr.trim().slice(-detailLength);
  const found = findFailure(stderr);
  if (!found) {
    return {
      code: 'qemu-failed',
      message: 'QEMU ended, and Armoire does not know its reason.',
      remedy: 'The details hold its last words; the log of the machine has all of them.',
      detail,
    };
  }
  const { code = 'qemu-failed', message, remedy, field, fix } = found.row.explain(found.match, definition);
  return {
    code,
    message,
    remedy,
    detail,
    ...(field === undefined ? {} : { field }),
    ...(fix === undefined ? {} : { fix }),
  };
}
