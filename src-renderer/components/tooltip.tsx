// A word of help that appears on hover and on keyboard focus.
import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './tooltip.module.css';

interface TooltipProps {
  text: string;
  shortcut?: string | undefined;
  /** One focusable element of this kit: a Button, an IconButton. */
  children: ReactElement;
}

export function Tooltip({ text, shortcut, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip className={cx(styles.tooltip)} offset={6}>
        {text}
        {shortcut ? <kbd className={styles.shortcut}>{shortcut}</kbd> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
