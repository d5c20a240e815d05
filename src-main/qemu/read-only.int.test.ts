// What a definition calls read-only is not written to, whichever way the board takes it.
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { boardFor } from '../boards/board.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { commandLine, wordsOf } from './command-line.ts';
import type { Launch } from './launch.ts';
import { askQemu } from './stdio-session.ts';
import { definitionWith, inTemporaryDirectory, launchWith, testQemu } from './testing.ts';
import { wiringOf } from './wiring.ts';

interface BlockNode {
  'node-name': string;
  ro: boolean;
}

/** Whether QEMU opened the block node, made of `image` in the VM's directory, for reading only. */
async function isReadOnly(
  node: string,
  changes: Partial<VmDefinition>,
  image: { name: string; bytes: number },
  launchChanges: Partial<Launch> = {},
): Promise<boolean | undefined> {
  return inTemporaryDirectory(async (directory) => {
    const qemu = await testQemu();
    const definition = definitionWith({ machineOptions: {}, ...changes });
    const board = boardFor(definition.machine, qemu);
    if (!board) throw new Error(`no board ${definition.machine}`);
    const file = path.join(directory, image.name);
    await writeFile(file, '');
    await truncate(file, image.bytes);
    const launch = launchWith({
      program: qemu.path,
      vmDirectory: directory,
      qmpSocket: path.join(directory, 'q'),
      consoles: [{ id: 'uart0', logPath: path.join(directory, 'log'), inputPath: '/dev/null' }],
      wiring: wiringOf(board),
      ...launchChanges,
      ...(definition.boot.kind === 'pflash'
        ? { firmware: { code: { path: file, format: 'raw' }, mapping: 'flash' } }
        : {}),
    });
    const words = [...wordsOf(commandLine(definition, launch)), '-S', '-qmp', 'stdio'];
    const run = await askQemu(qemu.path, words, 20_000, (qmp) =>
      qmp.execute<BlockNode[]>('query-named-block-nodes'),
    );
    if (!run.ok) throw new Error(run.stderr);
    return run.answer.find((one) => one['node-name'] === node)?.ro;
  });
}

const MiB = 1024 * 1024;

test('firmware in parallel flash that the board takes as a drive', async () => {
  const machine = { machine: 'vexpress-a9', cpu: 'cortex-a9' };
  const boot = { kind: 'pflash', code: 'code.bin' } as const;
  expect(await isReadOnly('pflash.code', { ...machine, boot }, { name: 'code.bin', bytes: 64 * MiB })).toBe(
    true,
  );
});

test('a flash chip in a slot of the board', async () => {
  const chip = {
    id: 'flash',
    file: 'flash.img',
    format: 'raw',
    media: 'disk',
    bus: 'mtd',
    readOnly: true,
  } as const;
  const machine = {
    machine: 'npcm750-evb',
    cpu: 'cortex-a9',
    vcpus: 2,
    memoryMiB: 512,
    boot: { kind: 'media' } as const,
  };
  const image = { name: 'flash.img', bytes: 32 * MiB };
  expect(await isReadOnly('flash', { ...machine, disks: [chip] }, image)).toBe(true);
  expect(await isReadOnly('flash', { ...machine, disks: [{ ...chip, readOnly: false }] }, image)).toBe(false);
});
