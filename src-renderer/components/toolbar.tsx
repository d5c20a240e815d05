// A row of buttons that the arrow keys walk through.
import type { ReactNode } from 'react';
import { Toolbar as AriaToolbar } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './toolbar.module.css';

export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <AriaToolbar aria-label={label} className={cx(styles.toolbar)}>
      {children}
    </AriaToolbar>
  );
}
