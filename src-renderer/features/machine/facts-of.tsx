// A machine's hardware and life as facts.
import type { ReactNode } from 'react';
import type { Disk, PortForward, VmDefinition } from '../../../src-main/contract/definition.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Badge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import type { Fact } from '../../components/facts.tsx';
import { formatMiB, formatMoment } from '../../components/format.ts';
import { GdbLine } from '../../components/gdb-line.tsx';
import { bootWords, fileName, forwardWords, sshCommand } from './definition-words.ts';
import { exitWords } from './exit-words.ts';
import styles from './overview.module.css';

export function hardwareFacts(definition: VmDefinition, vm: VmView): Fact[] {
  const { machine, cpu, vcpus, memoryMiB, disks, network, debug } = definition;
  const facts: Fact[] = [
    { term: 'Board', value: <code>{machine}</code> },
    { term: 'CPU', value: <code>{`${vcpus} × ${cpu}`}</code> },
    { term: 'Memory', value: formatMiB(memoryMiB) },
    { term: 'Acceleration', value: accelerationWords(definition, vm) },
    { term: 'Boot', value: bootWords(definition) },
  ];
  if (disks.length > 0) facts.push({ term: 'Disks', value: lines(disks, (disk) => disk.id, diskLine) });
  facts.push({
    term: 'Network',
    value: network.mode === 'none' ? 'None' : 'User mode, behind this computer',
  });
  if (network.mode === 'user' && network.forwards.length > 0)
    facts.push({ term: 'Port forwards', value: lines(network.forwards, forwardWords, forwardLine) });
  if (debug.gdb.enabled) facts.push({ term: 'GDB', value: <GdbLine definition={definition} vmId={vm.id} /> });
  return facts;
}

export function lifeFacts(vm: VmView): Fact[] {
  const { run, lastExit } = vm;
  const facts: Fact[] = [];
  if (run) {
    facts.push(
      { term: 'Started', value: formatMoment(run.startedAt) },
      { term: 'QEMU', value: run.qemuVersion },
      { term: 'Process', value: run.pid },
    );
  }
  if (lastExit)
    facts.push({ term: 'Last ended', value: `${formatMoment(lastExit.at)}: ${exitWords[lastExit.kind]}` });
  facts.push(
    { term: 'Created', value: formatMoment(vm.createdAt) },
    { term: 'Identity', value: <code>{vm.id}</code> },
  );
  return facts;
}

function accelerationWords({ accelerator }: VmDefinition, { run }: VmView): string {
  if (run) return run.accelerator.toUpperCase();
  return accelerator === 'auto' ? 'Automatic' : accelerator.toUpperCase();
}

function lines<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  render: (item: Item) => ReactNode,
): ReactNode {
  return (
    <ul className={styles.lines}>
      {items.map((item) => (
        <li key={keyOf(item)} className={styles.line}>
          {render(item)}
        </li>
      ))}
    </ul>
  );
}

function diskLine({ file, format, bus, media, readOnly }: Disk): ReactNode {
  return (
    <>
      <span className={styles.mono} title={file}>
        {fileName(file)}
      </span>
      <Badge>{media === 'cdrom' ? 'CD-ROM' : format}</Badge>
      <Badge>{bus}</Badge>
      {readOnly && media === 'disk' ? <Badge>read-only</Badge> : null}
    </>
  );
}

function forwardLine(forward: PortForward): ReactNode {
  const ssh = sshCommand(forward);
  return (
    <>
      <code>{forwardWords(forward)}</code>
      {ssh ? <CopyButton text={ssh} label="Copy ssh command" /> : null}
    </>
  );
}
