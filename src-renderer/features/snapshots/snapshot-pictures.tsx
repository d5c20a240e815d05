// What the guest showed at that moment: its console, and its display where it had one.
import type { SnapshotDetail } from '../../../src-main/contract/snapshot.ts';
import { useSlots } from '../../slots.ts';
import styles from './snapshots.module.css';

/** `detail` null: still on its way; the place is kept. */
export function SnapshotPictures({ detail }: { detail: SnapshotDetail | null }) {
  const { ConsolePicture } = useSlots();
  if (detail === null) return <div className={styles.pictureSpace} aria-hidden />;
  return (
    <>
      {detail.screen ? (
        <img
          className={styles.screen}
          src={`data:image/png;base64,${detail.screen}`}
          alt="The display at that moment"
        />
      ) : null}
      {detail.console ? (
        <ConsolePicture output={detail.console} label="The console at that moment" />
      ) : (
        <p className={styles.silent}>Nothing had been printed on the console.</p>
      )}
    </>
  );
}
