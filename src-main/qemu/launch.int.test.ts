// Real QEMU, real guests: what the definition says is what starts, prints and answers.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { processStart } from '../lib/process-identity.ts';
import { createDisk } from './image.ts';
import { settleLaunch } from './launch.ts';
import {
  definitionWith,
  faultOf,
  guestsDir,
  inTemporaryDirectory,
  sampleProgram,
  testQemu,
} from './testing.ts';
import { contextIn, guestVmId, withGuest } from './testing-guest.ts';
import { verifyRunning } from './verify-run.ts';

let qemu: QemuCapabilities;
let machine: string;

beforeAll(async () => {
  qemu = await testQemu();
  machine = qemu.machines.find(({ alias }) => alias === 'virt')?.name ?? '';
});

const guest = (name: string) => path.join(guestsDir, name);
const sample = (changes: Partial<VmDefinition> = {}) =>
  definitionWith({ machine, boot: { kind: 'elf', file: sampleProgram }, ...changes });

test('the sample prints, echoes and answers, as the machine that was asked for', async () => {
  await inTemporaryDirectory(async (directory) => {
    const definition = sample({ cpu: 'cortex-a76', vcpus: 2 });
    await withGuest(definition, directory, qemu, async ({ qmp, until, type, process }) => {
      await until(/armoire> /);
      await type('count 3\r');
      expect(await until(/\ncount 3\r?\n/)).toContain('count 2');
      expect(await qmp.execute('query-uuid')).toEqual({ UUID: guestVmId });
      expect(await verifyRunning(qmp, definition)).toEqual([]);
      expect(process.startTime).toBe(await processStart(process.pid));
      if (os.platform() === 'linux') {
        expect(await readFile(`/proc/${process.pid}/comm`, 'utf8')).toBe('armoire:0f1e2d3\n');
        const [, , , , , session] = (await readFile(`/proc/${process.pid}/stat`, 'utf8'))
          .replace(/\(.*\)/, 'x')
          .split(' ');
        expect(Number(session), 'a session of its own').toBe(process.pid);
      }
    });
  });
});

test('names and paths with commas, quotes, equals signs, dashes and letters of any kind arrive as they are', async () => {
  await inTemporaryDirectory(async (root) => {
    const directory = path.join(root, '-a, b="c" =d \'é 日本');
    await mkdir(path.join(directory, 'firmware'), { recursive: true });
    await copyFile(sampleProgram, path.join(directory, 'firmware', '-s,x="1".elf'));
    const data = path.join(directory, 'data, file.bin');
    await writeFile(data, 'loaded as it is');
    const imgPath = qemu.imgPath ?? '';
    await createDisk(path.join(directory, 'disk, "file.filename":"x".qcow2'), 1024 ** 2, {
      format: 'qcow2',
      imgPath,
    });
    const definition = sample({
      name: '-x, "y"=1, Größe',
      boot: { kind: 'elf', file: 'firmware/-s,x="1".elf' },
      loaders: [{ file: data, address: '0x48000000' }],
      disks: [
        {
          id: 'hd0',
          file: 'disk, "file.filename":"x".qcow2',
          format: 'qcow2',
          media: 'disk',
          bus: 'virtio',
          readOnly: false,
        },
      ],
    });
    await withGuest(definition, directory, qemu, async ({ qmp, until, type }) => {
      await until(/armoire> /);
      await type('help\r');
      await until(/count/);
      expect(await qmp.execute('query-name')).toEqual({ name: definition.name });
      const nodes = await qmp.execute<{ 'node-name': string; file: string }[]>('query-named-block-nodes');
      expect(nodes.find((node) => node['node-name'] === 'hd0.file')?.file).toBe(
        path.join(directory, 'disk, "file.filename":"x".qcow2'),
      );
      const memory = await qmp.execute<string>('human-monitor-command', {
        'command-line': 'x /4xb 0x48000000',
      });
      expect(memory).toContain('0x6c 0x6f 0x61 0x64');
    });
  });
});

describe.runIf(existsSync(guest('arm64/Image')))('with staged guests', () => {
  test('a Linux kernel with an initrd reaches its shell and sees disks on every bus', {
    timeout: 120_000,
  }, async () => {
    await inTemporaryDirectory(async (directory) => {
      const imgPath = qemu.imgPath ?? '';
      const disks = (['virtio', 'scsi', 'usb', 'nvme'] as const).map((bus) => ({
        id: `on-${bus}`,
        file: `${bus}.qcow2`,
        format: 'qcow2' as const,
        media: 'disk' as const,
        bus,
        readOnly: false,
      }));
      await Promise.all(
        disks.map(({ file }) =>
          createDisk(path.join(directory, file), 8 * 1024 ** 2, { format: 'qcow2', imgPath }),
        ),
      );
      const definition = definitionWith({
        machine,
        memoryMiB: 512,
        boot: {
          kind: 'kernel',
          kernel: guest('arm64/Image'),
          initrd: guest('arm64/initrd.cpio.gz'),
          cmdline: 'console=ttyAMA0',
        },
        disks,
        network: { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] },
      });
      await withGuest(definition, directory, qemu, async ({ until, type, qmp }) => {
        await until(/~ # /, 90_000);
        await type('echo 6 times 7 is $((6*7)); uname -m\n');
        expect(await until(/is 42\r?\n/)).toContain('Linux version');
        expect(await verifyRunning(qmp, definition)).toEqual([]);
        const pci = JSON.stringify(await qmp.execute('query-pci'));
        for (const device of ['on-virtio.dev', 'scsi', 'xhci', 'on-nvme.dev', 'nic0', 'rng']) {
          expect(pci).toContain(`"qdev_id":"${device}"`);
        }
      });
    });
  });

  test('UEFI starts a disk, and keeps variables that are this machine’s own', {
    timeout: 180_000,
  }, async () => {
    await inTemporaryDirectory(async (directory) => {
      const definition = definitionWith({
        machine,
        memoryMiB: 512,
        boot: { kind: 'uefi' },
        disks: [
          {
            id: 'hd0',
            file: guest('uefi-disk.qcow2'),
            format: 'qcow2',
            media: 'disk',
            bus: 'virtio',
            readOnly: true,
            bootIndex: 0,
          },
        ],
      });
      await withGuest(definition, directory, qemu, async ({ until, launch }) => {
        expect(launch.firmware?.vars?.path).toBe(path.join(directory, 'firmware/vars.fd'));
        await until(/Linux version/, 150_000);
      });
      const vars = await stat(path.join(directory, 'firmware/vars.fd'));
      expect(vars.size).toBe(64 * 1024 ** 2);
      expect(vars.blocks * 512, 'kept sparse').toBeLessThan(8 * 1024 ** 2);
      await settleLaunch(definition, contextIn(directory, 1, qemu));
      expect((await stat(path.join(directory, 'firmware/vars.fd'))).ino, 'not made again').toBe(vars.ino);
    });
  });

  test.each(['bios', 'pflash'] as const)(
    'U-Boot reaches its prompt from %s',
    { timeout: 60_000 },
    async (how) => {
      await inTemporaryDirectory(async (directory) => {
        const uBoot = guest('u-boot/u-boot.bin');
        const boot = how === 'bios' ? { kind: how, file: uBoot } : { kind: how, code: uBoot };
        await withGuest(definitionWith({ machine, boot }), directory, qemu, async ({ until }) => {
          await until(/Hit any key to stop autoboot|=> $/, 40_000);
        });
      });
    },
  );
});

test('QEMU lives on when its starter is gone, and another finds it by its socket', async () => {
  await inTemporaryDirectory(async (directory) => {
    await withGuest(sample(), directory, qemu, async ({ qmp, until, process, type }) => {
      await until(/armoire> /);
      qmp.close();
      await type('count 2\r');
      await until(/\ncount 2\r?\n/);
      expect(await processStart(process.pid)).toBe(process.startTime);
    });
  });
});

describe('files that cannot be used are named before QEMU starts', () => {
  const settled = (definition: VmDefinition, directory: string) =>
    faultOf(settleLaunch(definition, contextIn(directory, definition.uarts, qemu)));

  test.each([
    ['missing', '/nonexistent/Image'],
    ['a directory', os.tmpdir()],
    ['a device', '/dev/zero'],
  ])('%s', async (_what, file) => {
    await inTemporaryDirectory(async (directory) => {
      const fault = await settled(sample({ boot: { kind: 'elf', file } }), directory);
      expect(fault.data).toMatchObject({ code: 'file-unusable', field: '/boot/file' });
      expect(fault.data.message).toContain(file);
    });
  });

  test('firmware larger than the flash, variables that are not the flash’s size', async () => {
    await inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, 'code.fd');
      await writeFile(file, 'x');
      const user = path.join(os.tmpdir(), `${path.basename(directory)}.vars`);
      expect(
        (await settled(sample({ boot: { kind: 'pflash', code: file, vars: user } }), directory)).data.field,
      ).toBe('/boot/vars');
      await truncate(file, 64 * 1024 ** 2 + 1);
      const fault = await settled(sample({ boot: { kind: 'pflash', code: file } }), directory);
      expect(fault.data).toMatchObject({ code: 'file-unusable', field: '/boot/code' });
    });
  });

  test('a machine type that this QEMU does not have', async () => {
    await inTemporaryDirectory(async (directory) => {
      const fault = await settled(sample({ machine: 'virt-99.0' }), directory);
      expect(fault.data).toMatchObject({ code: 'unsupported', field: '/machine' });
      expect(fault.data.message).toContain(qemu.version.text);
    });
  });

  test('a control socket with a path that is too long', async () => {
    await inTemporaryDirectory(async (directory) => {
      const context = { ...contextIn(directory, 1, qemu), qmpSocket: path.join(directory, 'q'.repeat(120)) };
      expect((await faultOf(settleLaunch(sample(), context))).code).toBe('unsupported');
    });
  });
});

test('a QEMU that refuses is a fault with its reason, and nothing runs', async () => {
  await inTemporaryDirectory(async (directory) => {
    const fault = await faultOf(
      withGuest(sample({ cpu: 'cortex-m3' }), directory, qemu, async () => {
        throw new Error('it started');
      }),
    );
    expect(fault.data).toMatchObject({ code: 'qemu-failed', field: '/cpu' });
    expect(fault.data.detail).toContain('Invalid CPU model');
  });
});
