// What a disk takes: of how much, and in which layers.
import type { DiskUse } from '../../../../src-main/contract/disk.ts';
import { count, formatBytes } from '../../../components/format.ts';
import styles from './disks.module.css';

export function DiskUsage({ use }: { use: DiskUse | undefined }) {
  if (use === undefined) return null;
  if (use.fault !== undefined) return <p className={styles.fault}>{use.fault}</p>;
  const all = use.layers.reduce((sum, { bytes }) => sum + bytes, use.ownBytes);
  const part = use.virtualBytes > 0 ? Math.min(1, all / use.virtualBytes) : 0;
  return (
    <div className={styles.usage}>
      <span aria-hidden className={styles.track}>
        <span className={styles.bar} style={{ width: `${part * 100}%` }} />
      </span>
      <p>
        {formatBytes(all)} on this computer’s disk, {formatBytes(use.virtualBytes)} for the guest
      </p>
      {use.layers.length > 0 ? (
        <details className={styles.layers}>
          <summary>{count(use.layers.length + 1, 'layer')}</summary>
          <ol>
            {[{ file: use.file, bytes: use.ownBytes }, ...use.layers].map(({ file, bytes }, index) => (
              <li key={file}>
                <span className={styles.file}>{file}</span> {formatBytes(bytes)}
                {index === 0 ? ', written to now' : ''}
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </div>
  );
}
