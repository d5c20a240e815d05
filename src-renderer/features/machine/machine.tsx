// The machine page: header, what has to be said, and the tabs.
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { type TabItem, Tabs } from '../../components/tabs.tsx';
import { type MachineTab, navigate } from '../../routes.ts';
import { useSlots } from '../../slots.ts';
import { useVm, useVms } from '../../stores/vms.ts';
import { BoardTab } from './board/board-tab.tsx';
import { CommandTab } from './command-tab.tsx';
import { ConsoleTab } from './console-tab.tsx';
import { HardwareTab } from './hardware/hardware-tab.tsx';
import { LogTab } from './log-tab.tsx';
import styles from './machine.module.css';
import { MachineHeader } from './machine-header.tsx';
import { MachineNotices } from './machine-notices.tsx';
import { Overview } from './overview.tsx';

interface MachineProps {
  id: string;
  tab: MachineTab;
  /** The UART that the Console tab shows. */
  console: string | undefined;
}

export function Machine({ id, tab, console }: MachineProps) {
  const vm = useVm(id);
  const { known } = useVms();
  if (!vm) return known ? <Gone /> : null;
  return (
    <div className={styles.machine} data-state={vm.state}>
      <MachineHeader vm={vm} />
      <MachineJobs id={id} />
      <MachineNotices vm={vm} />
      {vm.definition ? (
        <Tabs
          label="Machine"
          value={tab}
          onChange={(next) => navigate({ page: 'vm', id, tab: next })}
          items={tabsOf(vm, console)}
        />
      ) : null}
    </div>
  );
}

function tabsOf(vm: VmView, console: string | undefined): TabItem<MachineTab>[] {
  const { definition } = vm;
  if (!definition) return [];
  const tab = (id: MachineTab, label: string, panel: ReactNode): TabItem<MachineTab> => ({
    id,
    label,
    panel,
  });
  return [
    tab('overview', 'Overview', <Overview vm={vm} definition={definition} />),
    { ...tab('console', 'Console', <ConsoleTab vm={vm} console={console} />), fill: true },
    {
      ...tab('snapshots', 'Snapshots', <Snapshots vm={vm} />),
      fill: true,
      mark: vm.snapshots > 0 ? <Badge>{vm.snapshots}</Badge> : null,
    },
    { ...tab('hardware', 'Hardware', <HardwareTab vm={vm} definition={definition} />), fill: true },
    tab('board', 'Board', <BoardTab vm={vm} />),
    tab('command', 'Command', <CommandTab vm={vm} />),
    { ...tab('log', 'Log', <LogTab vm={vm} />), fill: true },
  ];
}

function MachineJobs({ id }: { id: string }) {
  return (
    <div className={styles.notices}>
      <JobStrips vm={id} />
    </div>
  );
}

function Snapshots({ vm }: { vm: VmView }) {
  const { SnapshotsTab } = useSlots();
  return <SnapshotsTab vm={vm} />;
}

function Gone() {
  return (
    <EmptyState
      page
      icon={SearchX}
      title="This machine is no longer in the library"
      actions={<Button onPress={() => navigate({ page: 'library' })}>Back to the library</Button>}
    >
      It was deleted, or its folder was moved away.
    </EmptyState>
  );
}
