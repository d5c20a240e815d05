// What an empty library shows: the one click to a running guest, the other ways, and what this computer can do.
import { CircuitBoard, Disc3, HardDrive, Play, SquareTerminal } from 'lucide-react';
import { type CSSProperties, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import { faultOf } from '../../client/faults.ts';
import { Button } from '../../components/button.tsx';
import { Mark } from '../../components/mark.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { formatRoute, navigate } from '../../routes.ts';
import { useHost } from '../../stores/host.ts';
import { runSample } from '../../stores/sample.ts';
import { HostCard } from './host-card.tsx';
import styles from './welcome.module.css';

const otherWays = [
  {
    icon: SquareTerminal,
    source: 'kernel',
    title: 'Linux kernel',
    text: 'An Image, an initrd and a command line.',
  },
  { icon: Disc3, source: 'iso', title: 'Installer ISO', text: 'UEFI firmware and a new, empty disk.' },
  { icon: HardDrive, source: 'disk', title: 'Disk image', text: 'A qcow2 or raw image that boots.' },
  {
    icon: CircuitBoard,
    source: 'firmware',
    title: 'Firmware',
    text: 'U-Boot, pflash, or an ELF on bare metal.',
  },
] as const;

export function Welcome() {
  const { qemu } = useHost();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const start = async () => {
    setBusy(true);
    setFault(null);
    try {
      const vm = await runSample();
      navigate({ page: 'vm', id: vm.id, tab: 'console' });
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <div className={styles.welcome} data-welcome>
      <header>
        <h1 className={styles.title}>No virtual machines yet</h1>
        <p className={styles.lead}>Armoire runs ARM guests on this computer and keeps their consoles.</p>
      </header>
      {fault ? <FaultNotice fault={fault} onDismiss={() => setFault(null)} /> : null}
      {qemu?.fault ? (
        <FaultNotice fault={qemu.fault} actions={<a href="#/settings">QEMU settings</a>} />
      ) : null}
      <section className={styles.hero} aria-labelledby="sample-title">
        <div className={styles.heroText}>
          <h2 id="sample-title" className={styles.heroTitle}>
            Run the sample guest
          </h2>
          <p>
            A small bare-metal program for the virt board. It prints what hardware it finds – exception level,
            CPU, RAM, UART – and answers a few commands. It ships with Armoire: nothing is downloaded.
          </p>
          <Button
            icon={Play}
            variant="primary"
            size="l"
            busy={busy}
            onPress={start}
            isDisabled={!qemu?.inUse}
          >
            {busy ? 'Starting…' : 'Create and start'}
          </Button>
        </div>
        <div aria-hidden className={styles.picture}>
          <Mark size={44} />
          <span className={styles.wire} />
          <span className={styles.terminal}>
            {['85%', '55%', '70%'].map((length) => (
              <span key={length} className={styles.printed} style={{ '--length': length } as CSSProperties} />
            ))}
            <span className={styles.prompt} />
          </span>
        </div>
      </section>
      <section aria-labelledby="other-title">
        <h2 id="other-title" className={styles.heading}>
          Or run something of yours
        </h2>
        <ul className={styles.ways}>
          {otherWays.map(({ icon: Icon, source, title, text }) => (
            <li key={title}>
              <a href={formatRoute({ page: 'new', source })} className={styles.way}>
                <Icon aria-hidden />
                <span>
                  <span className={styles.wayTitle}>{title}</span>
                  <span className={styles.wayText}>{text}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <HostCard />
    </div>
  );
}
