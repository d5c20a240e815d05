// A short word in a frame.
import type { ReactNode } from 'react';
import styles from './badge.module.css';
import { cx } from './cx.ts';

interface BadgeProps {
  tone?: 'neutral' | 'accent' | 'good' | 'caution' | 'bad' | undefined;
  mono?: boolean | undefined;
  children: ReactNode;
}

export function Badge({ tone = 'neutral', mono = false, children }: BadgeProps) {
  return <span className={cx(styles.badge, styles[tone], mono && styles.mono)}>{children}</span>;
}
