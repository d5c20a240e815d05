// The device tree that a guest finds: QEMU makes the machine, writes the tree to a file and ends (about 0.1 s).
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { VmDefinition } from '../contract/definition.ts';
import { unlessMissing } from '../lib/errno.ts';
import { optionValue } from './arguments/words.ts';
import { dryWords, patienceMs } from './dry-start.ts';
import type { Launch } from './launch.ts';
import { askQemu } from './stdio-session.ts';

/**
 * The tree as the guest gets it: made by the board, or the definition's own file with RAM and command line filled in.
 * null: the board has none, or QEMU refused the machine (which a dry start explains).
 */
export async function dumpDeviceTree(definition: VmDefinition, launch: Launch): Promise<Uint8Array | null> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'armoire-tree-'));
  try {
    const file = path.join(directory, 'tree.dtb');
    const words = await dryWords(definition, launch);
    // Before 10.0 a board without a tree ignores the option and lives on: it answers, and is ended.
    await askQemu(
      launch.program,
      [...words, '-machine', `dumpdtb=${optionValue(file)}`],
      patienceMs,
      async () => undefined,
    );
    return (await unlessMissing(readFile(file))) ?? null;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
