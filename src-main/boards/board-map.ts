// The guest's memory map for a reader: the device tree's ranges held against what QEMU makes, or QEMU's alone.
import type { MapRegion } from '../contract/memory-map.ts';
import type { DeviceTree, DeviceTreeNode } from './device-tree.ts';
import { stringsOf } from './device-tree-values.ts';
import { interruptsByPath } from './interrupts.ts';
import { type MemoryRegion, memoryMap } from './memory-map.ts';

/** A range of QEMU's flat view (qemu/memory-tree.ts). */
export interface MadeRange {
  name: string;
  kind: 'ram' | 'rom' | 'flash' | 'device';
  start: bigint;
  /** The last byte. */
  end: bigint;
  /** Where the range begins inside of what it is a part of. */
  offset: bigint;
  /** Answers, and does nothing. */
  placeholder: boolean;
}

/** At least eight digits, so that addresses stand in line. */
export function hexOf(value: bigint): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

interface Span {
  start: bigint;
  end: bigint;
}

const touches = (a: Span, b: Span) => a.start <= b.end && b.start <= a.end;

function made(region: Span, ranges: readonly MadeRange[] | undefined): MapRegion['made'] {
  // Nobody was asked: what the device tree says stands.
  if (ranges === undefined) return 'yes';
  const there = ranges.filter((range) => touches(range, region));
  if (there.length === 0) return 'no';
  return there.every(({ placeholder }) => placeholder) ? 'placeholder' : 'yes';
}

function nodesByPath(root: DeviceTreeNode): Map<string, DeviceTreeNode> {
  const found = new Map<string, DeviceTreeNode>();
  const add = (node: DeviceTreeNode, path: string): void => {
    found.set(path, node);
    for (const child of node.children) add(child, `${path}/${child.name}`);
  };
  add(root, '');
  return found;
}

/** A node of several ranges has names for them, or they are counted. */
function rangeName(region: MemoryRegion, node: DeviceTreeNode | undefined, several: boolean): string {
  const own = region.path.split('/').at(-1) ?? '';
  if (region.kind === 'bus' || !several) return own;
  const names = stringsOf(node?.properties.get('reg-names') ?? new Uint8Array()) ?? [];
  return `${own} ${names[region.index] ?? `#${region.index}`}`;
}

const isReserved = ({ path }: MemoryRegion) => path.startsWith('/reserved-memory/');

/** The device tree's map. `ranges`: what QEMU makes, where it was asked. */
export function treeMap(tree: DeviceTree, ranges: readonly MadeRange[] | undefined): MapRegion[] {
  const interrupts = interruptsByPath(tree);
  const nodes = nodesByPath(tree.root);
  const regions = memoryMap(tree);
  const counts = new Map<string, number>();
  for (const { path, kind } of regions) {
    if (kind !== 'bus') counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return regions.map((region) => {
    const span = { start: region.address, end: region.address + region.size - 1n };
    return {
      start: hexOf(span.start),
      end: hexOf(span.end),
      size: hexOf(region.size),
      name: rangeName(region, nodes.get(region.path), (counts.get(region.path) ?? 0) > 1),
      label: region.label,
      kind: isReserved(region) ? 'reserved' : region.kind,
      compatible: region.compatible,
      interrupts: region.kind === 'bus' ? [] : [...(interrupts.get(region.path) ?? [])],
      path: region.path,
      // A bus is a way to things, and may be empty.
      made: region.kind === 'bus' ? 'yes' : made(span, ranges),
    };
  });
}

/**
 * What QEMU cut into pieces because something else lies over its middle (RAM under a Raspberry Pi's devices) is one
 * range again. Neighbours of one name that each begin at their own start are several devices.
 */
function joined(ranges: readonly MadeRange[]): MadeRange[] {
  const whole: MadeRange[] = [];
  for (const range of ranges) {
    const before = whole.find(
      ({ name, kind, start, offset, placeholder }) =>
        name === range.name &&
        kind === range.kind &&
        placeholder === range.placeholder &&
        range.offset !== 0n &&
        start - offset === range.start - range.offset,
    );
    if (before === undefined) whole.push({ ...range });
    else before.end = range.end;
  }
  return whole;
}

/** The map in QEMU's own words, for a board without a device tree. */
export function madeMap(ranges: readonly MadeRange[]): MapRegion[] {
  return joined(ranges).map(({ name, kind, start, end, placeholder }) => ({
    start: hexOf(start),
    end: hexOf(end),
    size: hexOf(end - start + 1n),
    name,
    label: name,
    kind: kind === 'device' && /window/.test(name) ? 'bus' : kind,
    compatible: [],
    interrupts: [],
    made: placeholder ? 'placeholder' : 'yes',
  }));
}
