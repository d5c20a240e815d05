// One step of a refit: a definition in, the fitting one out, with what changed and why.
import type { VmDefinition } from '../../contract/definition.ts';
import type { QemuCapabilities } from '../../contract/qemu.ts';
import type { RefitResult } from '../../contract/vm.ts';
import type { HostFacts } from '../accelerator.ts';
import type { Board } from '../board.ts';

export interface Target {
  board: Board;
  /** The board before; undefined when this QEMU does not have it. */
  from: Board | undefined;
  qemu: QemuCapabilities;
  host: HostFacts;
}

export type Change = RefitResult['changes'][number];
export type Step = (definition: VmDefinition, target: Target) => RefitResult;

/** For a reader: `none` for nothing, words and numbers as they are, the rest as JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function unchanged(definition: VmDefinition): RefitResult {
  return { definition, changes: [] };
}

/** One field of the definition set, told as a change when it is one. */
export function set<Key extends keyof VmDefinition>(
  definition: VmDefinition,
  key: Key,
  value: VmDefinition[Key],
  why: string,
): RefitResult {
  const before = definition[key];
  if (shown(before) === shown(value)) return unchanged(definition);
  return {
    definition: { ...definition, [key]: value },
    changes: [{ field: `/${key}`, from: shown(before), to: shown(value), why }],
  };
}
