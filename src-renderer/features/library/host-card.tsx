// What this computer can do for ARM guests: its QEMU, acceleration and why, firmware, disk space.
import { Cpu, HardDrive, type LucideIcon, MemoryStick, Microchip } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HostInfo } from '../../../src-main/contract/host.ts';
import type { FirmwareDescriptor, QemuCapabilities } from '../../../src-main/contract/qemu.ts';
import { formatBytes, formatMiB } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import { useHost } from '../../stores/host.ts';
import { acceleration } from './acceleration.ts';
import styles from './host-card.module.css';

const origins: Record<QemuCapabilities['origin'], string> = {
  bundled: 'Bundled with Armoire',
  path: 'Installed on this system',
  setting: 'Chosen in the settings',
};

export function HostCard() {
  const { info, qemu, fault } = useHost();
  return (
    <section aria-labelledby="host-title" className={styles.host}>
      <h2 id="host-title" className={styles.heading}>
        What this computer can do
      </h2>
      {fault ? <FaultNotice fault={fault} /> : null}
      <dl className={styles.tiles}>
        {qemu?.inUse ? <QemuTiles qemu={qemu.inUse} platform={info?.platform} /> : null}
        {info ? <HostTiles info={info} /> : null}
      </dl>
    </section>
  );
}

function QemuTiles({ qemu, platform }: { qemu: QemuCapabilities; platform: string | undefined }) {
  const { boards } = useHost();
  const native = platform === 'darwin' ? 'hvf' : 'kvm';
  const best = acceleration(qemu.accelerators);
  const uefi = uefiFirmware(qemu.firmware);
  return (
    <>
      <Tile icon={Microchip} term="QEMU" value={qemu.version.text}>
        {origins[qemu.origin]}; {boards?.length ?? qemu.machines.length} boards, {qemu.cpus.length} CPU
        models.
      </Tile>
      <Tile icon={Cpu} term="Acceleration" value={best.name.toUpperCase()}>
        {best.reason}
        {qemu.accelerators
          .filter((report) => !report.usable && report.name === native)
          .map(({ name, reason }) => (
            <span key={name} className={styles.line}>
              {name.toUpperCase()}: {reason}
            </span>
          ))}
      </Tile>
      <Tile icon={MemoryStick} term="UEFI firmware" value={uefi ? 'Found' : 'Not found'}>
        {uefi ? uefi.description : 'Needed for installers and disk images; other sources run without it.'}
      </Tile>
    </>
  );
}

/** The plain one, where there are several: what a new machine takes. */
function uefiFirmware(all: readonly FirmwareDescriptor[]): FirmwareDescriptor | undefined {
  const fitting = all.filter((firmware) => firmware.architecture === 'aarch64');
  return fitting.find((firmware) => !firmware.features.includes('secure-boot')) ?? fitting[0];
}

function HostTiles({ info }: { info: HostInfo }) {
  return (
    <Tile icon={HardDrive} term="Library" value={`${formatBytes(info.library.freeBytes)} free`}>
      {info.library.writable ? '' : 'Read-only! '}
      <span className={styles.path}>{info.library.path}</span> on {info.hostName}, {info.cores} cores,{' '}
      {formatMiB(info.memoryMiB)} of memory.
    </Tile>
  );
}

interface TileProps {
  icon: LucideIcon;
  term: string;
  value: string;
  children: ReactNode;
}

function Tile({ icon: Icon, term, value, children }: TileProps) {
  return (
    <div className={styles.tile}>
      <dt>
        <Icon aria-hidden />
        {term}
      </dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.note}>{children}</dd>
    </div>
  );
}
