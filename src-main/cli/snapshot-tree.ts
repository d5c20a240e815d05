// Draws a VM's snapshots as a tree in text: rows for a table, the present among them.
import type { SnapshotTree, SnapshotView } from '../contract/snapshot.ts';
import { formatMoment } from './moment.ts';
import { formatSize } from './size.ts';

const head = ['SNAPSHOT', 'TAKEN', 'HOLDS', 'SIZE', 'ID', 'REMARKS'] as const;

interface Node {
  /** Name, and what stands right of it. */
  cells: readonly string[];
  children: readonly Node[];
}

/** The first row is the head. Roots stand at the margin, children below what they grew from, oldest first, the present last. */
export function treeRows(tree: SnapshotTree): string[][] {
  const rows: string[][] = [[...head]];
  const draw = (nodes: readonly Node[], indent: string) => {
    for (const [index, node] of nodes.entries()) {
      const last = index === nodes.length - 1;
      rows.push(rowOf(node, `${indent}${last ? '└─ ' : '├─ '}`));
      draw(node.children, `${indent}${last ? '   ' : '│  '}`);
    }
  };
  for (const root of nodesBelow(tree, null)) {
    rows.push(rowOf(root, ''));
    draw(root.children, '');
  }
  return rows;
}

function rowOf({ cells: [name = '', ...rest] }: Node, before: string): string[] {
  return [`${before}${name}`, ...rest];
}

function nodesBelow(tree: SnapshotTree, parent: string | null): Node[] {
  const known = new Set(tree.snapshots.map(({ id }) => id));
  // What grew from a snapshot that is not there any more is shown all the same.
  const belongs = (its: string | null) => (its !== null && known.has(its) ? its : null) === parent;
  const nodes: Node[] = tree.snapshots
    .filter((snapshot) => belongs(snapshot.parent))
    .map((snapshot) => ({ cells: cellsOf(snapshot, tree), children: nodesBelow(tree, snapshot.id) }));
  if (belongs(tree.present.parent)) {
    nodes.push({ cells: ['(present)', '', '', formatSize(tree.present.bytes), '', ''], children: [] });
  }
  return nodes;
}

function cellsOf(snapshot: SnapshotView, tree: SnapshotTree): string[] {
  return [
    snapshot.name,
    formatMoment(snapshot.createdAt),
    holdings(snapshot),
    formatSize(snapshot.bytes),
    snapshot.id,
    remarks(snapshot, tree).join('; '),
  ];
}

function holdings({ memory, paused }: SnapshotView): string {
  if (!memory) return 'disks';
  return paused ? 'memory, paused' : 'memory';
}

function remarks(snapshot: SnapshotView, { resetTo }: SnapshotTree): string[] {
  return [
    ...(snapshot.damage ? ['damaged'] : []),
    ...(snapshot.mismatch && !snapshot.damage ? ['cold boot only'] : []),
    ...(resetTo === snapshot.id ? ['every start begins here'] : []),
    ...(snapshot.usedBy.length > 0 ? [`used by ${snapshot.usedBy.join(', ')}`] : []),
    ...(snapshot.origin === 'automatic' ? ['automatic'] : []),
    ...(snapshot.origin === 'fork' ? ['for a fork'] : []),
  ];
}
