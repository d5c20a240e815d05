// Where each snapshot and the present stand in the drawing: rows from old to new, lanes for branches, the lines between.
import type { SnapshotTree, SnapshotView } from '../../../src-main/contract/snapshot.ts';

/** The present is a node as well: the one that everything leads to. */
export const presentId = 'present';

export interface TreeRow {
  /** A snapshot's id, or `presentId`. */
  readonly id: string;
  readonly snapshot: SnapshotView | null;
  readonly parent: string | null;
  /** 1 for what grows from nothing. */
  readonly level: number;
  /** Among its siblings, from 1, in the order of the rows. */
  readonly position: number;
  readonly siblings: number;
  /** 0 is the leftmost. */
  readonly lane: number;
  /** The line that it hangs on: from the row above in its own lane, from another lane, or none. */
  readonly from: 'above' | number | null;
  /** Lines of other lanes that pass by. */
  readonly through: readonly { lane: number; live: boolean }[];
  /** A line goes on below it in its own lane. */
  readonly below: { live: boolean } | null;
  /** The present is it, or grew from it. */
  readonly live: boolean;
}

interface Node {
  readonly id: string;
  readonly parent: string | null;
  readonly snapshot: SnapshotView | null;
  readonly children: Node[];
  live: boolean;
}

export function layOut({ snapshots, present }: Pick<SnapshotTree, 'snapshots' | 'present'>): TreeRow[] {
  const roots = grow(snapshots, present.parent);
  const rows: TreeRow[] = [];
  roots.forEach((root, index) => {
    placeBranch(root, { level: 1, lane: 0, from: null, through: [] }, index + 1, roots.length, rows);
  });
  return rows;
}

/** How many lanes there are. */
export function laneCount(rows: readonly TreeRow[]): number {
  return rows.reduce((most, { lane }) => Math.max(most, lane + 1), 1);
}

/** The nodes that grow from nothing; where the present is comes last, here and among every node's children. */
function grow(snapshots: readonly SnapshotView[], presentParent: string | null): Node[] {
  const byId = new Map<string, Node>();
  for (const snapshot of snapshots)
    byId.set(snapshot.id, { id: snapshot.id, parent: snapshot.parent, snapshot, children: [], live: false });
  const present: Node = { id: presentId, parent: presentParent, snapshot: null, children: [], live: true };
  const roots: Node[] = [];
  for (const node of [...byId.values(), present]) {
    const parent = node.parent === null ? undefined : byId.get(node.parent);
    (parent?.children ?? roots).push(node);
  }
  let ancestor = presentParent === null ? undefined : byId.get(presentParent);
  while (ancestor !== undefined && !ancestor.live) {
    ancestor.live = true;
    ancestor = ancestor.parent === null ? undefined : byId.get(ancestor.parent);
  }
  const liveLast = (a: Node, b: Node) => Number(a.live) - Number(b.live);
  for (const node of byId.values()) node.children.sort(liveLast);
  return roots.sort(liveLast);
}

type Place = Pick<TreeRow, 'level' | 'lane' | 'from' | 'through'>;

/** The last child goes on in its parent's lane; the others branch off into the next one before. */
function placeBranch(root: Node, at: Place, position: number, siblings: number, rows: TreeRow[]): void {
  let node: Node | undefined = root;
  let place = at;
  let among = { position, siblings };
  while (node !== undefined) {
    const { id, parent, snapshot, live, children }: Node = node;
    const trunk = children.at(-1);
    const below = trunk === undefined ? null : { live: trunk.live };
    rows.push({ ...place, ...among, id, parent, snapshot, live, below });
    const { lane, through, level }: Place = place;
    const passing = [...through, { lane, live: trunk?.live ?? false }];
    children.slice(0, -1).forEach((side, index) => {
      const branch = { level: level + 1, lane: lane + 1, from: lane, through: passing };
      placeBranch(side, branch, index + 1, children.length, rows);
    });
    among = { position: children.length, siblings: children.length };
    place = { level: level + 1, lane, from: 'above', through };
    node = trunk;
  }
}
