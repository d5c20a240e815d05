// The device tree as the guest gets it: its source to read and copy, the compiled file to save.
import { Download } from 'lucide-react';
import type { DeviceTreeForm } from '../../../../src-main/contract/memory-map.ts';
import { client } from '../../../client/client.ts';
import { faultOf } from '../../../client/faults.ts';
import { download } from '../../../client/transfer.ts';
import { Button } from '../../../components/button.tsx';
import { Card } from '../../../components/card.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { showToast } from '../../../components/toasts.ts';
import { Toolbar } from '../../../components/toolbar.tsx';
import styles from './board-tab.module.css';

interface DeviceTreeCardProps {
  vmId: string;
  dts: string;
}

export function DeviceTreeCard({ vmId, dts }: DeviceTreeCardProps) {
  return (
    <Card
      title="Device tree"
      description="What the guest is told of its board, with RAM and command line as QEMU fills them in."
      actions={
        <Toolbar label="Device tree">
          <CopyButton words text={dts} label="Copy" />
          <Button size="s" icon={Download} onPress={() => save(vmId, 'dts')}>
            Save source
          </Button>
          <Button size="s" icon={Download} onPress={() => save(vmId, 'dtb')}>
            Save compiled
          </Button>
        </Toolbar>
      }
      flush
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
      <section className={styles.source} tabIndex={0} aria-label="Source of the device tree">
        <pre>{dts}</pre>
      </section>
    </Card>
  );
}

async function save(id: string, form: DeviceTreeForm): Promise<void> {
  try {
    const { ticket, savedAs } = await client.boards.saveDeviceTree({ id, form });
    if (ticket !== null) download(ticket);
    if (savedAs !== null) showToast({ kind: 'done', message: `Saved as ${savedAs}.` });
  } catch (error) {
    showToast({ kind: 'fault', title: 'The device tree was not saved', fault: faultOf(error) });
  }
}
