// Real QEMU, a real guest: a mapped memory is the saved one byte for byte, and the file stays as it is.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeAll, expect, test } from 'vitest';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { mappableRam, readRamBlocks, writeRest } from './memory-overlay.ts';
import { loadMemory, saveMemory } from './migration.ts';
import type { QmpClient } from './qmp.ts';
import { definitionWith, guestsDir, inTemporaryDirectory, testQemu } from './testing.ts';
import { withGuest } from './testing-guest.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Where the RAM of `virt` begins. */
const ramAddress = 0x4000_0000;

async function ramHash(qmp: QmpClient, sizeBytes: number, file: string): Promise<string> {
  await qmp.execute('pmemsave', { val: ramAddress, size: sizeBytes, filename: file }, { timeoutMs: 60_000 });
  return hashOf(file);
}

/** Leaves something in the file for pages that were zero in the end, as those do that were not zero before. */
async function makeStale(file: string, pages: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const ram = (await readRamBlocks(handle))?.find(({ id }) => id === 'mach-virt.ram');
    if (!ram) throw new Error('no RAM in it');
    const bitmap = Buffer.alloc(ram.sizeBytes / ram.pageBytes / 8);
    await handle.read(bitmap, 0, bitmap.length, ram.bitmapOffset);
    const free = [...bitmap.keys()].filter((byte) => bitmap[byte] === 0).slice(-pages);
    expect(free, 'pages that are zero').toHaveLength(pages);
    for (const byte of free) {
      const position = ram.pagesOffset + 8 * byte * ram.pageBytes;
      await handle.write(Buffer.alloc(ram.pageBytes, 'old'), 0, ram.pageBytes, position);
    }
  } finally {
    await handle.close();
  }
}

test('a guest goes on from a mapped memory, which stays as it is', async ({ skip }) => {
  skip(!qemu.features.includes('mapped-ram'), 'this QEMU has no mapped-ram');
  const machine = qemu.machines.find(({ alias }) => alias === 'virt')?.name ?? '';
  const boot = {
    kind: 'kernel' as const,
    kernel: path.join(guestsDir, 'arm64', 'Image'),
    initrd: path.join(guestsDir, 'arm64', 'initrd.cpio.gz'),
    cmdline: 'console=ttyAMA0',
  };
  const definition = definitionWith({ machine, boot, cpu: 'cortex-a57', memoryMiB: 256 });
  const sizeBytes = 256 * 1024 ** 2;
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'memory, "saved"');
    const original = await withGuest(
      definition,
      path.join(directory, 'a'),
      qemu,
      async ({ qmp, until, type }) => {
        await until(/~ # /, 60_000);
        await type('answer=$((40 + 2))\r');
        await until(/answer=[^~]*~ # /);
        await saveMemory(qmp, file, { form: 'mapped-ram' });
        return ramHash(qmp, sizeBytes, path.join(directory, 'ram-saved'));
      },
    );
    await makeStale(file, 1);
    const saved = await hashOf(file);

    const mappedRam = await mappableRam(file, definition);
    expect(mappedRam).toMatchObject({ sizeBytes });
    if (!mappedRam) return;
    const rest = path.join(directory, 'rest');
    expect(await writeRest({ ram: mappedRam, target: rest, imgPath: qemu.imgPath ?? '' })).toBe(true);
    expect((await stat(rest)).blocks * 512, 'next to nothing of the RAM').toBeLessThan(8 * 1024 ** 2);
    await mkdir(path.join(directory, 'b'));
    await withGuest(
      definition,
      path.join(directory, 'b'),
      qemu,
      async ({ qmp, until, type, process }) => {
        await loadMemory(qmp, rest, { form: 'mapped-ram' });
        expect(await ramHash(qmp, sizeBytes, path.join(directory, 'ram-mapped'))).toBe(original);
        expect(await readFile(`/proc/${process.pid}/maps`, 'utf8')).toContain(file);
        await qmp.execute('cont');
        await type('echo "it is $answer"; dd if=/dev/zero of=/tmp/x bs=1M count=64; sync\r');
        await until(/it is 42\r?\n[\s\S]*~ # /, 60_000);
      },
      { mappedRam },
    );
    expect(await hashOf(file)).toBe(saved);

    // More than a sixteenth of 256 MiB: to load them would cost what mapping saves.
    await makeStale(file, 4097);
    const other = path.join(directory, 'other');
    expect(await writeRest({ ram: mappedRam, target: other, imgPath: qemu.imgPath ?? '' })).toBe(false);
    await expect(stat(other)).rejects.toMatchObject({ code: 'ENOENT' });
  });
}, 180_000);
