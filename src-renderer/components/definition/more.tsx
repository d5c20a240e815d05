// What most people never need, folded away; opens by itself when something in it wants attention.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import styles from './form.module.css';

interface MoreProps {
  title: string;
  /** Opens it; never closes it again, since someone may be at work in it. */
  attention: boolean;
  children: ReactNode;
}

export function More({ title, attention, children }: MoreProps) {
  const [open, setOpen] = useState(attention);
  useEffect(() => {
    if (attention) setOpen(true);
  }, [attention]);
  return (
    <details className={styles.more} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight aria-hidden className={styles.chevron} />
        {title}
      </summary>
      <div className={styles.moreBody}>{children}</div>
    </details>
  );
}
