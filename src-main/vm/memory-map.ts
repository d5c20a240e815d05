// The guest's memory map and device tree, for a VM that runs or one that could: from QEMU, by dry starts.
import { readFile } from 'node:fs/promises';
import { madeMap, treeMap } from '../boards/board-map.ts';
import { readDeviceTree } from '../boards/device-tree.ts';
import { deviceTreeSource } from '../boards/device-tree-source.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { DeviceTreeForm, MapRegion, MemoryMap } from '../contract/memory-map.ts';
import { dumpDeviceTree } from '../qemu/device-tree-dump.ts';
import { fileFault } from '../qemu/file-faults.ts';
import type { Launch } from '../qemu/launch.ts';
import { dryMemoryTree, type MemoryRange } from '../qemu/memory-tree.ts';
import { explain } from './check.ts';
import type { Machine } from './machine.ts';
import { resolveFile } from './names.ts';

interface Asked {
  definition: VmDefinition;
  launch: Launch;
}

/** What runs was started with the definition of then. Throws Fault `qemu-missing`, `unsupported`, `damaged`. */
async function launchOf(machine: Machine): Promise<Asked> {
  const { context, phase, id } = machine;
  const { document } = phase.kind === 'live' ? phase.run.record : context.library.usable(id);
  const qemu = await context.finder.require();
  const { launch } = explain(document.definition, qemu, { context, machine });
  return { definition: document.definition, launch };
}

/**
 * As QEMU hands it to the guest; the user's own file where QEMU could not take it; null: the guest gets none.
 * Throws Fault `file-unusable`.
 */
async function deviceTreeOf({ definition, launch }: Asked): Promise<Uint8Array | null> {
  const dumped = await dumpDeviceTree(definition, launch);
  const { boot } = definition;
  if (dumped !== null || boot.kind !== 'kernel' || boot.dtb === undefined) return dumped;
  const file = resolveFile(launch.vmDirectory, boot.dtb);
  return readFile(file).catch((error: unknown) => {
    throw fileFault(error, file, '/boot/dtb');
  });
}

/** What the device tree tells; `regions` where it can be read. */
type Told = Pick<MemoryMap, 'dts' | 'treeFault'> & { regions?: MapRegion[] };

/** A `Fault` is told in place of the tree. */
async function readTree(asked: Asked, ranges: readonly MemoryRange[] | undefined): Promise<Told> {
  try {
    const bytes = await deviceTreeOf(asked);
    if (bytes === null) return {};
    const tree = readDeviceTree(bytes);
    return { dts: deviceTreeSource(tree), regions: treeMap(tree, ranges) };
  } catch (error) {
    if (error instanceof Fault) return { treeFault: error.data };
    throw error;
  }
}

/**
 * A tree that cannot be read, or a QEMU that refuses the machine, leaves the other half of the truth; only when both
 * are missing it throws: the tree's fault, or QEMU's refusal, translated.
 */
export async function memoryMapOf(machine: Machine): Promise<MemoryMap> {
  const asked = await launchOf(machine);
  let refusal: unknown;
  const ranges = await dryMemoryTree(asked.definition, asked.launch).catch((error: unknown) => {
    refusal = error;
    return undefined;
  });
  const { regions, ...told } = await readTree(asked, ranges);
  if (regions !== undefined) return { source: 'device-tree', regions, ...told };
  if (ranges !== undefined) return { source: 'qemu', regions: madeMap(ranges), ...told };
  throw told.treeFault ? new Fault(told.treeFault) : refusal;
}

/** The tree as a file's bytes. Throws Fault `not-found` for a guest without one, `damaged` for one that has no source form. */
export async function deviceTreeFile(machine: Machine, form: DeviceTreeForm): Promise<Uint8Array> {
  const bytes = await deviceTreeOf(await launchOf(machine));
  if (bytes === null) {
    throw new Fault({
      code: 'not-found',
      message: 'This machine has no device tree.',
      remedy: 'Boards make one themselves, or a kernel is given one.',
    });
  }
  return form === 'dtb' ? bytes : new TextEncoder().encode(deviceTreeSource(readDeviceTree(bytes)));
}
