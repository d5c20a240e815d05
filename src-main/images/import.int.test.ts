// Imports with the real qemu-img: every format and packing, what it costs, and what is left when it fails.
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { findProcesses } from '../lib/process-table.ts';
import { inspectImage } from '../qemu/image.ts';
import { qemuEnvironment } from '../qemu/process-environment.ts';
import { faultOf, inTemporaryDirectory, testQemu } from '../qemu/testing.ts';
import { importImage } from './import.ts';

const MiB = 1024 ** 2;

let imgPath: string;
beforeAll(async () => {
  imgPath = (await testQemu()).imgPath ?? '';
});

const img = (...args: string[]) => execa(imgPath, args, { env: qemuEnvironment(), extendEnv: false });

/** Text at the beginning and the end, a partition table's mark, holes between. */
async function rawDisk(file: string, sizeBytes: number, dataBytes: number): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const block = Buffer.alloc(MiB);
    for (let at = 0; at < dataBytes; at += MiB) {
      for (let word = 0; word < MiB; word += 4) block.writeUInt32LE((at + word * 2654435761) >>> 0, word);
      await handle.write(block, 0, MiB, at);
    }
    await handle.write(Buffer.from([0x55, 0xaa]), 0, 2, 510);
    await handle.truncate(sizeBytes);
    await handle.write(block, 0, MiB, sizeBytes - MiB);
  } finally {
    await handle.close();
  }
}

const has = (program: string) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Node packs gzip; xz and zstd need their programs. */
const packers = {
  gz: (file: string) => pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`)),
  xz: (file: string) => execa('xz', ['-k', '-1', file]),
  zst: (file: string) => execa('zstd', ['-q', '-k', file]),
};
const programs = { gz: true, xz: has('xz'), zst: has('zstd') };

/** The same disk for the guest, whatever the format. */
async function sameDisk(raw: string, copy: string, format: 'qcow2' | 'raw'): Promise<void> {
  const { stdout } = await img('compare', '-f', 'raw', '-F', format, raw, copy);
  expect(stdout).toMatch(/identical/);
}

describe.each(['raw', 'qcow2', 'vmdk', 'vdi', 'vhdx', 'vpc', 'qed', 'qcow'] as const)('%s', (from) => {
  test.each(['qcow2', 'raw'] as const)(
    'becomes %s, takes no more room than qemu-img’s own, and is sound',
    (format) =>
      inTemporaryDirectory(async (directory) => {
        const at = (name: string) => path.join(directory, name);
        await rawDisk(at('raw'), 24 * MiB, 3 * MiB);
        await img('convert', '-f', 'raw', '-O', from, at('raw'), at('source'));
        await importImage(at('source'), at('copy'), { imgPath, format });
        await sameDisk(at('raw'), at('copy'), format);
        await img('convert', '-f', from, '-O', format, at('source'), at('reference'));
        const [copy, reference] = await Promise.all([stat(at('copy')), stat(at('reference'))]);
        expect(copy.blocks).toBeLessThanOrEqual(reference.blocks * 1.02);
        if (format === 'qcow2') await img('check', '-f', format, at('copy'));
        expect((await readdir(directory)).sort()).toEqual(['copy', 'raw', 'reference', 'source']);
      }),
  );
});

describe.each(['gz', 'xz', 'zst'] as const)('packed with .%s', (packing) => {
  test.skipIf(!programs[packing])('raw keeps its holes, qcow2 is taken as it is, progress is told', () =>
    inTemporaryDirectory(async (directory) => {
      const at = (name: string) => path.join(directory, name);
      await rawDisk(at('raw'), 24 * MiB, 3 * MiB);
      await img('convert', '-f', 'raw', '-O', 'qcow2', at('raw'), at('image'));
      for (const source of ['raw', 'image']) await packers[packing](at(source));
      const told: number[] = [];
      const steps: string[] = [];
      for (const source of ['raw', 'image']) {
        for (const format of ['raw', 'qcow2'] as const) {
          const options = {
            imgPath,
            format,
            onProgress: (percent: number) => told.push(percent),
            onStep: (title: string) => steps.push(title),
          };
          const to = at(`${source}.${format}`);
          await importImage(at(`${source}.${packing}`), to, options);
          await sameDisk(at('raw'), to, format);
          expect((await stat(to)).blocks * 512).toBeLessThan(6 * MiB);
        }
      }
      expect(told).toContain(100);
      expect(steps).toContain(`Unpacking raw.${packing}`);
      expect((await readdir(directory)).filter((name) => name.includes('partial'))).toEqual([]);
    }),
  );

  test.skipIf(!programs[packing])('cut off or changed: said so, nothing left', () =>
    inTemporaryDirectory(async (directory) => {
      const source = path.join(directory, 'disk');
      await rawDisk(source, 8 * MiB, 2 * MiB);
      await packers[packing](source);
      const packed = `${source}.${packing}`;
      await truncate(packed, Math.floor((await stat(packed)).size / 2));
      const fault = await faultOf(importImage(packed, `${source}.raw`, { imgPath, format: 'raw' }));
      expect(fault.code).toBe('file-unusable');
      expect(fault.message).toContain('cut off or damaged');
      expect((await readdir(directory)).sort()).toEqual(['disk', `disk.${packing}`]);
    }),
  );
});

test('what is no disk is told from one: archives, and what is packed twice or in another way', () =>
  inTemporaryDirectory(async (directory) => {
    const at = (name: string) => path.join(directory, name);
    await writeFile(at('file'), 'text');
    execFileSync('tar', ['-czf', at('files.tar.gz'), '-C', directory, 'file']);
    await rawDisk(at('disk'), 2 * MiB, MiB);
    await packers.gz(at('disk'));
    await packers.gz(at('disk.gz'));
    await writeFile(at('disk.bz2'), 'BZh91AY&SY');
    const words = async (name: string) =>
      (await faultOf(importImage(at(name), at('copy'), { imgPath, format: 'raw' }))).message;
    expect(await words('files.tar.gz')).toContain('archive of files');
    expect(await words('disk.gz.gz')).toContain('packed once more');
    expect(await words('disk.bz2')).toContain('bzip2');
    expect(await words('gone')).toContain('is not there');
    expect((await readdir(directory)).some((name) => /copy|partial/.test(name))).toBe(false);
  }));

test('Cancel, and the death of qemu-img, leave nothing behind', () =>
  inTemporaryDirectory(async (directory) => {
    const source = path.join(directory, 'source');
    await rawDisk(source, 900 * MiB, 600 * MiB);
    const to = path.join(directory, 'copy');
    const stop = new AbortController();
    const options = { imgPath, format: 'qcow2' as const };
    const cancelled = await faultOf(
      importImage(source, to, { ...options, signal: stop.signal, onProgress: () => stop.abort() }),
    );
    expect(cancelled.code).toBe('cancelled');
    expect(await readdir(directory)).toEqual(['source']);

    let killed = false;
    const kill = async () => {
      if (killed) return;
      killed = true;
      for (const { pid, commandLine } of await findProcesses(/qemu-img/)) {
        if (commandLine.includes(directory)) process.kill(pid, 'SIGKILL');
      }
    };
    const died = await faultOf(importImage(source, to, { ...options, onProgress: () => void kill() }));
    expect(died.code).toBe('qemu-failed');
    expect(died.message).toContain('ended from outside');
    expect(await readdir(directory)).toEqual(['source']);
  }));

test('the copy of a compressed qcow2 stays compressed, and is the image byte for byte', () =>
  inTemporaryDirectory(async (directory) => {
    const at = (name: string) => path.join(directory, name);
    await rawDisk(at('raw'), 64 * MiB, 1 * MiB);
    await cp(at('raw'), at('raw2'));
    await img('convert', '-c', '-f', 'raw', '-O', 'qcow2', at('raw'), at('image'));
    await importImage(at('image'), at('copy'), { imgPath, format: 'qcow2' });
    const [image, copy] = await Promise.all([readFile(at('image')), readFile(at('copy'))]);
    expect(copy.subarray(0, image.length).equals(image)).toBe(true);
    expect((await inspectImage(at('copy'), imgPath)).virtualSizeBytes).toBe(64 * MiB);
  }));
