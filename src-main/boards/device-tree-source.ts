// A device tree as source text (DTS), as the device tree compiler reads it.
import type { DeviceTree, DeviceTreeNode } from './device-tree.ts';
import { cellsOf, stringsOf } from './device-tree-values.ts';

const hex = (value: number | bigint) => `0x${value.toString(16)}`;

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** As dtc does: text when it can only be text, else cells, else bytes. */
function valueText(bytes: Uint8Array): string {
  const strings = stringsOf(bytes);
  if (strings !== undefined) return strings.map(quoted).join(', ');
  const cells = cellsOf(bytes);
  if (cells !== undefined) return `<${cells.map(hex).join(' ')}>`;
  return `[${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}]`;
}

function nodeLines(node: DeviceTreeNode, indent: string): string[] {
  const inner = `${indent}\t`;
  const properties = [...node.properties].map(([name, bytes]) =>
    bytes.length === 0 ? `${inner}${name};` : `${inner}${name} = ${valueText(bytes)};`,
  );
  const children = node.children.flatMap((child) => ['', ...nodeLines(child, inner)]);
  return [`${indent}${node.name === '' ? '/' : node.name} {`, ...properties, ...children, `${indent}};`];
}

/** Source text that compiles to the same tree. */
export function deviceTreeSource({ reserved, root }: DeviceTree): string {
  const memory = reserved.map(({ address, size }) => `/memreserve/ ${hex(address)} ${hex(size)};`);
  return `${['/dts-v1/;', '', ...memory, ...nodeLines(root, '')].join('\n')}\n`;
}
