// Disks from the command line.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inOwnLibrary, root, run } from './cli.testing.ts';
import type { DiskReport } from './contract/disk.ts';
import type { VmView } from './contract/vm.ts';

inOwnLibrary();

const GiB = 1024 ** 3;

/** The sample with disks of 1 GiB, which it does not look at. */
async function createWithDisks(name: string, ids: readonly string[]): Promise<void> {
  const made = await run(['create', '--sample', '--name', `${name} template`, '--json']).ended;
  const { definition } = JSON.parse(made.out) as VmView;
  const disks = ids.map((id) => ({
    id,
    file: `disks/${id}.qcow2`,
    format: 'qcow2',
    media: 'disk',
    bus: 'virtio',
    readOnly: false,
  }));
  const provisions = [
    { kind: 'sample' },
    ...ids.map((diskId) => ({ kind: 'new-disk', diskId, sizeBytes: GiB })),
  ];
  const file = path.join(root, 'request.json');
  await writeFile(file, JSON.stringify({ definition: { ...definition, name, disks }, provisions }));
  expect(await run(['create', file]).ended).toMatchObject({ code: 0 });
}

it('tells, grows, checks, compacts and converts', async () => {
  await createWithDisks('lab', ['disk0']);
  const told = await run(['disk', 'info', 'lab']).ended;
  expect(told).toMatchObject({ code: 0, err: '' });
  const [head, row, sum] = told.out.split('\n');
  expect(head).toMatch(/^DISK +FORMAT +SIZE +ON DISK +BUILDS ON +FILE$/);
  expect(row).toMatch(/^disk0 +qcow2 +1 GiB +\d+ KiB +disks\/disk0\.qcow2$/);
  expect(sum).toMatch(/^All of lab: .*, of that snapshots: 0 B$/);

  const grown = await run(['disk', 'grow', 'lab', '--to', '2G', '--json']).ended;
  expect(grown).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(grown.out)).toMatchObject({
    disk: 'disk0',
    sizeBytes: 2 * GiB,
    advice: expect.any(String),
  });
  const { disks } = JSON.parse(
    (await run(['disk', 'info', 'lab', 'disk0', '--json']).ended).out,
  ) as DiskReport;
  expect(disks).toMatchObject([{ id: 'disk0', virtualBytes: 2 * GiB }]);
  const smaller = await run(['disk', 'grow', 'lab', '--to', '1G']).ended;
  expect(smaller.code).toBe(2);
  expect(smaller.err).toMatch(/^armoire: /);

  expect(await run(['disk', 'check', 'lab']).ended).toMatchObject({ code: 0, out: 'disk0: clean\n' });
  expect((await run(['disk', 'compact', 'lab']).ended).out).toMatch(/^disk0: .* given back\n$/);
  expect(await run(['disk', 'convert', 'lab', '--to', 'raw']).ended).toMatchObject({
    code: 0,
    out: 'lab: stopped\n',
  });
  expect((await run(['disk', 'info', 'lab']).ended).out).toMatch(/^disk0 +raw +2 GiB/m);
});

it('does not guess which disk is meant', async () => {
  await createWithDisks('lab', ['system', 'data']);
  const ambiguous = await run(['disk', 'grow', 'lab', '--to', '2G']).ended;
  expect(ambiguous.code).toBe(2);
  expect(ambiguous.err).toContain('lab has 2 disks.');
  expect(ambiguous.err).toContain('Say which one: system, data.');
  expect((await run(['disk', 'check', 'lab', 'floppy']).ended).err).toContain('It has system, data.');
  expect((await run(['disk', 'check', 'lab template']).ended).err).toContain('has no disks');
});

it.each([
  [['disk', 'grow', 'lab']],
  [['disk', 'grow', 'lab', '--to', '20GB']],
  [['disk', 'convert', 'lab', '--to', 'vmdk']],
  [['disk', 'shrink', 'lab']],
])('%j is a wrong command line', async (words) => {
  expect((await run(words).ended).code).toBe(2);
});
