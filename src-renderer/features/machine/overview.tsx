// The Overview tab: a picture of the console, the facts, and live graphs.
import { Maximize2 } from 'lucide-react';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Facts } from '../../components/facts.tsx';
import { navigate } from '../../routes.ts';
import { useSlots } from '../../slots.ts';
import { useDiskReport } from './disks/use-disk-report.ts';
import { hardwareFacts, lifeFacts } from './facts-of.tsx';
import { LiveGraphs } from './live-graphs.tsx';
import styles from './overview.module.css';
import { storageFacts } from './storage-facts.tsx';

interface OverviewProps {
  vm: VmView;
  definition: VmDefinition;
}

export function Overview({ vm, definition }: OverviewProps) {
  return (
    <div className={styles.overview}>
      <div className={styles.column}>
        <ConsoleCard vm={vm} />
        {vm.run ? <LiveGraphs key={vm.run.startedAt} id={vm.id} definition={definition} /> : null}
      </div>
      <div className={styles.column}>
        <Card title="Hardware">
          <Facts facts={hardwareFacts(definition, vm)} />
        </Card>
        <StorageCard vm={vm} />
        <Card title="Life">
          <Facts facts={lifeFacts(vm)} />
        </Card>
        {definition.note ? (
          <Card title="Note">
            <p className={styles.noteText}>{definition.note}</p>
          </Card>
        ) : null}
      </div>
    </div>
  );
}

function StorageCard({ vm }: { vm: VmView }) {
  const report = useDiskReport(vm);
  const facts = storageFacts(vm, report);
  if (facts.length === 0) return null;
  return (
    <Card title="Storage">
      <Facts facts={facts} />
    </Card>
  );
}

function ConsoleCard({ vm }: { vm: VmView }) {
  const { ConsolePreview } = useSlots();
  const first = vm.consoles.find(({ main }) => main) ?? vm.consoles[0];
  if (!first) return null;
  const open = () => navigate({ page: 'vm', id: vm.id, tab: 'console', console: first.id });
  return (
    <Card
      title="Console"
      actions={
        <Button size="s" variant="quiet" icon={Maximize2} onPress={open}>
          Open
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the Open button does the same by keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the pointer only */}
      <div className={styles.picture} onClick={open}>
        {vm.run || vm.lastExit || vm.saved ? (
          <ConsolePreview vmId={vm.id} console={first.id} />
        ) : (
          <p className={styles.neverRun}>Not started yet: nothing has been printed.</p>
        )}
      </div>
    </Card>
  );
}
