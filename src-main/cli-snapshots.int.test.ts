// Snapshots, clones, forks and saved state from the command line, with the sample guest.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inOwnLibrary, root, run } from './cli.testing.ts';
import type { SnapshotTree, SnapshotView } from './contract/snapshot.ts';
import type { VmView } from './contract/vm.ts';

inOwnLibrary();

async function must(...words: string[]): Promise<string> {
  const { code, out, err } = await run(words).ended;
  expect({ words, code, err: code === 0 ? '' : err }).toEqual({ words, code: 0, err: '' });
  return out;
}

async function mustJson<T>(...words: string[]): Promise<T> {
  return JSON.parse(await must(...words, '--json')) as T;
}

const prompt = 'armoire> $';

async function startedSample(name = 'lab'): Promise<VmView> {
  const vm = await mustJson<VmView>('create', '--sample', '--name', name, '--start');
  await must('send', name, '--wait', prompt);
  return vm;
}

it('takes, draws, restores, branches, renames and deletes', async () => {
  await startedSample();
  expect((await run(['snapshot', 'list', 'lab']).ended).err).toContain('armoire snapshot take "lab" first');
  const clean = await mustJson<SnapshotView>('snapshot', 'take', 'lab', 'clean', '--note', 'at the prompt');
  expect(clean).toMatchObject({ name: 'clean', note: 'at the prompt', memory: true, parent: null });

  await must('send', 'lab', 'count 100000', '--wait', '^count 3$');
  const branched = await run(['snapshot', 'branch', 'lab', 'clean']).ended;
  expect(branched).toMatchObject({ code: 0, out: 'lab: running\n' });
  expect(branched.err).toMatch(/kept as "before clean, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d"\.\n$/);
  // In the middle of where it was: no boot, nothing counts.
  await must('send', 'lab', 'echo back', '--wait', '^back$');

  const tree = await mustJson<SnapshotTree>('snapshot', 'list', 'lab');
  expect(tree.snapshots.map(({ parent }) => parent)).toEqual([null, clean.id]);
  expect(tree.present.parent).toBe(clean.id);
  const kept = tree.snapshots[1] as SnapshotView;
  const lines = (await must('snapshot', 'list', 'lab')).trimEnd().split('\n');
  expect(lines.map((line) => line.slice(0, 12).trimEnd())).toEqual([
    'SNAPSHOT',
    'clean',
    '├─ before cl',
    '└─ (present)',
  ]);
  expect(lines[1]).toContain(clean.id);

  await must('snapshot', 'rename', 'lab', kept.id, 'counting');
  await must('snapshot', 'restore', 'lab', 'counting', '--keep', 'aside');
  await must('send', 'lab', '--wait', '^count \\d+$');

  await must('snapshot', 'delete', 'lab', 'clean');
  const left = await mustJson<SnapshotTree>('snapshot', 'list', 'lab');
  expect(left.snapshots.map(({ name, parent }) => [name, parent])).toEqual([
    ['counting', null],
    ['aside', null],
  ]);
  const missing = await run(['snapshot', 'restore', 'lab', 'clean']).ended;
  expect(missing.code).toBe(2);
  expect(missing.err).toContain('lab has no snapshot called clean.');
});

it('goes back without the memory, and starts when wished', async () => {
  await startedSample();
  await must('snapshot', 'take', 'lab', 'twin');
  await must('snapshot', 'take', 'lab', 'twin');
  const { snapshots } = await mustJson<SnapshotTree>('snapshot', 'list', 'lab');
  const ambiguous = await run(['snapshot', 'restore', 'lab', 'twin']).ended;
  expect(ambiguous.code).toBe(2);
  expect(ambiguous.err).toContain(snapshots.map(({ id }) => id).join(', '));
  const id = snapshots[0]?.id ?? '';
  expect(await must('snapshot', 'restore', 'lab', id, '--cold')).toBe('lab: stopped\n');
  expect(await must('snapshot', 'restore', 'lab', id, '--cold', '--start')).toBe('lab: running\n');
  await must('send', 'lab', '--wait', prompt);
});

it('lets every start begin from a snapshot, until told not to', async () => {
  await startedSample();
  await must('snapshot', 'take', 'lab', 'ready');
  expect(await must('snapshot', 'reset-on-start', 'lab', 'ready')).toBe(
    'lab: every start begins from ready\n',
  );
  await must('stop', 'lab', '--force');
  expect((await mustJson<VmView>('start', 'lab')).resetTo?.name).toBe('ready');
  await must('send', 'lab', 'echo at once', '--wait', '^at once$', '--timeout', '10');
  expect(await must('snapshot', 'reset-on-start', 'lab', '--off')).toContain('from the present');
  for (const words of [['lab'], ['lab', 'ready', '--off']]) {
    expect((await run(['snapshot', 'reset-on-start', ...words]).ended).code).toBe(2);
  }
});

it('saves, goes on, discards', async () => {
  await startedSample();
  expect(await must('save', 'lab')).toBe('lab: saved\n');
  expect((await run(['send', 'lab', 'x']).ended).err).toContain('lab does not run (saved)');
  expect(await must('start', 'lab')).toBe('lab: running\n');
  await must('send', 'lab', 'echo still here', '--wait', '^still here$');
  await must('save', 'lab');
  expect(await must('discard', 'lab')).toBe('lab: stopped\n');
});

it('clones and forks', async () => {
  const vm = await startedSample();
  const fork = await mustJson<VmView>('fork', 'lab', '--name', 'fork');
  expect(fork).toMatchObject({ state: 'running', definition: { name: 'fork' } });
  expect(fork.id).not.toBe(vm.id);
  await must('send', 'fork', 'echo of my own', '--wait', '^of my own$');
  await must('send', 'lab', 'echo the first', '--wait', '^the first$');
  await must('snapshot', 'take', 'lab', 'point');
  await must('fork', 'lab', '--snapshot', 'point', '--name', 'second');
  await must('send', 'second', 'echo hello', '--wait', '^hello$');
  await must('clone', 'lab', '--snapshot', 'point', '--name', 'copy');
  await must('stop', 'lab', '--force');
  await must('clone', 'lab', '--name', 'linked', '--linked', '--start');
  await must('send', 'linked', '--wait', prompt);
  expect((await run(['clone', 'lab']).ended).code).toBe(2);
  const listed = await mustJson<VmView[]>('list');
  expect(listed.map(({ definition }) => definition?.name).sort()).toEqual([
    'copy',
    'fork',
    'lab',
    'linked',
    'second',
  ]);
  // Clones first: what they build on stays while they are there.
  for (const name of ['second', 'fork', 'linked', 'copy']) {
    await run(['stop', '--force', name]).ended;
    await must('delete', '--yes', name);
  }
  await expect(stat(path.join(root, 'library', fork.id))).rejects.toThrow();
});
