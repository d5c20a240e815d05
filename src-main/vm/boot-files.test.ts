import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bootFilesOf, changedFiles, type FileStamp, stampBootFiles } from './boot-files.ts';
import { definitionWith } from './testing.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'armoire-boot-files-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('looks at what is read once, and not at disks or flash', async () => {
  for (const name of ['Image', 'tree.dtb', 'extra.bin', 'disk.img']) {
    await writeFile(path.join(directory, name), name);
  }
  const definition = definitionWith({
    boot: { kind: 'kernel', kernel: 'Image', dtb: 'tree.dtb', initrd: 'gone.cpio', cmdline: '' },
    loaders: [{ file: 'extra.bin', address: '0x48000000' }],
    disks: [{ id: 'disk0', file: 'disk.img', format: 'raw', media: 'disk', bus: 'virtio', readOnly: false }],
  });
  const stamps = await stampBootFiles(bootFilesOf(definition), directory);
  expect(stamps.map(({ file }) => file)).toEqual(['Image', 'tree.dtb', 'extra.bin']);
  const flash = definitionWith({ boot: { kind: 'pflash', code: 'Image', vars: 'tree.dtb' } });
  expect(await stampBootFiles(bootFilesOf(flash), directory)).toEqual([]);
});

it('sees another size, and another time with the same size', async () => {
  const file = path.join(directory, 'app.elf');
  const look = () =>
    stampBootFiles(bootFilesOf(definitionWith({ boot: { kind: 'elf', file: 'app.elf' } })), directory);
  await writeFile(file, 'one');
  const started = await look();
  expect(changedFiles(started, started, await look())).toEqual([]);
  await writeFile(file, 'three');
  const longer = await look();
  expect(changedFiles(started, longer, longer)).toEqual(['app.elf']);
  await writeFile(file, 'two');
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  const later = await look();
  expect(changedFiles(started, later, later)).toEqual(['app.elf']);
});

it('waits until a file has come to rest, and says nothing of one that is away', () => {
  const stamp = (sizeBytes: number): FileStamp => ({ file: 'app.elf', sizeBytes, modifiedMs: 1 });
  expect(changedFiles([stamp(1)], [stamp(1)], [stamp(2)])).toEqual([]);
  expect(changedFiles([stamp(1)], [stamp(2)], [stamp(2)])).toEqual(['app.elf']);
  expect(changedFiles([stamp(1)], [], [])).toEqual([]);
});
