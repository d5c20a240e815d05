// Notices: what happened, what to do about it, and the button that does it.
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { VisuallyHidden } from 'react-aria-components';
import type { FaultData } from '../../src-main/contract/fault.ts';
import type { Fix } from '../../src-main/contract/problem.ts';
import { Button, IconButton } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';
import styles from './notice.module.css';

type Tone = 'info' | 'good' | 'caution' | 'bad';

const looks: Record<Tone, { icon: LucideIcon; word: string }> = {
  info: { icon: Info, word: 'Note' },
  good: { icon: CircleCheck, word: 'Done' },
  caution: { icon: TriangleAlert, word: 'Attention' },
  bad: { icon: CircleAlert, word: 'Error' },
};

export interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  children?: ReactNode;
  /** Raw text for the curious, folded away. */
  detail?: string | undefined;
  detailLabel?: string | undefined;
  detailOpen?: boolean | undefined;
  actions?: ReactNode;
  onDismiss?: (() => void) | undefined;
}

export function Notice({ tone, title, children, detail, actions, onDismiss, ...props }: NoticeProps) {
  const { icon: Icon, word } = looks[tone];
  return (
    <section className={cx(styles.notice, styles[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon aria-hidden className={styles.icon} />
      <div className={styles.content}>
        <p className={styles.title}>
          <VisuallyHidden>{word}: </VisuallyHidden>
          {title}
        </p>
        {children ? <div className={styles.text}>{children}</div> : null}
        {detail ? (
          <details className={styles.details} open={props.detailOpen ?? false}>
            <summary>{props.detailLabel ?? 'Details'}</summary>
            <div className={styles.detailBox}>
              <pre className={styles.detail}>{detail}</pre>
              <CopyButton text={detail} label="Copy details" />
            </div>
          </details>
        ) : null}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
      {onDismiss ? <IconButton icon={X} label="Dismiss" size="s" onPress={onDismiss} /> : null}
    </section>
  );
}

interface FaultNoticeProps {
  fault: FaultData;
  /** Left out: the fault's fix is not offered. */
  onFix?: ((fix: Fix) => void) | undefined;
  /** More buttons, after the fix. */
  actions?: ReactNode;
  onDismiss?: (() => void) | undefined;
  tone?: Tone | undefined;
  /** Before the message: what was being done. */
  title?: string | undefined;
  detailLabel?: string | undefined;
  detailOpen?: boolean | undefined;
}

export function FaultNotice({ fault, onFix, actions, tone = 'bad', title, ...props }: FaultNoticeProps) {
  const { fix } = fault;
  const fixButton =
    fix && onFix ? (
      <Button variant="primary" size="s" onPress={() => onFix(fix)}>
        {fix.label}
      </Button>
    ) : null;
  return (
    <Notice
      tone={tone}
      title={title ?? fault.message}
      detail={fault.detail}
      actions={
        fixButton || actions ? (
          <>
            {fixButton}
            {actions}
          </>
        ) : undefined
      }
      {...props}
    >
      {title ? <p>{fault.message}</p> : null}
      <p>{fault.remedy}</p>
    </Notice>
  );
}
