// A framed part of a page, with a heading when it has one.
import { type ReactNode, useId } from 'react';
import styles from './card.module.css';
import { cx } from './cx.ts';

interface CardProps {
  title?: string | undefined;
  /** Under the title. */
  description?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  /** Content reaches the frame: lists, tables, pictures. */
  flush?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

export function Card({ title, description, actions, flush = false, className, children }: CardProps) {
  const id = useId();
  return (
    <section className={cx(styles.card, className)} aria-labelledby={title ? id : undefined}>
      {title || actions ? (
        <header className={styles.header}>
          <div className={styles.heading}>
            <h2 id={id}>{title}</h2>
            {description ? <p className={styles.description}>{description}</p> : null}
          </div>
          {actions}
        </header>
      ) : null}
      <div className={cx(styles.body, flush && styles.flush)}>{children}</div>
    </section>
  );
}
