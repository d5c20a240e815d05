// Block nodes: what a drive is made of, as JSON, so that no name in a path can be taken for syntax.
import { optionValue } from './words.ts';

export interface BlockNode {
  nodeName: string;
  /** `blankBytes`: a drive of that size which reads as zeros and opens no file, for a dry start. */
  image: { path: string; format: 'raw' | 'qcow2' } | { blankBytes: number };
  readOnly: boolean;
  /** Give blocks that the guest discards back to the host's file system. */
  discard?: boolean;
}

/**
 * `backing: null`: what QEMU opens is decided here, never by a file name inside of an image.
 * Node names of files end in `.file`: a dot cannot occur in a disk's own id.
 */
export function blockJson({ nodeName, image, readOnly, discard }: BlockNode): string {
  const common = { 'node-name': nodeName, 'read-only': readOnly };
  if ('blankBytes' in image) {
    return JSON.stringify({ driver: 'null-co', ...common, size: image.blankBytes, 'read-zeroes': true });
  }
  return JSON.stringify({
    driver: image.format,
    ...common,
    ...(discard ? { discard: 'unmap', 'detect-zeroes': 'unmap' } : {}),
    ...(image.format === 'qcow2' ? { backing: null } : {}),
    file: { driver: 'file', 'node-name': `${nodeName}.file`, filename: image.path },
  });
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
