// Says that every start begins from a snapshot, whichever one is looked at.
import { Repeat } from 'lucide-react';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { setResetTo } from './snapshot-menu.ts';
import styles from './snapshots.module.css';

export function ResetBanner({ vm }: { vm: VmView }) {
  if (!vm.resetTo) return null;
  return (
    <div className={styles.reset}>
      <Repeat aria-hidden className={styles.resetIcon} />
      <p>
        Every start begins from <strong>{vm.resetTo.name}</strong>: what was changed since the last start is
        dropped.
      </p>
      <Button size="s" onPress={() => setResetTo(vm.id, null)}>
        Start from the present again
      </Button>
    </div>
  );
}
