// A range of the map in words, and what it is found by.
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';
import { formatBytes } from '../../../components/format.ts';

export const kindWords: Readonly<Record<MapRegion['kind'], string>> = {
  ram: 'RAM',
  rom: 'ROM',
  flash: 'flash',
  device: 'device',
  bus: 'bus',
  reserved: 'reserved',
};

/** What is said of a range that QEMU does not make; undefined for one that it does. */
export const madeWords: Readonly<Record<MapRegion['made'], { word: string; why: string } | undefined>> = {
  yes: undefined,
  placeholder: { word: 'placeholder', why: 'Reads as zero and forgets what is written.' },
  no: { word: 'not there', why: 'QEMU makes nothing here: an access is a fault.' },
};

/** `64 MiB`; sizes that are no round number keep a digit. */
export function sizeWords(size: bigint): string {
  return formatBytes(Number(size));
}

/** An address or a part of one finds the range that it lies in. */
function holdsAddress({ start, end }: MapRegion, query: string): boolean {
  if (!/^0x[0-9a-f]{1,16}$/.test(query)) return false;
  const address = BigInt(query);
  return BigInt(start) <= address && address <= BigInt(end);
}

/** True when every word of the query is somewhere in what is known of the range, or is an address inside of it. */
export function matchesRegion(region: MapRegion, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const { name, label, kind, compatible, interrupts, start, end } = region;
  const made = madeWords[region.made]?.word ?? '';
  const text = [name, label, kindWords[kind], ...compatible, ...interrupts, start, end, made]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word) || holdsAddress(region, word));
}
