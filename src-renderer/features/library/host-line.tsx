// The line under the library: which QEMU runs the machines, and how.
import { useHost } from '../../stores/host.ts';
import { acceleration } from './acceleration.ts';
import styles from './library.module.css';

export function HostLine() {
  const { qemu } = useHost();
  if (!qemu) return null;
  const { inUse } = qemu;
  return (
    <a href="#/settings" className={styles.host}>
      {inUse ? (
        <>
          <span>QEMU {versionNumber(inUse.version)}</span>
          <span>{acceleration(inUse.accelerators).name.toUpperCase()}</span>
        </>
      ) : (
        <span className={styles.hostBad}>No usable QEMU</span>
      )}
    </a>
  );
}

function versionNumber({ major, minor, micro }: { major: number; minor: number; micro: number }): string {
  return `${major}.${minor}.${micro}`;
}
