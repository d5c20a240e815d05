// QEMU's own memory map: asks for `info mtree -f`, and reads the ranges that the first core sees from it.
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { dryWords, patienceMs } from './dry-start.ts';
import type { Launch } from './launch.ts';
import type { QmpClient } from './qmp.ts';
import { askQemu } from './stdio-session.ts';
import { translateFailure } from './translate.ts';

export interface MemoryRange {
  /** QEMU's word for the memory region, such as `pl011`. */
  name: string;
  kind: 'ram' | 'rom' | 'flash' | 'device';
  start: bigint;
  /** The last byte. */
  end: bigint;
  /** Where the range begins inside of its memory region: the rest lies under something else. */
  offset: bigint;
  /** `create_unimplemented_device`: reads as zero, forgets what is written. */
  placeholder: boolean;
}

/** include/hw/misc/unimp.h: placeholders are mapped below everything else. */
const placeholderPriority = -1000;

/** system/memory.c, mtree_print_flatview: `<first>-<last> (prio <n>, <type>): <name>[ @<offset>][ <accelerator>]`. */
const rangeLine =
  /^ {2}([0-9a-f]{16})-([0-9a-f]{16}) \(prio (-?\d+), ([a-z/-]+)\): (.*?)(?: @([0-9a-f]{16}))?(?: (?:KVM|HVF|kvm|hvf))?$/;

function kindOf(type: string): MemoryRange['kind'] {
  if (type.endsWith('romd')) return 'flash';
  if (type.endsWith('rom')) return 'rom';
  return type.endsWith('ram') ? 'ram' : 'device';
}

function readLine(line: string): MemoryRange[] {
  const found = rangeLine.exec(line);
  if (found === null) return [];
  const [, first = '', last = '', priority = '', type = '', name = '', offset = '0'] = found;
  return [
    {
      name,
      kind: kindOf(type),
      start: BigInt(`0x${first}`),
      end: BigInt(`0x${last}`),
      offset: BigInt(`0x${offset}`),
      placeholder: Number(priority) === placeholderPriority,
    },
  ];
}

/** The view of the first core where it has one of its own (Cortex-M), else the system's. */
function coreView(text: string): string | undefined {
  const views = text.split(/^FlatView #\d+$/m);
  return (
    views.find((view) => view.includes(' AS "cpu-memory-0"')) ??
    views.find((view) => view.includes(' AS "memory"'))
  );
}

/** The ranges of `info mtree -f` that the first core sees, the lowest first; empty when the text is no such answer. */
export function readMemoryTree(text: string): MemoryRange[] {
  return (coreView(text.replaceAll('\r', '')) ?? '').split('\n').flatMap(readLine);
}

/** Throws what QMP throws. */
export async function askMemoryTree(qmp: QmpClient): Promise<MemoryRange[]> {
  return readMemoryTree(
    await qmp.execute<string>('human-monitor-command', { 'command-line': 'info mtree -f' }),
  );
}

/** The machine's memory map by a dry start, whatever it would boot. Throws the `Fault` that QEMU's refusal means. */
export async function dryMemoryTree(definition: VmDefinition, launch: Launch): Promise<MemoryRange[]> {
  const bare: VmDefinition = { ...definition, boot: { kind: 'media' }, loaders: [] };
  const words = await dryWords(bare, launch);
  const asked = await askQemu(launch.program, words, patienceMs, askMemoryTree);
  if (asked.ok) return asked.answer;
  if (asked.error instanceof Fault && asked.error.code !== 'qemu-failed') throw asked.error;
  throw new Fault(translateFailure(asked.stderr, definition));
}
