// What firmware people do all day with a real QEMU: rebuild and reload, wonder about silence, grow a card.
import { copyFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pidOf, prompt, resourcesDir, type TestApp, watchConsole, withTestApp } from '../app.testing.ts';
import { applyFix } from '../contract/apply-fix.ts';
import type { VmView } from '../contract/vm.ts';

const sampleElf = path.join(resourcesDir, 'sample', 'sample-virt.elf');
/** AArch64 `b .`: runs for ever and prints nothing. */
const mute = Buffer.from([0x00, 0x00, 0x00, 0x14]);
const ramAddress = '0x40100000';

async function createMute(test: TestApp, start = true): Promise<{ vm: VmView; file: string }> {
  const file = path.join(test.app.uploadDirectory, 'mute.bin');
  await writeFile(file, mute);
  const { request } = await test.client.vms.suggest({
    source: { kind: 'firmware', how: 'loader', file, address: ramAddress },
  });
  return { vm: await test.client.vms.create({ request, start }), file };
}

describe('reload and reset', () => {
  it('notices a boot file that changed, and starts QEMU with it while the console goes on', () =>
    withTestApp(async (test) => {
      const { vm, file } = await createMute(test);
      const console = await watchConsole(test, vm.id);
      const before = pidOf(await test.state(vm.id));
      expect((await test.state(vm.id)).run?.changedFiles).toBeUndefined();

      await copyFile(sampleElf, file);
      await expect
        .poll(async () => (await test.state(vm.id)).run?.changedFiles, { timeout: 15_000 })
        .toEqual([file]);
      const { revision, definition } = await test.state(vm.id);
      if (definition === null) throw new Error('no definition');
      const asElf = { ...definition, boot: { kind: 'elf' as const, file }, loaders: [] };
      await test.client.vms.update({ id: vm.id, revision, definition: asElf });
      const after = await test.client.vms.reload({ id: vm.id });
      expect(pidOf(after)).not.toBe(before);
      expect(after.run?.changedFiles).toBeUndefined();
      await console.expect(prompt, 20_000);
      await expect.poll(async () => (await test.state(vm.id)).run?.printed).toBe(true);
    }));

  it('is refused for a VM that does not run', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      await expect(test.client.vms.reload({ id: vm.id })).rejects.toMatchObject({
        data: { code: 'wrong-state' },
      });
    }));

  it('knows of the change after Armoire was opened again', () =>
    withTestApp(async (test) => {
      const { vm, file } = await createMute(test);
      await test.reopen();
      expect((await test.state(vm.id)).run).toMatchObject({ printed: false });
      await writeFile(file, Buffer.concat([mute, mute]));
      await expect
        .poll(async () => (await test.state(vm.id)).run?.changedFiles, { timeout: 15_000 })
        .toEqual([file]);
    }));

  it('leaves the guest alone while a build has its file taken away', () =>
    withTestApp(async (test) => {
      const { vm, file } = await createMute(test);
      const before = pidOf(vm);
      await rm(file);
      await expect(test.client.vms.reload({ id: vm.id })).rejects.toMatchObject({
        data: { code: 'file-unusable', field: '/loaders/0/file' },
      });
      expect(pidOf(await test.state(vm.id))).toBe(before);
    }));
});

describe('silence', () => {
  it('is told as long as no console has a byte, with reasons for what runs', () =>
    withTestApp(async (test) => {
      const { vm } = await createMute(test);
      expect((await test.state(vm.id)).run?.printed).toBe(false);
      const { patienceSeconds, reasons } = await test.client.vms.silence({ id: vm.id });
      expect(patienceSeconds).toBe(3);
      expect(reasons.map(({ rule }) => rule)).toEqual(
        expect.arrayContaining(['silent-semihosting', 'silent-address']),
      );
    }));

  it('ends with the first byte, and stays ended when Armoire is opened again', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await expect.poll(async () => (await test.state(vm.id)).run?.printed).toBe(true);
      await test.reopen();
      await expect.poll(async () => (await test.state(vm.id)).run?.printed).toBe(true);
    }));

  it('begins anew with every start: what an earlier run printed does not count', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await expect.poll(async () => (await test.state(vm.id)).run?.printed).toBe(true);
      await test.client.vms.forceStop({ id: vm.id });
      const { revision, definition } = await test.state(vm.id);
      if (definition === null) throw new Error('no definition');
      const halted = { ...definition, debug: { ...definition.debug, startHalted: true } };
      await test.client.vms.update({ id: vm.id, revision, definition: halted });
      await test.client.vms.start({ id: vm.id });
      expect((await test.state(vm.id)).run?.printed).toBe(false);
      await test.client.vms.resume({ id: vm.id });
      await expect.poll(async () => (await test.state(vm.id)).run?.printed).toBe(true);
    }));
});

describe('an SD card of a size that no card has', () => {
  it('is refused, and grown by the fix that the refusal offers', () =>
    withTestApp(async (test) => {
      const image = path.join(test.app.uploadDirectory, 'card.img');
      await writeFile(image, '');
      await truncate(image, 100 * 1024 * 1024);
      const { request } = await test.client.vms.suggest({
        source: { kind: 'disk', image, format: 'raw', use: 'copy' },
      });
      const { definition } = await test.client.boards.refit({
        definition: request.definition,
        machine: 'xlnx-zcu102',
      });
      const [disk] = definition.disks;
      const elf = path.join(test.app.uploadDirectory, 'app.elf');
      await copyFile(sampleElf, elf);
      const onCard = {
        ...request,
        definition: {
          ...definition,
          boot: { kind: 'elf' as const, file: elf },
          disks: disk ? [{ ...disk, bus: 'sd' as const }] : [],
          debug: { ...definition.debug, startHalted: true },
        },
      };
      const check = await test.client.vms.check({ request: onCard, dry: false });
      const found = check.problems.find(({ rule }) => rule === 'disk-sd-size');
      expect(found).toMatchObject({ severity: 'error', fix: { label: 'Grow the image to 128 MiB' } });
      if (found?.fix === undefined) throw new Error('no fix');
      const fixed = { ...onCard, definition: applyFix(onCard.definition, found.fix) };
      const vm = await test.client.vms.create({ request: fixed, start: true });
      expect(vm.state).toBe('paused');
      const own = path.join(test.directories.library, vm.id, 'disks', `${disk?.id}.raw`);
      expect((await stat(own)).size).toBe(128 * 1024 * 1024);
      expect((await stat(image)).size).toBe(100 * 1024 * 1024);
    }));
});
