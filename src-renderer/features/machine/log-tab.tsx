// The Log tab: what the supervisor did with the machine, and what QEMU said about it.
import { RefreshCw, ScrollText } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import styles from './log-tab.module.css';

type Log = Awaited<ReturnType<typeof client.vms.log>>;

export function LogTab({ vm: { id, state } }: { vm: VmView }) {
  const [log, setLog] = useState<Log | null>(null);
  const [fault, setFault] = useState<FaultData | null>(null);
  const end = useRef<HTMLPreElement>(null);

  const load = useCallback(async () => {
    try {
      setLog(await client.vms.log({ id }));
      setFault(null);
    } catch (error) {
      setFault(faultOf(error));
    }
  }, [id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of state is what writes to the log
  useEffect(() => {
    void load();
  }, [load, state]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: newest last, so a new text is looked at from its end
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [log?.text]);

  return (
    <div className={styles.log}>
      <div className={styles.bar}>
        <p className={styles.hint}>
          {log?.truncated
            ? 'The newest part; older lines are left out.'
            : 'What Armoire did, and what QEMU said.'}
        </p>
        <Toolbar label="Log">
          {log?.text ? <CopyButton words text={log.text} label="Copy" /> : null}
          <Button size="s" icon={RefreshCw} onPress={load}>
            Refresh
          </Button>
        </Toolbar>
      </div>
      {fault ? <FaultNotice fault={fault} /> : null}
      {log?.text === '' ? (
        <EmptyState icon={ScrollText} title="Nothing has been logged yet" />
      ) : log ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
        <pre ref={end} className={styles.text} tabIndex={0} role="log" aria-label="Log of the machine">
          {log.text}
        </pre>
      ) : null}
    </div>
  );
}
