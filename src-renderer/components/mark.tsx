// Armoire's mark: a cabinet with two doors that is a chip as well.
import styles from './mark.module.css';

export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" className={styles.mark}>
      <path d="M8 1.5v3M12 1.5v3M16 1.5v3M8 19.5v3M12 19.5v3M16 19.5v3M1.5 9h3M1.5 15h3M19.5 9h3M19.5 15h3" />
      <rect x="4" y="4" width="16" height="16" rx="2.5" className={styles.body} />
      <path d="M12 4.5v15" className={styles.seam} />
      <path d="M10 10.75v2.5M14 10.75v2.5" className={styles.seam} />
    </svg>
  );
}
