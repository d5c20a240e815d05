// The memory map of real machines: what their device trees say, held against QEMU's own `info mtree`.
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { microcontrollerCases } from '../../build/scripts/boot-table/cases.ts';
import { cortexMElf } from '../../build/scripts/boot-table/cortex-m-elf.ts';
import { type TestApp, withTestApp } from '../app.testing.ts';
import { readDeviceTree } from '../boards/device-tree.ts';
import type { VmDefinition } from '../contract/definition.ts';
import type { MapRegion } from '../contract/memory-map.ts';
import type { VmView } from '../contract/vm.ts';
import { planLaunch } from '../qemu/launch.ts';
import { createQemuFinder } from '../qemu/locate.ts';
import { dryMemoryTree, type MemoryRange } from '../qemu/memory-tree.ts';
import { guestsDir, resourcesDir } from '../qemu/testing.ts';

const kernels = path.join(guestsDir, 'arm64');
const staged = existsSync(path.join(kernels, 'Image'));

const netduino = microcontrollerCases.find(({ board }) => board === 'netduinoplus2') ?? fail();

function fail(): never {
  throw new Error('the boot table has lost its netduinoplus2');
}

async function createOn(test: TestApp, board: string, boot?: VmDefinition['boot']): Promise<VmView> {
  const { request } = await test.client.vms.suggest({ source: { kind: 'sample' } });
  const cards = await test.client.boards.list();
  const machine = cards.find(({ name }) => name === board)?.machine ?? board;
  const start = { ...request.definition, ...(boot && { boot }) };
  const { definition } = await test.client.boards.refit({ definition: start, machine });
  return test.client.vms.create({ request: { ...request, definition }, start: false });
}

/** QEMU's own answer for the same definition, asked beside the app. */
async function mtree(test: TestApp, definition: VmDefinition): Promise<MemoryRange[]> {
  const finder = createQemuFinder({
    resourcesDir,
    cacheDir: test.directories.cache,
    settings: () => ({ qemuOrder: 'bundled-first', qemuPath: null }),
  });
  const launch = planLaunch(definition, {
    vmId: '00000000-0000-4000-8000-000000000000',
    vmDirectory: test.directories.library,
    qmpSocket: path.join(test.directories.runtime, 'none.sock'),
    consoles: [],
    resourcesDirectory: resourcesDir,
    qemu: await finder.require(),
    host: { arch: process.arch, platform: process.platform, memoryMiB: 4096, cores: 2 },
  });
  return dryMemoryTree(definition, launch);
}

const at = (regions: readonly MapRegion[], start: string) =>
  regions.filter((region) => region.start === start);
const spanOf = ({ start, end }: MapRegion) => ({ start: BigInt(start), end: BigInt(end) });

describe('the memory map', () => {
  it('of virt is the one that QEMU makes, range by range', () =>
    withTestApp(async (test) => {
      const vm = await createOn(test, 'virt');
      const { source, regions, dts, treeFault } = await test.client.boards.memoryMap({ id: vm.id });
      expect(source).toBe('device-tree');
      expect(treeFault).toBeUndefined();
      expect(dts).toContain('compatible = "linux,dummy-virt"');

      expect(at(regions, '0x00000000')).toMatchObject([
        { kind: 'flash', end: '0x03ffffff', name: 'flash@0 #0', compatible: ['cfi-flash'] },
      ]);
      expect(at(regions, '0x08000000')).toMatchObject([{ label: 'Interrupt controller (GICv3)' }]);
      expect(at(regions, '0x09000000')).toMatchObject([
        {
          label: 'UART (PL011)',
          size: '0x00001000',
          path: '/pl011@9000000',
          interrupts: ['SPI 1 (33), level high'],
        },
      ]);
      expect(at(regions, '0x10000000')).toMatchObject([{ kind: 'bus', label: 'PCI memory window' }]);
      expect(at(regions, '0x40000000')).toMatchObject([{ kind: 'ram' }]);

      const ranges = await mtree(test, vm.definition as VmDefinition);
      expect(ranges.length).toBeGreaterThan(40);
      for (const range of ranges) {
        const covering = regions.filter((region) => {
          const { start, end } = spanOf(region);
          return start <= range.start && range.end <= end;
        });
        expect(covering, `${range.name} at ${range.start.toString(16)}`).not.toEqual([]);
      }
      const starts = new Set(ranges.map(({ start }) => start));
      // The platform bus is a window for devices that nobody has plugged in.
      for (const region of regions.filter(({ name }) => name !== 'platform-bus@c000000')) {
        expect(region.made, region.name).toBe('yes');
        expect(starts, region.name).toContain(spanOf(region).start);
      }
    }));

  it('leaves nothing behind and stops nothing: it is asked of a running machine too', () =>
    withTestApp(async (test) => {
      const before = (await readdir(os.tmpdir())).filter((name) => name.startsWith('armoire-tree-'));
      const vm = await test.createSample();
      const { regions } = await test.client.boards.memoryMap({ id: vm.id });
      expect(at(regions, '0x09000000')).toHaveLength(1);
      expect((await test.state(vm.id)).state).toBe('running');
      const after = (await readdir(os.tmpdir())).filter((name) => name.startsWith('armoire-tree-'));
      expect(after.filter((name) => !before.includes(name))).toEqual([]);
    }));

  it('of a board without a device tree is QEMU’s own, placeholders told apart', () =>
    withTestApp(async (test) => {
      const file = path.join(test.app.uploadDirectory, 'app.elf');
      await writeFile(file, cortexMElf(netduino, 'hello\r\n'));
      const vm = await createOn(test, 'netduinoplus2', { kind: 'elf', file });
      const { source, regions, dts } = await test.client.boards.memoryMap({ id: vm.id });
      expect(source).toBe('qemu');
      expect(dts).toBeUndefined();
      expect(at(regions, '0x08000000')).toMatchObject([
        { kind: 'rom', name: 'STM32F405.flash', size: '0x00100000', made: 'yes' },
      ]);
      expect(at(regions, '0x40005400')).toMatchObject([{ name: 'I2C1', made: 'placeholder' }]);
      expect(at(regions, '0xe000e010')).toMatchObject([{ name: 'v7m_systick' }]);
      await expect(test.client.boards.saveDeviceTree({ id: vm.id, form: 'dtb' })).rejects.toMatchObject({
        data: { code: 'not-found' },
      });
    }));

  it('gives the tree as a file, in both forms', () =>
    withTestApp(async (test) => {
      const vm = await createOn(test, 'virt');
      const { ticket } = await test.client.boards.saveDeviceTree({ id: vm.id, form: 'dtb' });
      const use = test.app.redeem(ticket ?? '');
      if (use?.kind !== 'download') throw new Error('no download');
      expect(use.fileName).toBe('Sample.dtb');
      expect(readDeviceTree(await readFile(use.path)).root.children.length).toBeGreaterThan(10);
      const source = await test.client.boards.saveDeviceTree({ id: vm.id, form: 'dts' });
      const text = test.app.redeem(source.ticket ?? '');
      if (text?.kind !== 'download') throw new Error('no download');
      expect(await readFile(text.path, 'utf8')).toMatch(/^\/dts-v1\/;\n/);
    }));
});

describe.runIf(staged)('the memory map of a kernel with its own device tree', () => {
  const withTree = async (test: TestApp): Promise<{ vm: VmView; dtb: string }> => {
    const dtb = path.join(test.app.uploadDirectory, 'bcm2837-rpi-3-b.dtb');
    const kernel = path.join(test.app.uploadDirectory, 'Image');
    await copyFile(path.join(kernels, 'dtbs/broadcom/bcm2837-rpi-3-b.dtb'), dtb);
    await copyFile(path.join(kernels, 'Image'), kernel);
    const vm = await createOn(test, 'raspi3b', { kind: 'kernel', kernel, dtb, cmdline: 'console=ttyAMA0' });
    return { vm, dtb };
  };

  it('says what QEMU makes of it, what is a placeholder, and what is not there', () =>
    withTestApp(async (test) => {
      const { vm } = await withTree(test);
      const { source, regions } = await test.client.boards.memoryMap({ id: vm.id });
      expect(source).toBe('device-tree');
      expect(at(regions, '0x3f201000')).toMatchObject([
        { made: 'yes', compatible: ['arm,pl011', 'arm,primecell'] },
      ]);
      expect(at(regions, '0x3fc00000')).toMatchObject([{ made: 'placeholder' }]);
      expect(regions.find(({ kind }) => kind === 'ram')).toMatchObject({ start: '0x00000000' });
    }));

  it('names the damage of a tree that was cut short, and still shows what QEMU makes', () =>
    withTestApp(async (test) => {
      const { vm, dtb } = await withTree(test);
      await truncate(dtb, 6000);
      const { source, regions, treeFault, dts } = await test.client.boards.memoryMap({ id: vm.id });
      expect(treeFault).toMatchObject({ code: 'damaged', message: expect.stringContaining('cut short') });
      expect(dts).toBeUndefined();
      expect(source).toBe('qemu');
      expect(at(regions, '0x3f201000')).toMatchObject([{ name: 'pl011', made: 'yes' }]);
      expect(regions.filter(({ kind, name }) => kind === 'ram' && name === 'ram')).toMatchObject([
        { start: '0x00000000', end: '0x3fffffff' },
      ]);
      await expect(test.client.boards.saveDeviceTree({ id: vm.id, form: 'dts' })).rejects.toMatchObject({
        data: { code: 'damaged' },
      });
    }));
});
