// Importing a disk image: Armoire against `qemu-img convert` of the same file, in alternating runs.
import { randomFillSync } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ServerClient } from '../../../e2e/support/client.ts';
import type { ArmoireServer } from '../../../e2e/support/server.ts';
import type { Disk } from '../../../src-main/contract/definition.ts';
import { createVm, removeVm } from './armoire-run.ts';
import { allocatedBytes } from './disk-space.ts';
import { type Measurement, median, millisecondsSince } from './measure.ts';

const virtualBytes = 8 * 1024 ** 3;
const chunkBytes = 8 * 1024 ** 2;
/** One chunk of data, then holes: 1 GiB in 8 GiB. */
const everyBytes = 64 * 1024 ** 2;
const disk: Disk = {
  id: 'imported',
  file: 'disks/imported.qcow2',
  format: 'qcow2',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
};
const formats = ['qcow2', 'vmdk'] as const;

export async function measureImport(
  server: ArmoireServer,
  client: ServerClient,
  rounds: number,
): Promise<Measurement[]> {
  const { inUse } = await client.rpc.host.qemu({ refresh: false });
  if (inUse?.imgPath === undefined) throw new Error('There is no qemu-img to measure.');
  const { imgPath } = inUse;
  const { root } = server.directories;
  const raw = join(root, 'source.raw');
  await writeSparse(raw);
  const measured: Measurement[] = [];
  for (const format of formats) {
    const source = join(root, `source.${format}`);
    await execa(imgPath, ['convert', '-f', 'raw', '-O', format, raw, source]);
    measured.push(...(await measureFormat({ server, client, imgPath, format, source }, rounds)));
    await rm(source);
  }
  await rm(raw);
  return measured;
}

async function writeSparse(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.truncate(virtualBytes);
    const chunk = Buffer.alloc(chunkBytes);
    for (let at = 0; at < virtualBytes; at += everyBytes) {
      randomFillSync(chunk);
      await handle.write(chunk, 0, chunk.length, at);
    }
  } finally {
    await handle.close();
  }
}

interface Subject {
  server: ArmoireServer;
  client: ServerClient;
  imgPath: string;
  format: (typeof formats)[number];
  source: string;
}

async function measureFormat(
  { server, client, imgPath, format, source }: Subject,
  rounds: number,
): Promise<Measurement[]> {
  const times = { armoire: [] as number[], byHand: [] as number[], byHandUnsynced: [] as number[] };
  const vm = await createVm(client, { kind: 'sample' });
  const { id } = vm;
  let { revision } = vm;
  const sizes = { armoire: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const copy = join(server.directories.root, 'by-hand.qcow2');
    await execa('sync');
    const handStarted = performance.now();
    await execa(imgPath, ['convert', '-f', format, '-O', 'qcow2', source, copy]);
    times.byHandUnsynced.push(millisecondsSince(handStarted));
    // qemu-img leaves the copy in memory. An import has it on the disk before it says that it is done.
    await execa('sync', [copy]);
    times.byHand.push(millisecondsSince(handStarted));
    sizes.byHand.push(await allocatedBytes(copy));
    await rm(copy);

    await execa('sync');
    const started = performance.now();
    const added = await client.rpc.disks.add({
      id,
      revision,
      disk,
      source: { kind: 'import', from: source },
    });
    times.armoire.push(millisecondsSince(started));
    const imported = added.definition?.disks.at(-1)?.file ?? '';
    await execa('sync');
    sizes.armoire.push(await allocatedBytes(join(server.directories.library, id, imported)));
    const removed = { id, disk: disk.id, revision: added.revision, deleteImage: true };
    revision = (await client.rpc.disks.remove(removed)).revision;
  }
  await removeVm(client, id);
  return [
    {
      name: `import of a ${format} with 1 GiB in 8 GiB: Armoire / qemu-img convert and sync`,
      unit: 'ratio',
      value: median(times.armoire) / median(times.byHand),
      limit: { atMost: 1.05 },
      samples: times,
    },
    {
      name: `import of a ${format}: Armoire / qemu-img convert that leaves the copy in memory`,
      unit: 'ratio',
      value: median(times.armoire) / median(times.byHandUnsynced),
      samples: {},
    },
    {
      name: `what the imported ${format} takes: Armoire / qemu-img convert`,
      unit: 'ratio',
      value: median(sizes.armoire) / median(sizes.byHand),
      limit: { atMost: 1.02 },
      samples: sizes,
    },
  ];
}
