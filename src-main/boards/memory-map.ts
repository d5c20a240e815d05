// The guest's memory map: every address range in a device tree, as the CPU sees it, with a name for a reader.
import type { DeviceTree, DeviceTreeNode } from './device-tree.ts';
import { busCells, CellReader, cellsOf, stringsOf, textOf } from './device-tree-values.ts';

export type RegionKind = 'ram' | 'flash' | 'device' | 'bus';

export interface MemoryRegion {
  /** Path in the tree: `/pl011@9000000`. */
  path: string;
  kind: RegionKind;
  /** For a reader: `UART (PL011)`. */
  label: string;
  /** The device's own word for what it is: `arm,pl011`. */
  compatible: string[];
  /** Which of the node's ranges: 0 for the first. */
  index: number;
  /** As the CPU sees it. */
  address: bigint;
  /** Bytes. */
  size: bigint;
}

/** Words for what is common; the first that is found in `compatible` counts. */
const labels: readonly (readonly [string, string])[] = [
  ['arm,pl011', 'UART (PL011)'],
  ['ns16550a', 'UART (16550)'],
  ['ns16550', 'UART (16550)'],
  ['cdns,uart-r1p8', 'UART (Cadence)'],
  ['xlnx,xuartps', 'UART (Cadence)'],
  ['arm,pl031', 'Real-time clock (PL031)'],
  ['arm,pl061', 'GPIO (PL061)'],
  ['arm,gic-v3-its', 'Interrupt translation (GIC ITS)'],
  ['arm,gic-v3', 'Interrupt controller (GICv3)'],
  ['arm,gic-v2m-frame', 'Message interrupts (GICv2m)'],
  ['arm,cortex-a15-gic', 'Interrupt controller (GICv2)'],
  ['arm,gic-400', 'Interrupt controller (GICv2)'],
  ['cfi-flash', 'Flash memory'],
  ['qemu,fw-cfg-mmio', 'QEMU firmware configuration (fw_cfg)'],
  ['virtio,mmio', 'virtio slot'],
  ['pci-host-ecam-generic', 'PCI Express configuration space (ECAM)'],
  ['arm,smmu-v3', 'SMMU (SMMUv3)'],
  ['qemu,platform', 'Platform bus'],
  ['cdns,gem', 'Ethernet (Cadence GEM)'],
  ['cdns,zynqmp-gem', 'Ethernet (Cadence GEM)'],
  ['arm,sp804', 'Timer (SP804)'],
  ['arm,sp805', 'Watchdog (SP805)'],
  ['arm,pl180', 'SD card slot (PL181)'],
  ['smsc,lan9118', 'Ethernet (LAN9118)'],
];

/** Of one node; real ones have a dozen at most, and a damaged tree must not keep anyone waiting. */
const mostRanges = 256;

interface Range {
  child: bigint;
  parent: bigint;
  size: bigint;
}

/** From a bus's addresses to the CPU's; null where the bus has no window to it. */
type Translate = (address: bigint) => bigint | null;

const same: Translate = (address) => address;

interface Bus {
  address: number;
  size: number;
  translate: Translate;
}

function isPci(node: DeviceTreeNode): boolean {
  return textOf(node, 'device_type') === 'pci';
}

function rangesOf(node: DeviceTreeNode, parent: Bus): readonly Range[] | undefined {
  const bytes = node.properties.get('ranges');
  const cells = bytes === undefined ? undefined : cellsOf(bytes);
  if (cells === undefined) return undefined;
  const { address, size } = busCells(node);
  const reader = new CellReader(cells);
  const found: Range[] = [];
  const entry = address + parent.address + size;
  while (entry > 0 && reader.has(entry) && found.length < mostRanges) {
    const child = reader.take(address);
    found.push({ child, parent: reader.take(parent.address), size: reader.take(size) });
  }
  return found;
}

/** No `ranges`: the bus is not mapped (specification 2.3.8). Empty: addresses are the parent's. */
function translatorOf(node: DeviceTreeNode, parent: Bus): Translate {
  const ranges = rangesOf(node, parent);
  if (ranges === undefined) return () => null;
  if (ranges.length === 0) return parent.translate;
  return (address) => {
    const range = ranges.find(({ child, size }) => address >= child && address < child + size);
    return range === undefined ? null : parent.translate(range.parent + (address - range.child));
  };
}

function kindOf(node: DeviceTreeNode, compatible: readonly string[]): RegionKind {
  if (textOf(node, 'device_type') === 'memory') return 'ram';
  return compatible.some((word) => word.includes('flash')) ? 'flash' : 'device';
}

function labelOf(node: DeviceTreeNode, kind: RegionKind, compatible: readonly string[]): string {
  if (kind === 'ram') return 'RAM';
  const known = labels.find(([word]) => compatible.includes(word));
  return known?.[1] ?? (node.name.split('@')[0] || 'root');
}

function regionsOf(node: DeviceTreeNode, path: string, parent: Bus): MemoryRegion[] {
  const bytes = node.properties.get('reg');
  const cells = bytes === undefined ? undefined : cellsOf(bytes);
  // Without size cells `reg` counts things (CPUs, I2C addresses) and is no place in memory.
  if (cells === undefined || parent.size === 0) return [];
  const compatible = stringsOf(node.properties.get('compatible') ?? new Uint8Array()) ?? [];
  const kind = kindOf(node, compatible);
  const reader = new CellReader(cells);
  const regions: MemoryRegion[] = [];
  while (reader.has(parent.address + parent.size) && regions.length < mostRanges) {
    const address = parent.translate(reader.take(parent.address));
    const size = reader.take(parent.size);
    if (address === null || size === 0n) continue;
    const label = labelOf(node, kind, compatible);
    regions.push({ path, kind, label, compatible, index: regions.length, address, size });
  }
  return regions;
}

/** The space code in the first of PCI's three address cells (binding pci-bus). */
const pciSpaces = ['PCI configuration', 'PCI port window', 'PCI memory window', 'PCI memory window (64-bit)'];

/** Where a bus shows its devices to the CPU: places in the map too. */
function windowsOf(node: DeviceTreeNode, path: string, parent: Bus): MemoryRegion[] {
  const compatible = stringsOf(node.properties.get('compatible') ?? new Uint8Array()) ?? [];
  const pci = isPci(node) && busCells(node).address === 3;
  return (rangesOf(node, parent) ?? []).flatMap(({ child, parent: at, size }, index) => {
    const address = parent.translate(at);
    if (address === null || size === 0n) return [];
    const space = pci ? pciSpaces[Number((child >> 88n) & 3n)] : undefined;
    const label = space ?? labelOf(node, 'bus', compatible);
    return [{ path, kind: 'bus' as const, label, compatible, index, address, size }];
  });
}

function walk(node: DeviceTreeNode, path: string, parent: Bus): MemoryRegion[] {
  const own = [...regionsOf(node, path, parent), ...windowsOf(node, path, parent)];
  const bus: Bus = { ...busCells(node), translate: path === '' ? same : translatorOf(node, parent) };
  return own.concat(node.children.flatMap((child) => walk(child, `${path}/${child.name}`, bus)));
}

/** Every range of the tree in the CPU's address space, the lowest first. */
export function memoryMap({ root }: DeviceTree): MemoryRegion[] {
  const start: Bus = { address: 2, size: 0, translate: same };
  return walk(root, '', start).sort((a, b) => {
    if (a.address !== b.address) return a.address < b.address ? -1 : 1;
    return a.size < b.size ? -1 : Number(a.size > b.size);
  });
}
