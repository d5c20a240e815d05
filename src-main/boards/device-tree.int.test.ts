import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDeviceTree } from './device-tree.ts';
import { deviceTreeSource } from './device-tree-source.ts';
import { type MemoryRegion, memoryMap } from './memory-map.ts';

const qemu = path.resolve(
  import.meta.dirname,
  `../../resources/qemu/${process.platform}-${process.arch}/bin/qemu-system-aarch64`,
);
const run = promisify(execFile);
let directory = '';

/** The device tree that QEMU makes for a machine; QEMU ends after writing it. */
async function treeOf(machine: string, ...words: string[]) {
  const file = path.join(directory, `${machine.split(',')[0]}.dtb`);
  const quiet = ['-display', 'none', '-nodefaults', '-audio', 'none'];
  await run(qemu, ['-machine', `${machine},dumpdtb=${file}`, ...quiet, ...words]);
  return readDeviceTree(await readFile(file));
}

/** Regions of `info mtree -f` for the system's memory: `start-end` by name. */
async function systemRegions(...words: string[]): Promise<{ from: bigint; to: bigint; name: string }[]> {
  const child = run(qemu, [
    ...words,
    '-S',
    '-display',
    'none',
    '-nodefaults',
    '-audio',
    'none',
    '-monitor',
    'stdio',
  ]);
  child.child.stdin?.end('info mtree\nquit\n');
  const { stdout } = await child;
  return [...stdout.matchAll(/^\s*([0-9a-f]{16})-([0-9a-f]{16}) \(prio[^)]*\): (.+?)\r?$/gm)].map(
    ([, from, to, name = '']) => ({ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`), name }),
  );
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'armoire-dtb-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('device trees of the real QEMU', () => {
  const words = ['-cpu', 'cortex-a72', '-smp', '2', '-m', '512'];

  it('shows virt’s memory map as QEMU itself has it', async () => {
    const regions = memoryMap(await treeOf('virt,gic-version=3', ...words));
    const at = (label: string) =>
      regions.filter((region) => region.label === label).map(({ address }) => address);
    expect(at('Flash memory')).toEqual([0n, 0x4000000n]);
    expect(at('UART (PL011)')).toEqual([0x9000000n]);
    expect(at('RAM')).toEqual([0x40000000n]);
    expect(at('virtio slot')).toHaveLength(32);

    const real = await systemRegions('-machine', 'virt,gic-version=3', ...words);
    const isReal = ({ address, size }: MemoryRegion) =>
      real.some(({ from, to }) => from <= address && address + size - 1n <= to && to - from < 2n ** 40n);
    expect(regions.filter((region) => !isReal(region))).toEqual([]);
    for (const name of [
      'pl011',
      'virt.flash0',
      'mach-virt.ram',
      'gpex_ioport_window',
      'pl031',
      'fwcfg.data',
    ]) {
      const found = real.find((one) => one.name === name);
      const ours = regions.find(
        ({ address, size }) => found && address <= found.from && found.from < address + size,
      );
      expect(ours, name).toBeDefined();
    }
  });

  it('prints source with every node of the tree', async () => {
    const tree = await treeOf('virt', ...words);
    const source = deviceTreeSource(tree);
    expect(source).toMatch(/^\/dts-v1\/;\n/);
    for (const { name } of tree.root.children) expect(source).toContain(`${name} {`);
  });

  it('reads the tree of a Versal board', async () => {
    const regions = memoryMap(await treeOf('xlnx-versal-virt', '-m', '256'));
    expect(regions.find(({ label }) => label === 'UART (PL011)')?.address).toBe(0xff000000n);
    expect(regions.find(({ kind }) => kind === 'ram')?.size).toBe(256n * 2n ** 20n);
  });
});
