// The form of a row of the failure table, and what rows need to say: the field at fault and a fix for it.
import type { VmDefinition } from '../../contract/definition.ts';
import type { FaultCode } from '../../contract/fault.ts';
import type { Json } from '../../contract/json.ts';
import type { Fix } from '../../contract/problem.ts';

export interface Explanation {
  /** `qemu-failed` when left out. */
  code?: FaultCode;
  /** What it means, for someone who has never seen QEMU. */
  message: string;
  remedy: string;
  /** Pointer into the definition. */
  field?: string | undefined;
  fix?: Fix | undefined;
}

export interface FailureRow {
  /** Stable name, for tests. */
  id: string;
  /** Matched against QEMU's words without warnings, time stamps and the program's name. */
  pattern: RegExp;
  explain(match: RegExpExecArray, definition: VmDefinition): Explanation;
}

export function set(label: string, path: string, value: Json): Fix {
  return { label, steps: [{ op: 'set', path, value }] };
}

export function remove(label: string, path: string): Fix {
  return { label, steps: [{ op: 'remove', path }] };
}

/** The n-th group of a match; empty where it did not take part. */
export function group(match: RegExpExecArray, index: number): string {
  return match[index] ?? '';
}

/** Pointer to the disk with this id, or to `part` of it. */
export function diskField({ disks }: VmDefinition, id: string, part?: string): string | undefined {
  const index = disks.findIndex((disk) => disk.id === id);
  if (index === -1) return undefined;
  return part === undefined ? `/disks/${index}` : `/disks/${index}/${part}`;
}

const unitMiB: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 };

/** `1 GiB`, `512MB`, `64 KiB` in MiB; undefined for what is no whole number of them. */
export function sizeMiB(text: string): number | undefined {
  const match = /^([\d.]+)\s*([KMGT])i?B/.exec(text);
  const size = Number(match?.[1]) * (unitMiB[match?.[2] ?? ''] ?? Number.NaN);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}
