// What stands under a control: its description, what is wrong with it, and the fix.
import { type ReactNode, useId } from 'react';
import type { Fix, Problem } from '../../src-main/contract/problem.ts';
import styles from './field.module.css';
import { ProblemList } from './problem-list.tsx';

export interface FieldNotesProps {
  description?: ReactNode | undefined;
  /** A plain error, such as one from the schema. */
  error?: string | undefined;
  problems?: readonly Problem[] | undefined;
  onFix?: ((fix: Fix) => void) | undefined;
}

/**
 * The id to describe the control by, whether it is invalid, and the notes to render beside it: not inside of the kit's
 * own field, which would take the fix's button for its own.
 */
export function useFieldNotes({ description, error, problems = [], onFix }: FieldNotesProps) {
  const id = useId();
  const present = Boolean(description) || Boolean(error) || problems.length > 0;
  const invalid = Boolean(error) || problems.some((problem) => problem.severity === 'error');
  const notes = present ? (
    <div id={id} className={styles.notes}>
      {description ? <p className={styles.description}>{description}</p> : null}
      {error ? <p className={styles.error}>{error}</p> : null}
      <ProblemList problems={problems} onFix={onFix} />
    </div>
  ) : null;
  return { notes, invalid, describedBy: present ? id : undefined };
}
