// What a machine takes on this computer's disk, what it builds on, and where its starts begin.
import type { ReactNode } from 'react';
import type { DiskReport } from '../../../src-main/contract/disk.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import type { Fact } from '../../components/facts.tsx';
import { count, formatBytes, formatMoment } from '../../components/format.ts';
import { formatRoute, type MachineTab } from '../../routes.ts';

/** `report` null: not known yet. */
export function storageFacts(vm: VmView, report: DiskReport | null): Fact[] {
  const { basedOn, resetTo, saved, snapshots } = vm;
  const facts: Fact[] = [];
  if (report) facts.push({ term: 'On disk', value: formatBytes(report.totalBytes) });
  if (snapshots > 0) {
    const share = report ? `, ${formatBytes(report.snapshotBytes)} of that` : '';
    facts.push({
      term: 'Snapshots',
      value: link(vm.id, 'snapshots', `${count(snapshots, 'snapshot')}${share}`),
    });
  }
  if (saved)
    facts.push({
      term: 'Saved state',
      value: `${formatBytes(saved.bytes)}, on ${formatMoment(saved.at)}`,
    });
  if (resetTo)
    facts.push({ term: 'Every start', value: <>Begins from {link(vm.id, 'snapshots', resetTo.name)}</> });
  if (basedOn) facts.push({ term: 'Based on', value: link(basedOn.id, 'overview', basedOn.name) });
  return facts;
}

function link(id: string, tab: MachineTab, words: string): ReactNode {
  return <a href={formatRoute({ page: 'vm', id, tab })}>{words}</a>;
}
