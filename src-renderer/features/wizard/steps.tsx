// Where in the wizard one is, and the way to a page already open.
import { Check } from 'lucide-react';
import { Button } from 'react-aria-components';
import { cx } from '../../components/cx.ts';
import { type Page, pages, pageWords } from './state.ts';
import styles from './steps.module.css';

interface StepsProps {
  page: Page;
  /** Pages after the first can be gone to. */
  reachable: boolean;
  onGo: (page: Page) => void;
}

export function Steps({ page, reachable, onGo }: StepsProps) {
  const at = pages.indexOf(page);
  return (
    <ol className={styles.steps} aria-label="Steps">
      {pages.map((step, index) => (
        <li key={step} className={cx(styles.step, index < at && styles.done)}>
          <Button
            className={styles.button ?? ''}
            isDisabled={index > 0 && !reachable}
            onPress={() => onGo(step)}
            {...(step === page ? { 'aria-current': 'step' as const } : {})}
          >
            <span aria-hidden className={styles.number}>
              {index < at ? <Check className={styles.check} /> : index + 1}
            </span>
            <span className={styles.words}>{pageWords[step]}</span>
          </Button>
        </li>
      ))}
    </ol>
  );
}
