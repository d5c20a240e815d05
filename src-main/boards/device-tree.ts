// Reads a flattened device tree (DTB, Devicetree Specification 0.4 chapter 5) into a tree; trusts no length or offset.
import { Fault } from '../contract/fault.ts';

export interface DeviceTreeNode {
  /** With the unit address: `pl011@9000000`; empty for the root. */
  name: string;
  properties: ReadonlyMap<string, Uint8Array>;
  children: readonly DeviceTreeNode[];
}

export interface DeviceTree {
  version: number;
  bootCpu: number;
  /** Memory that nobody may use, as the header lists it. */
  reserved: readonly { address: bigint; size: bigint }[];
  root: DeviceTreeNode;
}

const magic = 0xd00dfeed;
const token = { beginNode: 1, endNode: 2, property: 3, nop: 4, end: 9 } as const;
/** Deeper than any real tree; a nested one of megabytes must not eat memory. */
const deepest = 64;
/** Linux takes no larger one (arch/arm64/include/asm/boot.h, MAX_FDT_SIZE). */
const largestBytes = 2 * 1024 * 1024;
/** The specification says 31 characters; real trees have longer names. */
const longestName = 255;

const latin1 = new TextDecoder('latin1');

function damaged(reason: string): Fault {
  return new Fault({
    code: 'damaged',
    message: `The device tree cannot be read: ${reason}.`,
    remedy: 'Use another device tree file (.dtb), made by the device tree compiler or by QEMU.',
  });
}

/** A block of the file that the header names, and reads that stay inside of it. */
class Block {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;

  constructor(file: Uint8Array, offset: number, size: number, what: string) {
    if (offset < 0 || size < 0 || offset + size > file.length)
      throw damaged(`the ${what} lies outside of the file`);
    this.#bytes = file.subarray(offset, offset + size);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#what = what;
  }

  get size(): number {
    return this.#bytes.length;
  }

  u32(offset: number): number {
    if (offset + 4 > this.size) throw damaged(`the ${this.#what} ends too early`);
    return this.#view.getUint32(offset);
  }

  u64(offset: number): bigint {
    if (offset + 8 > this.size) throw damaged(`the ${this.#what} ends too early`);
    return this.#view.getBigUint64(offset);
  }

  bytes(offset: number, length: number): Uint8Array {
    if (offset + length > this.size) throw damaged(`the ${this.#what} ends too early`);
    return this.#bytes.slice(offset, offset + length);
  }

  /** Up to the next NUL, which must be near: many properties share a name, and each reads it again. */
  text(offset: number): string {
    const start = this.#bytes.subarray(offset, offset + longestName + 1);
    const length = start.indexOf(0);
    if (length === -1) throw damaged(`a name in the ${this.#what} has no end`);
    return latin1.decode(start.subarray(0, length));
  }
}

interface Header {
  structure: Block;
  strings: Block;
  reservations: Block;
  version: number;
  bootCpu: number;
}

function readHeader(file: Uint8Array): Header {
  if (file.length > largestBytes) throw damaged('it is larger than any device tree');
  const head = new Block(file, 0, Math.min(40, file.length), 'header');
  if (head.size < 4 || head.u32(0) !== magic) throw damaged('it does not begin as one does');
  if (head.size < 40) throw damaged('its header is cut short');
  const total = head.u32(4);
  const version = head.u32(20);
  const lastCompatible = head.u32(24);
  if (total > file.length) throw damaged(`it is cut short: ${file.length} of ${total} bytes`);
  if (lastCompatible > 17 || version < 16) throw damaged(`its version ${version} is not 16 or 17`);
  const whole = file.subarray(0, total);
  const structureAt = head.u32(8);
  const stringsAt = head.u32(12);
  const reservationsAt = head.u32(16);
  const stringsSize = head.u32(32);
  // Version 16 does not tell the structure's size: it may reach up to the strings, or to the end.
  const restOfFile = (stringsAt > structureAt ? stringsAt : total) - structureAt;
  const structureSize = version >= 17 ? head.u32(36) : restOfFile;
  if (structureAt % 4 !== 0) throw damaged('its structure block is not aligned');
  if (structureAt < stringsAt + stringsSize && stringsAt < structureAt + structureSize) {
    throw damaged('its structure and strings blocks overlap');
  }
  return {
    structure: new Block(whole, structureAt, structureSize, 'structure block'),
    strings: new Block(whole, stringsAt, stringsSize, 'strings block'),
    reservations: new Block(whole, reservationsAt, total - reservationsAt, 'reservation block'),
    version,
    bootCpu: head.u32(28),
  };
}

function readReservations(block: Block): DeviceTree['reserved'] {
  const found: { address: bigint; size: bigint }[] = [];
  for (let offset = 0; ; offset += 16) {
    const entry = { address: block.u64(offset), size: block.u64(offset + 8) };
    if (entry.address === 0n && entry.size === 0n) return found;
    found.push(entry);
  }
}

interface OpenNode {
  name: string;
  properties: Map<string, Uint8Array>;
  children: DeviceTreeNode[];
}

const padded = (length: number) => (length + 3) & ~3;

/** Walks the tokens from front to back: every step goes forward, so it always ends. */
function readStructure({ structure, strings }: Header): DeviceTreeNode {
  const open: OpenNode[] = [];
  let root: OpenNode | undefined;
  let offset = 0;
  for (;;) {
    const kind = structure.u32(offset);
    offset += 4;
    const current = open.at(-1);
    switch (kind) {
      case token.beginNode: {
        const name = structure.text(offset);
        offset += padded(name.length + 1);
        const node: OpenNode = { name, properties: new Map(), children: [] };
        if (current === undefined && root !== undefined) throw damaged('it has two root nodes');
        if (open.length >= deepest) throw damaged('its nodes are nested too deeply');
        current?.children.push(node);
        root ??= node;
        open.push(node);
        break;
      }
      case token.endNode:
        if (current === undefined) throw damaged('a node ends that never began');
        open.pop();
        break;
      case token.property: {
        if (current === undefined) throw damaged('a property lies outside of every node');
        const length = structure.u32(offset);
        const nameAt = structure.u32(offset + 4);
        const value = structure.bytes(offset + 8, length);
        current.properties.set(strings.text(nameAt), value);
        offset += 8 + padded(length);
        break;
      }
      case token.nop:
        break;
      case token.end:
        if (root === undefined) throw damaged('it has no nodes');
        if (current !== undefined) throw damaged(`its node "${current.name}" never ends`);
        return root;
      default:
        throw damaged(`it has an unknown token 0x${kind.toString(16)}`);
    }
  }
}

/** The tree in a DTB of version 16 or 17. Throws `Fault` `damaged`, with the reason, for anything else. */
export function readDeviceTree(file: Uint8Array): DeviceTree {
  const header = readHeader(file);
  return {
    version: header.version,
    bootCpu: header.bootCpu,
    reserved: readReservations(header.reservations),
    root: readStructure(header),
  };
}
