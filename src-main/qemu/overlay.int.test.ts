// Overlays that were written after a pattern, against those of the real qemu-img.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createDisk } from './image.ts';
import { createOverlay } from './overlay.ts';
import { qemuEnvironment } from './process-environment.ts';
import { inTemporaryDirectory, testQemu } from './testing.ts';

const MiB = 1024 ** 2;

test('an overlay is byte for byte what qemu-img makes, whatever the name of what it builds on', async () => {
  const qemu = await testQemu();
  const imgPath = qemu.imgPath ?? '';
  await inTemporaryDirectory(async (directory) => {
    for (const [format, sizeBytes] of [
      ['qcow2', 10 * 1024 * MiB],
      ['qcow2', 64 * MiB],
      ['raw', 64 * MiB],
    ] as const) {
      // A long name first, then shorter ones: nothing of it may be left over.
      for (const folder of ['a folder, with "a long name"', 'b', `c${'c'.repeat(200)}`]) {
        const base = path.join(directory, folder, `${format}${sizeBytes}`);
        await mkdir(path.dirname(base), { recursive: true });
        await createDisk(base, sizeBytes, { format, imgPath });
        const target = path.join(directory, `${format}${sizeBytes}${folder}.overlay`);
        await createOverlay({ target, chain: [{ path: base, format }], imgPath });
        const words = [
          ...['create', '-q', '-u', '-f', 'qcow2', '-o', 'cluster_size=65536,extended_l2=on'],
          ...['-b', path.relative(directory, base), '-F', format, `${target}.expected`, String(sizeBytes)],
        ];
        await execa(imgPath, words, { env: qemuEnvironment(), extendEnv: false });
        expect(await readFile(target)).toEqual(await readFile(`${target}.expected`));
      }
    }
  });
});
