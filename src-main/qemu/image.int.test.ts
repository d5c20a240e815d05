// Disk images with the real qemu-img: what is made, copied and refused.
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { copyImage, createDisk, inspectImage } from './image.ts';
import { qemuEnvironment } from './process-environment.ts';
import { askQemu } from './stdio-session.ts';
import { faultOf, inTemporaryDirectory, testQemu } from './testing.ts';

const MiB = 1024 ** 2;

let imgPath: string;
let program: string;
beforeAll(async () => {
  const qemu = await testQemu();
  imgPath = qemu.imgPath ?? '';
  program = qemu.path;
});

const img = (...args: string[]) => execa(imgPath, args, { env: qemuEnvironment(), extendEnv: false });

/** Data at the beginning and the end, a hole between. */
async function sparseFile(file: string, sizeBytes: number, dataBytes: number): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const block = Buffer.alloc(MiB, 'Armoire ');
    for (let at = 0; at < dataBytes; at += MiB) await handle.write(block, 0, MiB, at);
    await handle.truncate(sizeBytes);
    await handle.write(block, 0, MiB, sizeBytes - MiB);
  } finally {
    await handle.close();
  }
}

test('a new disk is what was asked for, and takes next to no room', async () => {
  await inTemporaryDirectory(async (directory) => {
    for (const format of ['qcow2', 'raw'] as const) {
      const file = path.join(directory, `a, "b"=${format}`);
      await createDisk(file, 20 * 1024 * MiB, { format, imgPath });
      const info = await inspectImage(file, imgPath);
      expect(info).toMatchObject({ format, virtualSizeBytes: 20 * 1024 * MiB, refusals: [] });
      expect(info.allocatedBytes).toBeLessThan(MiB);
    }
    expect((await readdir(directory)).length).toBe(2);
    const there = await faultOf(
      createDisk(path.join(directory, 'a, "b"=raw'), MiB, { format: 'raw', imgPath }),
    );
    expect(there.code).toBe('conflict');
  });
});

test('qemu-img’s own attack images are refused before qemu-img sees them', async () => {
  await inTemporaryDirectory(async (directory) => {
    const at = (name: string) => path.join(directory, name);
    await createDisk(at('base.qcow2'), MiB, { format: 'qcow2', imgPath });
    await img('create', '-q', '-f', 'qcow2', '-b', at('base.qcow2'), '-F', 'qcow2', at('child.qcow2'));
    await img('create', '-q', '-f', 'qcow2', '-o', `data_file=${at('data.raw')}`, at('outside.qcow2'), '1M');
    await img('create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', at('flat.vmdk'), '1M');
    await img('create', '-q', '-f', 'vmdk', at('own.vmdk'), '1M');
    for (const name of ['child.qcow2', 'outside.qcow2', 'flat.vmdk']) {
      const info = await inspectImage(at(name), '/nonexistent/qemu-img');
      expect(info.refusals, name).not.toEqual([]);
      const refused = copyImage(at(name), at('copy'), {
        format: info.format,
        imgPath: '/nonexistent/qemu-img',
      });
      expect((await faultOf(refused)).code).toBe('image-refused');
    }
    expect((await inspectImage(at('own.vmdk'), imgPath)).refusals).toEqual([]);
  });
});

test.each(['qcow', 'vmdk', 'vdi', 'vpc', 'vhdx', 'qed'] as const)(
  'knows %s as qemu-img makes it, and copies it',
  async (format) => {
    await inTemporaryDirectory(async (directory) => {
      const at = (name: string) => path.join(directory, name);
      await sparseFile(at('raw'), 8 * MiB, MiB);
      await img('convert', '-f', 'raw', '-O', format, at('raw'), at('image'));
      const info = await inspectImage(at('image'), imgPath);
      expect(info).toMatchObject({ format, refusals: [] });
      expect(info.virtualSizeBytes).toBeGreaterThanOrEqual(8 * MiB);
      await copyImage(at('image'), at('copy'), { format, imgPath, targetFormat: 'raw' });
      const copy = await readFile(at('copy'));
      expect(copy.subarray(0, 8 * MiB).equals(await readFile(at('raw')))).toBe(true);
    });
  },
);

test('a copy holds the same bytes, keeps its holes, and tells how far it is', async () => {
  await inTemporaryDirectory(async (directory) => {
    const from = path.join(directory, 'from');
    await sparseFile(from, 2048 * MiB, 16 * MiB);
    const told: number[] = [];
    const to = path.join(directory, 'to.raw');
    await copyImage(from, to, { format: 'raw', imgPath, onProgress: (percent) => told.push(percent) });
    expect(told.at(-1)).toBe(100);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    const { stdout } = await img('compare', '-f', 'raw', '-F', 'raw', from, to);
    expect(stdout).toContain('identical');
    const [original, copy] = await Promise.all([stat(from), stat(to)]);
    expect(copy.size).toBe(original.size);
    expect(copy.blocks).toBeLessThanOrEqual(original.blocks * 1.02);
    await copyImage(from, path.join(directory, 'to.qcow2'), {
      format: 'raw',
      imgPath,
      targetFormat: 'qcow2',
    });
    expect((await inspectImage(path.join(directory, 'to.qcow2'), imgPath)).virtualSizeBytes).toBe(2048 * MiB);
    expect((await readdir(directory)).sort()).toEqual(['from', 'to.qcow2', 'to.raw']);
  });
});

test('a copy that is stopped leaves nothing behind', async () => {
  await inTemporaryDirectory(async (directory) => {
    const from = path.join(directory, 'from');
    await sparseFile(from, 512 * MiB, 400 * MiB);
    const stop = new AbortController();
    const fault = await faultOf(
      copyImage(from, path.join(directory, 'to'), {
        format: 'raw',
        targetFormat: 'qcow2',
        imgPath,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    );
    expect(fault.code).toBe('cancelled');
    expect(await readdir(directory)).toEqual(['from']);
    const before = await faultOf(
      copyImage(from, path.join(directory, 'to'), { format: 'raw', imgPath, signal: AbortSignal.abort() }),
    );
    expect(before.code).toBe('cancelled');
  });
});

test('an image that a machine writes to can be looked at, and not copied', async () => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'disk.qcow2');
    await createDisk(file, 8 * MiB, { format: 'qcow2', imgPath });
    const node = JSON.stringify({
      driver: 'qcow2',
      'node-name': 'a',
      file: { driver: 'file', filename: file },
    });
    const words = ['-M', 'virt', '-S', '-nodefaults', '-display', 'none', '-qmp', 'stdio', '-blockdev', node];
    const held = await askQemu(program, [...words, '-device', 'virtio-blk-pci,drive=a'], 20_000, async () => {
      expect((await inspectImage(file, imgPath)).virtualSizeBytes).toBe(8 * MiB);
      return faultOf(copyImage(file, path.join(directory, 'copy'), { format: 'qcow2', imgPath }));
    });
    if (!held.ok) throw held.error;
    expect(held.answer.data).toMatchObject({ code: 'file-unusable' });
    expect(held.answer.message).toContain('in use');
    expect(await readdir(directory)).toEqual(['disk.qcow2']);
  });
});

test('a damaged image and a wrong format are named, and nothing is left', async () => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'disk.qcow2');
    await createDisk(file, 8 * MiB, { format: 'qcow2', imgPath });
    const handle = await open(file, 'r+');
    await handle.write(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), 0, 8, 40); // where the L1 table begins
    await handle.close();
    const target = path.join(directory, 'copy');
    const damaged = await faultOf(copyImage(file, target, { format: 'qcow2', imgPath }));
    expect(damaged.message).toContain('damaged');
    await writeFile(path.join(directory, 'text'), 'no image');
    const wrong = await faultOf(
      copyImage(path.join(directory, 'text'), target, { format: 'qcow2', imgPath }),
    );
    expect(wrong.message).toContain('looks like raw');
    expect((await readdir(directory)).sort()).toEqual(['disk.qcow2', 'text']);
  });
});
