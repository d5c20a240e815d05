// The address space laid out for a picture: ranges and the gaps between them, each with a height.
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';

export type Span =
  | {
      kind: 'region';
      /** Of the first range; the span stands for `count` neighbours that are alike. */
      region: MapRegion;
      index: number;
      count: number;
      start: bigint;
      /** The last byte. */
      end: bigint;
      /** How many other spans it lies inside of. */
      depth: number;
      /** Something else begins inside of it and ends behind it. */
      overlaps: boolean;
    }
  /** Nothing is there. `depth`: what it lies inside of goes on. */
  | { kind: 'gap'; start: bigint; end: bigint; depth: number };

const startOf = ({ start }: MapRegion) => BigInt(start);
const endOf = ({ end }: MapRegion) => BigInt(end);

type RegionSpan = Extract<Span, { kind: 'region' }>;

/** Rows of the same small device in a line (32 virtio slots) are one span. */
function grouped(regions: readonly MapRegion[]): RegionSpan[] {
  const spans: RegionSpan[] = [];
  regions.forEach((region, index) => {
    const start = startOf(region);
    const end = endOf(region);
    const last = spans.at(-1);
    const alike = last?.region.label === region.label && last.region.kind === region.kind;
    if (last && alike && last.region.made === region.made && last.end + 1n === start) {
      last.end = end;
      last.count += 1;
      return;
    }
    spans.push({ kind: 'region', region, index, count: 1, start, end, depth: 0, overlaps: false });
  });
  return spans;
}

/** What contains comes before what it contains. */
function inOrder(regions: readonly MapRegion[]): MapRegion[] {
  return [...regions].sort((a, b) => {
    const [from, other] = [startOf(a), startOf(b)];
    if (from !== other) return from < other ? -1 : 1;
    return endOf(a) > endOf(b) ? -1 : 1;
  });
}

/** The spans of a map from its first address to its last, gaps included. */
export function spansOf(regions: readonly MapRegion[]): Span[] {
  const spans: Span[] = [];
  const open: RegionSpan[] = [];
  /** The first address that nothing has been drawn for. */
  let next = 0n;
  const fill = (until: bigint): void => {
    if (next < until) spans.push({ kind: 'gap', start: next, end: until - 1n, depth: open.length });
    if (next < until) next = until;
  };
  const closeBefore = (address: bigint): void => {
    for (let last = open.at(-1); last !== undefined && last.end < address; last = open.at(-1)) {
      // Only what has something inside of it has a rest to show.
      fill(last.end + 1n);
      open.pop();
    }
  };
  const all = grouped(inOrder(regions));
  all.forEach((span, index) => {
    closeBefore(span.start);
    fill(span.start);
    const parent = open.at(-1);
    const overlaps = parent !== undefined && parent.end < span.end;
    const following = all[index + 1];
    const holds = following !== undefined && following.start <= span.end;
    spans.push({ ...span, depth: open.length, overlaps });
    if (holds) open.push(span);
    else if (next <= span.end) next = span.end + 1n;
    if (next < span.start) next = span.start;
  });
  closeBefore(1n << 65n);
  return spans;
}

const smallest = 12;
const pixelsPerDoubling = 2.6;

/** Pixels of a span: each doubling of its size adds the same, so that 512 bytes and 512 GiB fit one picture. */
export function heightOf({ start, end }: Pick<Span, 'start' | 'end'>): number {
  const doublings = Math.max(0, (end - start + 1n).toString(2).length - smallest);
  return Math.round(24 + doublings * pixelsPerDoubling);
}
