// The present: where the machine is, and what it grew from.
import type { SnapshotTree } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Card } from '../../components/card.tsx';
import { Facts } from '../../components/facts.tsx';
import { formatBytes } from '../../components/format.ts';
import { stateWords } from '../../components/state-words.ts';
import { useSlots } from '../../slots.ts';
import { takeWords } from './snapshot-words.ts';
import styles from './snapshots.module.css';

export function PresentPane({ vm, tree }: { vm: VmView; tree: SnapshotTree }) {
  const { ConsolePreview } = useSlots();
  const console = vm.consoles.find(({ main }) => main) ?? vm.consoles[0];
  const parent = tree.snapshots.find(({ id }) => id === tree.present.parent);
  return (
    <article className={styles.pane} aria-label="Present">
      <header className={styles.paneHeader}>
        <div className={styles.paneWho}>
          <h2 className={styles.paneName}>Present</h2>
          <p className={styles.paneMarks}>{stateWords[vm.state]}</p>
        </div>
      </header>
      {console && (vm.run || vm.lastExit) ? <ConsolePreview vmId={vm.id} console={console.id} /> : null}
      <Card title="What it is">
        <Facts
          facts={[
            { term: 'Grew from', value: parent?.name ?? 'No snapshot' },
            { term: 'Changes', value: changeWords(tree.present.bytes) },
            { term: 'A snapshot now', value: takeWords(vm.state) },
          ]}
        />
      </Card>
    </article>
  );
}

function changeWords(bytes: number): string {
  return bytes === 0 ? 'Nothing on its disks since then' : `${formatBytes(bytes)} on its disks since then`;
}
