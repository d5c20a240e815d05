// The lines and the mark of one row of the tree.
import { cx } from '../../components/cx.ts';
import styles from './snapshot-tree.module.css';
import type { TreeRow } from './tree-layout.ts';

export const rowHeight = 48;
const widest = 128;
const middle = rowHeight / 2;

/** Pixels from one lane to the next: many branches stand closer. */
export function laneWidth(lanes: number): number {
  return Math.max(8, Math.min(18, widest / lanes));
}

interface TreeBranchesProps {
  row: TreeRow;
  lanes: number;
}

export function TreeBranches({ row, lanes }: TreeBranchesProps) {
  const step = laneWidth(lanes);
  const at = (lane: number) => step * lane + 10;
  const x = at(row.lane);
  return (
    <svg
      aria-hidden="true"
      className={styles.branches}
      width={at(lanes - 1) + 10}
      height={rowHeight}
      viewBox={`0 0 ${at(lanes - 1) + 10} ${rowHeight}`}
    >
      {row.through.map(({ lane, live }) => (
        <path key={lane} className={cx(live && styles.live)} d={`M${at(lane)} 0V${rowHeight}`} />
      ))}
      {row.from === 'above' ? <path className={cx(row.live && styles.live)} d={`M${x} 0V${middle}`} /> : null}
      {typeof row.from === 'number' ? (
        <path
          d={`M${at(row.from)} 0C${at(row.from)} ${middle * 0.8} ${x - step / 2} ${middle} ${x} ${middle}`}
        />
      ) : null}
      {row.below ? (
        <path className={cx(row.below.live && styles.live)} d={`M${x} ${middle}V${rowHeight}`} />
      ) : null}
      <NodeMark row={row} x={x} />
    </svg>
  );
}

/** Full: with memory. Hollow: disks alone. A diamond: made by Armoire itself. Rings: the present. */
function NodeMark({ row: { snapshot, live }, x }: { row: TreeRow; x: number }) {
  if (snapshot === null)
    return (
      <g className={styles.present}>
        <circle cx={x} cy={middle} r={7} />
        <circle cx={x} cy={middle} r={3} />
      </g>
    );
  const look = cx(
    styles.node,
    live && styles.liveNode,
    !snapshot.memory && styles.hollow,
    snapshot.damage && styles.damagedNode,
  );
  if (snapshot.origin === 'user') return <circle className={look} cx={x} cy={middle} r={5} />;
  return <path className={look} d={`M${x} ${middle - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`} />;
}
