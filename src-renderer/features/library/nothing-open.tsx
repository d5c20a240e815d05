// The centre while no VM is open: a welcome in an empty library, else a word on how to go on.
import { MousePointerClick, Plus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useMediaQuery } from '../../components/use-media-query.ts';
import { navigate } from '../../routes.ts';
import { useVms } from '../../stores/vms.ts';
import { HostCard } from './host-card.tsx';
import styles from './nothing-open.module.css';
import { Welcome } from './welcome.tsx';

export function NothingOpen() {
  const { known, byId } = useVms();
  const narrow = useMediaQuery('(max-width: 46rem)');
  if (!known) return null;
  if (byId.size === 0) return <Welcome />;
  // The list has the window to itself; those who go by landmarks and headings still find where they are.
  if (narrow) return <h1>Library</h1>;
  return (
    <div className={styles.page}>
      <EmptyState
        icon={MousePointerClick}
        page
        title="Choose a machine"
        actions={
          <Button icon={Plus} onPress={() => navigate({ page: 'new' })}>
            New machine
          </Button>
        }
      >
        Its console, hardware and command line are shown here.
      </EmptyState>
      <HostCard />
    </div>
  );
}
