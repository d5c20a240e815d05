// Snapshots that other programs have put inside of imported qcow2 images: shown, never touched.
import type { SnapshotTree } from '../../../src-main/contract/snapshot.ts';
import { Card } from '../../components/card.tsx';
import { formatBytes, formatMoment } from '../../components/format.ts';
import styles from './snapshots.module.css';

export function InternalSnapshots({ internal }: Pick<SnapshotTree, 'internal'>) {
  if (internal.length === 0) return null;
  return (
    <Card
      title="Inside the disk images"
      description="Another program has put these into an imported qcow2 image. They are shown only: Armoire never changes them."
    >
      <ul className={styles.internal}>
        {internal.map(({ disk, name, createdAt, memoryBytes }) => (
          <li key={`${disk}/${name}/${createdAt}`} className={styles.internalRow}>
            <span className={styles.internalName}>{name}</span>
            <span className={styles.internalFacts}>
              {[
                disk,
                formatMoment(createdAt),
                memoryBytes > 0 ? `${formatBytes(memoryBytes)} of memory` : 'disk only',
              ].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
