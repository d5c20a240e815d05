// The map as a table: every range with its addresses, what it is, its interrupts, and whether QEMU makes it.
import { useEffect, useRef } from 'react';
import type { MapRegion, MemoryMap } from '../../../../src-main/contract/memory-map.ts';
import { Badge } from '../../../components/badge.tsx';
import styles from './region-table.module.css';
import { kindWords, madeWords, sizeWords } from './region-words.ts';

interface RegionTableProps {
  /** Without a device tree nobody tells what is compatible with what, and which interrupts there are. */
  source: MemoryMap['source'];
  regions: readonly MapRegion[];
  chosen: MapRegion | null;
}

export function RegionTable({ source, regions, chosen }: RegionTableProps) {
  const told = source === 'device-tree';
  const chosenRow = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) chosenRow.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Ranges of the address space">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Start</th>
            <th scope="col">End</th>
            <th scope="col">Size</th>
            <th scope="col">What</th>
            {told ? <th scope="col">Compatible</th> : null}
            {told ? <th scope="col">Interrupts</th> : null}
          </tr>
        </thead>
        <tbody>
          {regions.map((region) => (
            <tr
              key={`${region.start} ${region.end} ${region.name}`}
              ref={region === chosen ? chosenRow : null}
              aria-current={region === chosen}
            >
              <td className={styles.hex}>{region.start}</td>
              <td className={styles.hex}>{region.end}</td>
              <td className={styles.size} title={region.size}>
                {sizeWords(BigInt(region.size))}
              </td>
              <td className={styles.what}>
                <What region={region} />
              </td>
              {told ? <td className={styles.compatible}>{region.compatible.join(', ')}</td> : null}
              {told ? <td className={styles.interrupts}>{region.interrupts.join('; ')}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function What({ region }: { region: MapRegion }) {
  const { label, name, kind, path } = region;
  const made = madeWords[region.made];
  return (
    <>
      <span className={styles.label}>
        {label}
        {kind === 'device' || kindWords[kind] === label ? null : <Badge>{kindWords[kind]}</Badge>}
        {made ? (
          <span title={made.why}>
            <Badge tone="caution">{made.word}</Badge>
          </span>
        ) : null}
      </span>
      {name === label ? null : (
        <code className={styles.name} title={path}>
          {name}
        </code>
      )}
    </>
  );
}
