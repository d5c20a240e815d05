// What runs here: versions, this computer, where the library is.

import type { HostInfo } from '../../../src-main/contract/host.ts';
import type { QemuReport } from '../../../src-main/contract/qemu.ts';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { type Fact, Facts } from '../../components/facts.tsx';
import { formatBytes, formatMiB } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import { useHost } from '../../stores/host.ts';

export function AboutCard() {
  const { info, qemu, fault } = useHost();
  if (fault && !info) return <FaultNotice fault={fault} />;
  if (!info) return null;
  return (
    <Card
      title="About"
      actions={<CopyButton words text={reportText(info, qemu)} label="Copy for a bug report" />}
    >
      <Facts facts={factsOf(info)} />
    </Card>
  );
}

function factsOf(info: HostInfo): Fact[] {
  const { library } = info;
  return [
    { term: 'Armoire', value: `${info.armoireVersion}, ${info.capabilities.mode} mode, Apache-2.0` },
    { term: 'Computer', value: `${info.hostName}, ${info.platform} ${info.arch}` },
    { term: 'Processor', value: `${info.cpuModel}, ${info.cores} cores` },
    { term: 'Memory', value: `${formatMiB(info.memoryMiB)}, ${formatMiB(info.freeMemoryMiB)} free` },
    { term: 'Library', value: <code>{library.path}</code> },
    {
      term: 'Disk',
      value: `${formatBytes(library.freeBytes)} free${library.writable ? '' : '; the library is read-only'}`,
    },
  ];
}

/** Nothing of the user's: no paths, no names. */
function reportText(info: HostInfo, qemu: QemuReport | null): string {
  return [
    `Armoire ${info.armoireVersion} (${info.capabilities.mode})`,
    `${info.platform} ${info.arch}, ${info.cpuModel}, ${info.cores} cores, ${info.memoryMiB} MiB`,
    qemu?.inUse ? `QEMU ${qemu.inUse.version.text} (${qemu.inUse.origin})` : 'No usable QEMU',
    ...(qemu?.inUse?.accelerators ?? []).map(
      ({ name, usable, reason }) => `${name}: ${usable ? 'usable' : 'not usable'} – ${reason}`,
    ),
  ].join('\n');
}
