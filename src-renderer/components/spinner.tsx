// A small turning ring; the words beside it say what is waited for.
import styles from './spinner.module.css';

export function Spinner() {
  return <span aria-hidden className={styles.spinner} />;
}
