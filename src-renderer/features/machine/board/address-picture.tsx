// The address space as a picture: every range with a height by its size, every gap as a break that says how wide it is.
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';
import { cx } from '../../../components/cx.ts';
import styles from './address-picture.module.css';
import { kindWords, madeWords, sizeWords } from './region-words.ts';
import { heightOf, type Span, spansOf } from './spans.ts';

interface AddressPictureProps {
  regions: readonly MapRegion[];
  chosen: MapRegion | null;
  onChoose: (region: MapRegion) => void;
}

const hexOf = (address: bigint) => `0x${address.toString(16).padStart(8, '0')}`;

type RegionSpan = Extract<Span, { kind: 'region' }>;

export function AddressPicture({ regions, chosen, onChoose }: AddressPictureProps) {
  const spans = spansOf(regions);
  const chosenSpan = spans.find((span): span is RegionSpan => span.kind === 'region' && holds(span, chosen));
  return (
    <ListBox
      aria-label="Address space, the lowest address first"
      className={cx(styles.picture)}
      selectionMode="single"
      selectedKeys={chosenSpan ? [keyOf(chosenSpan)] : []}
      disabledKeys={spans.filter(({ kind }) => kind === 'gap').map(keyOf)}
      onAction={(key) => {
        const span = spans.find((candidate) => keyOf(candidate) === key);
        if (span?.kind === 'region') onChoose(span.region);
      }}
      onSelectionChange={(keys) => {
        const span = spans.find((candidate) => keys !== 'all' && keys.has(keyOf(candidate)));
        if (span?.kind === 'region') onChoose(span.region);
      }}
    >
      {spans.map((span) => (
        <ListBoxItem
          key={keyOf(span)}
          id={keyOf(span)}
          textValue={wordsOf(span)}
          aria-label={wordsOf(span)}
          className={cx(styles.row, span.kind === 'gap' && styles.gapRow)}
          style={{ paddingInlineStart: `${span.depth * 0.75}rem` }}
        >
          {span.kind === 'gap' ? <Gap span={span} /> : <Block span={span} />}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

function keyOf({ kind, start, end, depth }: Span): string {
  return `${kind} ${start} ${end} ${depth}`;
}

function holds({ start, end, region }: RegionSpan, chosen: MapRegion | null): boolean {
  if (chosen === null || chosen.label !== region.label) return false;
  return start <= BigInt(chosen.start) && BigInt(chosen.end) <= end;
}

function wordsOf(span: Span): string {
  const size = sizeWords(span.end - span.start + 1n);
  if (span.kind === 'gap') return `Nothing for ${size} from ${hexOf(span.start)}`;
  const { region, count } = span;
  const made = madeWords[region.made];
  return [
    count > 1 ? `${count} × ${region.label}` : region.label,
    kindWords[region.kind],
    `${hexOf(span.start)} to ${hexOf(span.end)}`,
    size,
    ...(made ? [made.word] : []),
  ].join(', ');
}

function Gap({ span }: { span: Span }) {
  return (
    <>
      <span className={styles.address}>{hexOf(span.start)}</span>
      <span className={cx(styles.gap, span.depth > 0 && styles.inner)}>
        {sizeWords(span.end - span.start + 1n)} {span.depth > 0 ? 'more' : 'of nothing'}
      </span>
    </>
  );
}

function Block({ span }: { span: RegionSpan }) {
  const { region, count, start, end, overlaps } = span;
  return (
    <>
      <span className={styles.address}>{hexOf(start)}</span>
      <span
        className={cx(styles.block, styles[region.kind], region.made !== 'yes' && styles.unmade)}
        style={{ minHeight: `${heightOf(span)}px` }}
      >
        <span className={styles.name}>
          {region.label}
          {count > 1 ? ` × ${count}` : ''}
          {overlaps ? ' (overlaps)' : ''}
        </span>
        <span className={styles.size}>{sizeWords(end - start + 1n)}</span>
      </span>
    </>
  );
}
