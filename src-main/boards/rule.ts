// What a rule is: the definition and the facts in, findings out. Pure; one subject per file in rules/.
import type { Accelerator, Boot, VmDefinition } from '../contract/definition.ts';
import type { BootHeader, FileFact } from '../contract/image.ts';
import type { Json } from '../contract/json.ts';
import type { Fix, Problem } from '../contract/problem.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { HostFacts } from './accelerator.ts';
import type { Board } from './board.ts';
import type { Cpu } from './cpus.ts';

export interface CheckFacts {
  qemu: QemuCapabilities;
  host: HostFacts;
  /** What is known of the files, by the definition's own path for them. A file that is not here was not looked at. */
  files: ReadonlyMap<string, FileFact>;
  /** Host ports in use now, or by another VM: `tcp:2222` → by whom. */
  busyPorts: ReadonlyMap<string, string>;
  /** Whether this user may listen below port 1024. */
  canBindPrivileged: boolean;
}

/** What every rule may look at. */
export interface CheckContext {
  definition: VmDefinition;
  facts: CheckFacts;
  /** `QEMU 10.0.13`: for sentences. */
  qemuName: string;
}

/** Rules about hardware run only when this QEMU has the machine. */
export interface BoardContext extends CheckContext {
  board: Board;
  /** The CPU that the definition asks for. */
  cpu: Cpu;
  /** What `auto` becomes. */
  accelerator: Accelerator;
}

export interface Finding {
  /** JSON pointer into the definition. */
  field: string;
  /** What would really happen, in one or two sentences. */
  message: string;
  fix?: Fix;
}

export interface Rule<Context extends CheckContext = BoardContext> {
  /** Stable: the interface and tests name rules by it. */
  id: string;
  severity: Problem['severity'];
  /** Every place where the rule is broken; nothing when all is well. */
  find(context: Context): Finding | readonly Finding[] | undefined;
}

/** A fix of one step: set `path` to `value`. */
export function setTo(label: string, path: string, value: Json | Boot): Fix {
  // A boot is JSON as it stands: what is left out is absent, never undefined (exactOptionalPropertyTypes does the rest).
  return { label, steps: [{ op: 'set', path, value: value as Json }] };
}

export function removeAt(label: string, path: string): Fix {
  return { label, steps: [{ op: 'remove', path }] };
}

/** The file's header when the file was looked at and is a regular one. */
export function headerOf(context: CheckContext, file: string | undefined): BootHeader | undefined {
  if (file === undefined) return undefined;
  const fact = context.facts.files.get(file);
  return fact?.kind === 'file' ? fact.header : undefined;
}

/** The last part of a path, for sentences. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
