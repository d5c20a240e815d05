// Block nodes: what a drive is made of, as JSON, so that no name in a path can be taken for syntax.
import type { Json } from '../../contract/json.ts';
import { optionValue } from './words.ts';

interface ImageFile {
  path: string;
  format: 'raw' | 'qcow2';
}

export interface BlockNode {
  nodeName: string;
  /**
   * `below`: the images that it builds on, nearest first. `blankBytes`: a drive of that size which reads as zeros and
   * opens no file, for a dry start.
   */
  image: (ImageFile & { below?: readonly ImageFile[] }) | { blankBytes: number };
  readOnly: boolean;
  /** Give blocks that the guest discards back to the host's file system. */
  discard?: boolean;
}

/** Backing nodes are called after their drive: a dot cannot occur in a disk's own id. */
function backingOf(nodeName: string, [image, ...below]: readonly ImageFile[], depth: number): Json {
  if (!image) return null;
  return {
    driver: image.format,
    'node-name': `${nodeName}.b${depth}`,
    'read-only': true,
    ...(image.format === 'qcow2' ? { backing: backingOf(nodeName, below, depth + 1) } : {}),
    file: { driver: 'file', filename: image.path },
  };
}

/**
 * As `blockdev-add` takes it. `backing` is always there: what QEMU opens is decided here, never by a file name inside of
 * an image. Node names of files end in `.file`.
 */
export function blockOptions({ nodeName, image, readOnly, discard }: BlockNode): { [key: string]: Json } {
  const common = { 'node-name': nodeName, 'read-only': readOnly };
  if ('blankBytes' in image) {
    return { driver: 'null-co', ...common, size: image.blankBytes, 'read-zeroes': true };
  }
  return {
    driver: image.format,
    ...common,
    ...(discard ? { discard: 'unmap', 'detect-zeroes': 'unmap' } : {}),
    ...(image.format === 'qcow2' ? { backing: backingOf(nodeName, image.below ?? [], 1) } : {}),
    file: { driver: 'file', 'node-name': `${nodeName}.file`, filename: image.path },
  };
}

export function blockJson(node: BlockNode): string {
  return JSON.stringify(blockOptions(node));
}

/**
 * A node for `-drive`, which the slots of a board need; `json:` is its one way to `backing: null`. The id is given
 * because QEMU's own (`sd0`) could be the node name of another disk. Read-only is said outside too: `-drive` has a
 * default for it that wins over what stands inside of `json:` (blockdev.c, blockdev_init; measured).
 */
export function driveParts(node: BlockNode): string[] {
  return [
    `id=${node.nodeName}.drive`,
    ...(node.readOnly ? ['readonly=on'] : []),
    `file=${optionValue(`json:${blockJson(node)}`)}`,
  ];
}
