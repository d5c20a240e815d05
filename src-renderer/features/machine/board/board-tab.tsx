// The Board tab: the guest's address space as a picture and a table, and its device tree.
import { useState } from 'react';
import type { MapRegion, MemoryMap } from '../../../../src-main/contract/memory-map.ts';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { Card } from '../../../components/card.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { count } from '../../../components/format.ts';
import { GdbLine } from '../../../components/gdb-line.tsx';
import { FaultNotice } from '../../../components/notice.tsx';
import { SearchField } from '../../../components/search-field.tsx';
import { Spinner } from '../../../components/spinner.tsx';
import { Toolbar } from '../../../components/toolbar.tsx';
import { boardName } from '../../../components/vm-words.ts';
import { AddressPicture } from './address-picture.tsx';
import styles from './board-tab.module.css';
import { DeviceTreeCard } from './device-tree-card.tsx';
import { cDefines, ldMemory, memoryKinds } from './exports.ts';
import { RegionTable } from './region-table.tsx';
import { matchesRegion } from './region-words.ts';
import { useMemoryMap } from './use-memory-map.ts';

export function BoardTab({ vm }: { vm: VmView }) {
  const { map, fault } = useMemoryMap(vm);
  if (fault) return <FaultNotice fault={fault} />;
  if (!map) {
    return (
      <p className={styles.asking} role="status">
        <Spinner /> QEMU is asked what it makes.
      </p>
    );
  }
  return (
    <div className={styles.board}>
      <Debugger vm={vm} />
      {map.treeFault ? <FaultNotice tone="caution" fault={map.treeFault} /> : null}
      <AddressSpace map={map} machine={vm.definition?.machine ?? ''} />
      {map.dts === undefined ? null : <DeviceTreeCard vmId={vm.id} dts={map.dts} />}
    </div>
  );
}

function Debugger({ vm: { id, definition, state } }: { vm: VmView }) {
  if (!definition?.debug.gdb.enabled) return null;
  const waits = definition.debug.startHalted && state === 'paused';
  return (
    <Card
      title="Debugger"
      description={
        waits
          ? 'The cores wait: continue in the debugger, or press Resume.'
          : 'GDB attaches while the machine runs; its name is gdb where there is no gdb-multiarch.'
      }
    >
      <GdbLine definition={definition} vmId={id} />
    </Card>
  );
}

function AddressSpace({ map, machine }: { map: MemoryMap; machine: string }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<MapRegion | null>(null);
  const { regions } = map;
  const found = regions.filter((region) => matchesRegion(region, query));
  const choose = (region: MapRegion) => {
    if (!found.includes(region)) setQuery('');
    setChosen(region);
  };
  return (
    <Card
      title="Address space"
      description={sourceWords(map)}
      actions={
        <Toolbar label="Address space">
          <CopyButton words text={cDefines(found, boardName(machine))} label="Copy as C #defines" />
          {memoryKinds(regions).length > 0 ? (
            <CopyButton words text={ldMemory(regions)} label="Copy as linker MEMORY" />
          ) : null}
        </Toolbar>
      }
      flush
    >
      <div className={styles.space}>
        <figure className={styles.figure}>
          <AddressPicture regions={regions} chosen={chosen} onChoose={choose} />
          <figcaption className={styles.scale}>
            Heights are logarithmic: each doubling of a range adds the same. A torn edge leaves out what is
            empty.
          </figcaption>
        </figure>
        <div className={styles.list}>
          <div className={styles.search}>
            <SearchField
              label="Search the address space"
              placeholder="Name, compatible, interrupt or 0x address"
              value={query}
              onChange={setQuery}
            />
            <p className={styles.count} role="status">
              {query === ''
                ? count(regions.length, 'range')
                : `${found.length} of ${count(regions.length, 'range')}`}
            </p>
          </div>
          <RegionTable source={map.source} regions={found} chosen={chosen} />
        </div>
      </div>
    </Card>
  );
}

function sourceWords({ source, regions }: MemoryMap): string {
  if (source === 'qemu') {
    return 'In QEMU’s own words: this board makes no device tree, and the guest was given none.';
  }
  const missing = regions.some(({ made }) => made !== 'yes');
  return missing
    ? 'From the device tree that the guest gets, held against what QEMU really makes.'
    : 'From the device tree that the guest gets; QEMU makes all of it.';
}
