// Problems as the rules found them, each with its severity in words and its one-click fix.
import { CircleAlert, Lightbulb, type LucideIcon, TriangleAlert } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { Fix, Problem } from '../../src-main/contract/problem.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import styles from './problem-list.module.css';

const looks: Record<Problem['severity'], { icon: LucideIcon; word: string }> = {
  error: { icon: CircleAlert, word: 'Error' },
  warning: { icon: TriangleAlert, word: 'Warning' },
  hint: { icon: Lightbulb, word: 'Hint' },
};

interface ProblemListProps {
  problems: readonly Problem[];
  /** Left out: fixes are not offered. */
  onFix?: ((fix: Fix) => void) | undefined;
}

export function ProblemList({ problems, onFix }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.list}>
      {problems.map((problem) => (
        <ProblemItem
          // Of two consoles the same rule may speak, about no field at all: the words tell them apart.
          key={`${problem.rule} ${problem.field} ${problem.message}`}
          problem={problem}
          onFix={onFix}
        />
      ))}
    </ul>
  );
}

function ProblemItem({ problem, onFix }: { problem: Problem; onFix: ProblemListProps['onFix'] }) {
  const { icon: Icon, word } = looks[problem.severity];
  const { fix } = problem;
  return (
    <li
      className={cx(styles.problem, styles[problem.severity])}
      data-rule={problem.rule}
      data-field={problem.field}
    >
      <Icon aria-hidden className={styles.icon} />
      <span className={styles.message}>
        <VisuallyHidden>{word}: </VisuallyHidden>
        {problem.message}
      </span>
      {fix && onFix ? (
        <Button size="s" onPress={() => onFix(fix)}>
          {fix.label}
        </Button>
      ) : null}
    </li>
  );
}
