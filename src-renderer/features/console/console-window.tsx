// A console in a window of its own: the whole window is the guest's screen.
import { FaultNotice } from '../../components/notice.tsx';
import { vmTitle } from '../../components/vm-words.ts';
import type { ConsoleProps } from '../../slots.ts';
import { dismissFault, useActionFault } from '../../stores/vm-actions.ts';
import { useVm, useVms } from '../../stores/vms.ts';
import { ConsoleView } from './console-view.tsx';
import styles from './console-window.module.css';

export function ConsoleWindow({ vmId, console }: ConsoleProps) {
  const vm = useVm(vmId);
  const { known } = useVms();
  const fault = useActionFault(vmId);
  const title = vm ? vmTitle(vm) : known ? 'No such machine' : '';
  return (
    <div className={styles.window}>
      <h1 className={styles.heading}>{title}</h1>
      {fault ? <FaultNotice fault={fault} onDismiss={() => dismissFault(vmId)} /> : null}
      <ConsoleView vmId={vmId} console={console} title={title} />
    </div>
  );
}
