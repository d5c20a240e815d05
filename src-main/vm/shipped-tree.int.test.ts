// The ZCU102 with the device tree that ships with Armoire: a stock kernel gets the RAM that the definition says.
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TestApp, watchConsole, withTestApp } from '../app.testing.ts';
import type { VmView } from '../contract/vm.ts';
import { guestsDir } from '../qemu/testing.ts';

const kernels = path.join(guestsDir, 'arm64');

async function createZcu102(test: TestApp, memoryMiB: number): Promise<VmView> {
  const [kernel, initrd] = await Promise.all(
    ['Image', 'initrd.cpio.gz'].map(async (name) => {
      const copy = path.join(test.app.uploadDirectory, name);
      await copyFile(path.join(kernels, name), copy);
      return copy;
    }),
  );
  const { request } = await test.client.vms.suggest({
    source: { kind: 'kernel', kernel: kernel ?? '', initrd },
  });
  const { definition } = await test.client.boards.refit({
    definition: request.definition,
    machine: 'xlnx-zcu102',
  });
  return test.client.vms.create({
    request: { ...request, definition: { ...definition, memoryMiB } },
    start: true,
  });
}

const gibi = 1024;

describe.runIf(existsSync(path.join(kernels, 'Image')))(
  'a kernel on the ZCU102 without a tree of its own',
  () => {
    it.each([
      [gibi, /node +0: \[mem 0x0000000000000000-0x000000003fffffff\]/],
      [2 * gibi, /node +0: \[mem 0x0000000000000000-0x000000007fffffff\]/],
    ])('finds %i MiB, and Armoire’s tree stands in the command line', (memoryMiB, node) =>
      withTestApp(async (test) => {
        const vm = await createZcu102(test, memoryMiB);
        const { arguments: args } = await test.client.vms.commandLine({ id: vm.id });
        const tree = args.find(({ words }) => words[0] === '-dtb');
        expect(tree).toMatchObject({ setting: '/boot', why: expect.stringContaining('comes with Armoire') });
        expect(tree?.words[1]).toMatch(/xlnx-zcu102\.dtb$/);

        const console = await watchConsole(test, vm.id);
        await console.expect('Run /init as init process', 50_000);
        expect(console.text()).toMatch(node);
        const { regions } = await test.client.boards.memoryMap({ id: vm.id });
        expect(regions.filter(({ kind }) => kind === 'ram').map(({ size }) => Number(size))).toEqual([
          memoryMiB * 1024 * 1024,
        ]);
      }),
    );

    it('is not given more than QEMU can describe to it', () =>
      withTestApp(async (test) => {
        await expect(createZcu102(test, 4 * gibi)).rejects.toMatchObject({
          data: { field: '/memoryMiB', fix: { label: 'Use 2 GiB' } },
        });
      }));
  },
);
