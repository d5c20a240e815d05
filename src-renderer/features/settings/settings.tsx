// The settings page. Every change is saved at once; the main side's answer is what is shown.
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { Settings } from '../../../src-main/contract/host.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Switch } from '../../components/switch.tsx';
import { navigate } from '../../routes.ts';
import { useHost } from '../../stores/host.ts';
import { useSettings } from '../../stores/settings.ts';
import { AboutCard } from './about-card.tsx';
import { NumberSetting } from './number-setting.tsx';
import { QemuCard } from './qemu-card.tsx';
import styles from './settings.module.css';

export type SaveSettings = (changes: Partial<Settings>) => Promise<void>;

export function SettingsPage() {
  const settings = useSettings();
  const [fault, setFault] = useState<FaultData | null>(null);
  const save: SaveSettings = async (changes) => {
    try {
      await client.host.saveSettings(changes);
      setFault(null);
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <span className={styles.back}>
          <IconButton
            icon={ArrowLeft}
            label="Back to the library"
            onPress={() => navigate({ page: 'library' })}
          />
        </span>
        <h1 className={styles.title}>Settings</h1>
      </header>
      {fault ? <FaultNotice fault={fault} onDismiss={() => setFault(null)} /> : null}
      {settings ? <Sections settings={settings} save={save} /> : null}
      <AboutCard />
    </div>
  );
}

interface SectionProps {
  settings: Settings;
  save: SaveSettings;
}

function Sections({ settings, save }: SectionProps): ReactNode {
  return (
    <>
      <AppearanceCard settings={settings} save={save} />
      <QemuCard settings={settings} save={save} />
      <MachinesCard settings={settings} save={save} />
      <ConsoleCard settings={settings} save={save} />
    </>
  );
}

function AppearanceCard({ settings, save }: SectionProps) {
  return (
    <Card title="Appearance">
      <ChoiceList
        label="Theme"
        look="segments"
        value={settings.theme}
        onChange={(theme) => save({ theme })}
        choices={[
          { id: 'system', label: 'As the system' },
          { id: 'light', label: 'Light' },
          { id: 'dark', label: 'Dark' },
        ]}
      />
    </Card>
  );
}

function MachinesCard({ settings, save }: SectionProps) {
  const desktop = useHost().info?.capabilities.mode === 'desktop';
  return (
    <Card title="Machines">
      <div className={styles.fields}>
        {desktop ? (
          <ChoiceList
            label="Quitting while machines run"
            value={settings.onQuit}
            onChange={(onQuit) => save({ onQuit })}
            choices={[
              { id: 'ask', label: 'Ask' },
              {
                id: 'keep-running',
                label: 'Keep them running',
                note: 'They are there again at the next start.',
              },
              {
                id: 'save-state',
                label: 'Save their state',
                note: 'Their memory goes to disk, and they go on from there when they are started.',
              },
              {
                id: 'shut-down',
                label: 'Shut them down',
                note: 'Each is asked, and waited for, before Armoire ends.',
              },
            ]}
          />
        ) : null}
        <NumberSetting
          label="Wait for a guest to shut down"
          unit="s"
          min={5}
          max={600}
          value={settings.shutdownWaitSeconds}
          onSave={(shutdownWaitSeconds) => save({ shutdownWaitSeconds })}
          description="After so long Force stop is offered. 5 to 600 seconds."
        />
      </div>
    </Card>
  );
}

function ConsoleCard({ settings, save }: SectionProps) {
  return (
    <Card title="Console">
      <div className={styles.fields}>
        <NumberSetting
          label="Font size"
          unit="px"
          min={8}
          max={40}
          value={settings.consoleFontSize}
          onSave={(consoleFontSize) => save({ consoleFontSize })}
        />
        <NumberSetting
          label="Output kept per console"
          unit="MiB"
          min={1}
          max={4096}
          value={settings.consoleCapMiB}
          onSave={(consoleCapMiB) => save({ consoleCapMiB })}
          description="The oldest output is dropped beyond this. 1 MiB to 4096 MiB."
        />
        <Switch
          label="Ask before pasting several lines"
          description="A line break in pasted text runs a command at once."
          value={settings.confirmPaste}
          onChange={(confirmPaste) => save({ confirmPaste })}
        />
      </div>
    </Card>
  );
}
