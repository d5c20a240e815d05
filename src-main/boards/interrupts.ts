// Which interrupts a device raises, from the device tree: the controller is found, and its cells are put into words.
import { Fault } from '../contract/fault.ts';
import type { DeviceTree, DeviceTreeNode } from './device-tree.ts';
import { CellReader, cellOf, cellsOf, stringsOf } from './device-tree-values.ts';

const senses: Readonly<Record<number, string>> = {
  1: 'rising edge',
  2: 'falling edge',
  4: 'level high',
  8: 'level low',
};

/** First interrupt number of each kind (Arm IHI 0048, interrupt identifiers; Linux bindings arm,gic and arm,gic-v3). */
const gicKinds: Readonly<Record<number, { word: string; first: number }>> = {
  0: { word: 'SPI', first: 32 },
  1: { word: 'PPI', first: 16 },
};

interface Known {
  node: DeviceTreeNode;
  parent: Known | undefined;
}

/** Every node with its parent, by path and by phandle. */
function index(tree: DeviceTree): { byPath: Map<string, Known>; byHandle: Map<number, Known> } {
  const byPath = new Map<string, Known>();
  const byHandle = new Map<number, Known>();
  const add = (node: DeviceTreeNode, path: string, parent: Known | undefined): void => {
    const known = { node, parent };
    byPath.set(path, known);
    const handle = cellOf(node, 'phandle') ?? cellOf(node, 'linux,phandle');
    if (handle !== undefined) byHandle.set(handle, known);
    for (const child of node.children) add(child, `${path}/${child.name}`, known);
  };
  add(tree.root, '', undefined);
  return { byPath, byHandle };
}

/** The nearest `interrupt-parent` upwards (specification 2.4.1). */
function parentOf(start: Known, byHandle: ReadonlyMap<number, Known>): Known | undefined {
  for (let at: Known | undefined = start; at !== undefined; at = at.parent) {
    const handle = cellOf(at.node, 'interrupt-parent');
    if (handle !== undefined) return byHandle.get(handle);
  }
  return undefined;
}

/** Controllers hand interrupts on to their parents until one is its own, or has none: there is no other end. */
function refuseCircle(start: Known, byHandle: ReadonlyMap<number, Known>): void {
  const passed = new Set<Known>();
  let at = start;
  for (;;) {
    const parent = parentOf(at, byHandle);
    if (parent === undefined || parent === at) return;
    passed.add(at);
    if (passed.has(parent)) {
      throw new Fault({
        code: 'damaged',
        message: `The device tree cannot be read: its interrupt controllers ${at.node.name} and ${parent.node.name} lead in a circle.`,
        remedy: 'Correct interrupt-parent in the device tree’s source, and compile it again.',
      });
    }
    at = parent;
  }
}

function isGic({ node }: Known): boolean {
  const words = stringsOf(node.properties.get('compatible') ?? new Uint8Array()) ?? [];
  return words.some((word) => /(^|[,-])gic(-|$)/.test(word));
}

function inWords(controller: Known, cells: readonly number[]): string {
  const [kind = 0, number = 0, flags = 0] = cells;
  const gic = cells.length >= 3 && isGic(controller) ? gicKinds[kind] : undefined;
  if (gic === undefined) return cells.join(' ');
  const sense = senses[flags & 0xf];
  return `${gic.word} ${number} (${gic.first + number})${sense === undefined ? '' : `, ${sense}`}`;
}

function take(reader: CellReader, controller: Known | undefined): string | undefined {
  const count = controller === undefined ? undefined : cellOf(controller.node, '#interrupt-cells');
  if (controller === undefined || count === undefined || count < 1 || !reader.has(count)) return undefined;
  return inWords(
    controller,
    Array.from({ length: count }, () => Number(reader.take(1))),
  );
}

function plain(node: Known, byHandle: ReadonlyMap<number, Known>): string[] {
  const cells = cellsOf(node.node.properties.get('interrupts') ?? new Uint8Array()) ?? [];
  const controller = parentOf(node, byHandle);
  return takeAll(new CellReader(cells), () => controller);
}

/** Each entry names its controller itself (specification 2.4.1, interrupts-extended). */
function extended({ node }: Known, byHandle: ReadonlyMap<number, Known>): string[] {
  const cells = cellsOf(node.properties.get('interrupts-extended') ?? new Uint8Array()) ?? [];
  const reader = new CellReader(cells);
  return takeAll(reader, () => (reader.has(1) ? byHandle.get(Number(reader.take(1))) : undefined));
}

function takeAll(reader: CellReader, controllerOfNext: () => Known | undefined): string[] {
  const found: string[] = [];
  for (;;) {
    const next = take(reader, controllerOfNext());
    if (next === undefined) return found;
    found.push(next);
  }
}

/**
 * The interrupts of each node that has some, by its path. For Arm's GIC with the number that the core sees:
 * `SPI 1 (33), level high`; for other controllers the bare cells. Throws `Fault` `damaged` for controllers in a circle.
 */
export function interruptsByPath(tree: DeviceTree): ReadonlyMap<string, readonly string[]> {
  const { byPath, byHandle } = index(tree);
  const found = new Map<string, readonly string[]>();
  for (const [path, known] of byPath) {
    if (known.node.properties.has('interrupt-controller')) refuseCircle(known, byHandle);
    const own = known.node.properties.has('interrupts-extended')
      ? extended(known, byHandle)
      : plain(known, byHandle);
    if (own.length > 0) found.set(path, own);
  }
  return found;
}
