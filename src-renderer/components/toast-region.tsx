// Where toasts appear; a region that screen readers read out politely.
import { useStore } from 'zustand';
import { FaultNotice, Notice } from './notice.tsx';
import styles from './toast-region.module.css';
import { dismissToast, toasts } from './toasts.ts';

export function ToastRegion() {
  const shown = useStore(toasts);
  return (
    <section className={styles.region} aria-label="Notifications" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={styles.toast}>
          {toast.kind === 'done' ? (
            <Notice tone="good" title={toast.message} onDismiss={() => dismissToast(toast.id)} />
          ) : (
            <FaultNotice fault={toast.fault} title={toast.title} onDismiss={() => dismissToast(toast.id)} />
          )}
        </div>
      ))}
    </section>
  );
}
