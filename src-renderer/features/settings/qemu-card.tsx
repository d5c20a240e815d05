// Which QEMU is used: the order of search, a binary of one's own, and what was found.
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Settings } from '../../../src-main/contract/host.ts';
import type { QemuCandidate, QemuCapabilities, QemuReport } from '../../../src-main/contract/qemu.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { useSlots } from '../../slots.ts';
import { askHost, useHost } from '../../stores/host.ts';
import { usableCandidate, versionNumber } from './qemu-candidates.ts';
import styles from './settings.module.css';
import type { SaveSettings } from './settings.tsx';

interface QemuCardProps {
  settings: Settings;
  save: SaveSettings;
}

export function QemuCard({ settings, save }: QemuCardProps) {
  const { qemu } = useHost();
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    await askHost(true);
    setBusy(false);
  };
  const saveAndLook: SaveSettings = async (changes) => {
    await save(changes);
    await look();
  };
  return (
    <Card
      title="QEMU"
      description="Armoire needs QEMU 8.2 or newer with ARM system emulation."
      actions={
        <Button size="s" icon={RefreshCw} busy={busy} onPress={look}>
          Look again
        </Button>
      }
    >
      <div className={styles.fields}>
        {qemu?.fault ? (
          <FaultNotice fault={qemu.fault} actions={<Another report={qemu} save={saveAndLook} />} />
        ) : null}
        {qemu ? <Candidates report={qemu} /> : null}
        <ChoiceList
          label="Look first"
          value={settings.qemuOrder}
          onChange={(qemuOrder) => saveAndLook({ qemuOrder })}
          choices={[
            { id: 'bundled-first', label: 'at the one that came with Armoire' },
            { id: 'system-first', label: 'at the one that is installed on this system' },
          ]}
        />
        <PathSetting path={settings.qemuPath} onSave={(qemuPath) => saveAndLook({ qemuPath })} />
        {qemu?.inUse ? <Accelerators qemu={qemu.inUse} /> : null}
      </div>
    </Card>
  );
}

const origins: Record<QemuCandidate['origin'], string> = {
  setting: 'Chosen here',
  bundled: 'Bundled',
  path: 'System',
};

/** The way out of a binary that cannot be used: one that can, the bundled one first. */
function Another({ report, save }: { report: QemuReport; save: SaveSettings }) {
  const other = usableCandidate(report.candidates);
  if (other === undefined) return null;
  const { origin, version } = other;
  return (
    <Button
      size="s"
      variant="primary"
      onPress={() =>
        save({ qemuPath: null, qemuOrder: origin === 'bundled' ? 'bundled-first' : 'system-first' })
      }
    >
      Use {origin === 'bundled' ? 'the bundled QEMU' : 'the QEMU of this system'} ({versionNumber(version)})
    </Button>
  );
}

function Candidates({ report }: { report: QemuReport }) {
  if (report.candidates.length === 0) return null;
  return (
    <ul className={styles.candidates} aria-label="QEMU binaries found">
      {report.candidates.map(({ path, origin, version, fault }) => (
        <li key={path} className={styles.candidate}>
          <p className={styles.candidateHead}>
            <strong>{version?.text ?? 'Unknown version'}</strong>
            <Badge>{origins[origin]}</Badge>
            {report.inUse?.path === path ? <Badge tone="good">in use</Badge> : null}
            {fault ? <Badge tone="bad">not usable</Badge> : null}
          </p>
          <code className={styles.path}>{path}</code>
          {fault ? (
            <p className={styles.candidateFault}>
              {fault.message} {fault.remedy}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function PathSetting({ path, onSave }: { path: string | null; onSave: (path: string | null) => void }) {
  const { FileField } = useSlots();
  const [shown, setShown] = useState(path ?? '');
  useEffect(() => setShown(path ?? ''), [path]);
  const changed = shown !== (path ?? '');
  return (
    <div className={styles.pathSetting}>
      <FileField
        label="A binary of your own"
        purpose="any"
        value={shown}
        onChange={setShown}
        placeholder="/usr/local/bin/qemu-system-aarch64"
        description="Wins over the order above. Leave it empty to let Armoire look."
      />
      {changed ? (
        <div className={styles.row}>
          <Button size="s" variant="primary" onPress={() => onSave(shown === '' ? null : shown)}>
            {shown === '' ? 'Let Armoire look' : 'Use this binary'}
          </Button>
          <Button size="s" onPress={() => setShown(path ?? '')}>
            Leave as it was
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Accelerators({ qemu }: { qemu: QemuCapabilities }) {
  return (
    <div>
      <h3 className={styles.label}>Accelerators</h3>
      <ul className={styles.accelerators}>
        {qemu.accelerators.map(({ name, usable, reason }) => (
          <li key={name}>
            <Badge tone={usable ? 'good' : 'neutral'}>{name.toUpperCase()}</Badge> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
