// What the bytes of a property mean: cells, strings, the address and size cells of a bus.
import type { DeviceTreeNode } from './device-tree.ts';

/** 32-bit cells; undefined when the bytes are no whole number of them. */
export function cellsOf(bytes: Uint8Array): number[] | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4));
}

/** The list of strings; undefined when the bytes are none: each printable, not empty, with its NUL. */
export function stringsOf(bytes: Uint8Array): string[] | undefined {
  if (bytes.length === 0 || bytes.at(-1) !== 0) return undefined;
  const parts = new TextDecoder('latin1').decode(bytes.subarray(0, -1)).split('\0');
  return parts.every((part) => /^[\x20-\x7e]+$/.test(part)) ? parts : undefined;
}

export function textOf(node: DeviceTreeNode, property: string): string | undefined {
  const bytes = node.properties.get(property);
  return bytes === undefined ? undefined : stringsOf(bytes)?.[0];
}

export function cellOf(node: DeviceTreeNode, property: string): number | undefined {
  const bytes = node.properties.get(property);
  return bytes === undefined ? undefined : cellsOf(bytes)?.[0];
}

/** No bus has more: PCI has three. A damaged tree's billions would be numbers of megabytes. */
const mostCells = 4;

/** Cells of an address and of a size below this node; 2 and 1 where it does not say (specification 2.3.5). */
export function busCells(node: DeviceTreeNode): { address: number; size: number } {
  const address = cellOf(node, '#address-cells') ?? 2;
  const size = cellOf(node, '#size-cells') ?? 1;
  return address > mostCells || size > mostCells ? { address: 0, size: 0 } : { address, size };
}

/** Takes numbers of several cells from a list, front to back. */
export class CellReader {
  readonly #cells: readonly number[];
  #next = 0;

  constructor(cells: readonly number[]) {
    this.#cells = cells;
  }

  has(cells: number): boolean {
    return this.#next + cells <= this.#cells.length;
  }

  take(cells: number): bigint {
    let value = 0n;
    for (let index = 0; index < cells; index++)
      value = (value << 32n) | BigInt(this.#cells[this.#next++] ?? 0);
    return value;
  }
}
