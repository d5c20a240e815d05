// The files of a snapshot besides its layers: firmware variables, the console's last words, a picture of the display.
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mainConsole } from '../../boards/main-console.ts';
import type { VmDefinition } from '../../contract/definition.ts';
import { syncDirectory, syncFile, temporarySuffix } from '../../lib/atomic-write.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { sparseCopy } from '../../lib/sparse-copy.ts';
import { variablesFile } from '../../qemu/flash-files.ts';
import { type QmpClient, QmpRefusal } from '../../qemu/qmp.ts';
import type { Machine } from '../machine.ts';
import {
  consoleLogFile,
  logsDirectory,
  memoryFile,
  resolveFile,
  snapshotConsoleFile,
  snapshotDirectory,
  snapshotManifestFile,
  snapshotScreenFile,
  snapshotVariablesFile,
} from '../names.ts';
import type { Manifest } from './manifest.ts';

const formats = ['raw', 'qcow2'] as const;
type VariablesFormat = (typeof formats)[number];

/** About three screens: enough to draw one from, whatever the guest sent in between. */
const consoleTailBytes = 16 * 1024;

export interface VariablesFile {
  path: string;
  format: VariablesFormat;
}

/** What the guest's firmware keeps; undefined where the machine has none, or has not started yet. */
export async function variablesOf(
  vmDirectory: string,
  { boot }: Pick<VmDefinition, 'boot'>,
): Promise<VariablesFile | undefined> {
  if (boot.kind === 'pflash' && boot.vars !== undefined) {
    const file = resolveFile(vmDirectory, boot.vars);
    return (await unlessMissing(stat(file))) ? { path: file, format: 'raw' } : undefined;
  }
  if (boot.kind !== 'uefi') return undefined;
  for (const format of formats) {
    const file = variablesFile(vmDirectory, format);
    if (await unlessMissing(stat(file))) return { path: file, format };
  }
  return undefined;
}

/** In one step: after a crash it is the old file or the new one. */
export async function replaceFile(from: string, to: string): Promise<void> {
  const temporary = `${to}${temporarySuffix}`;
  await rm(temporary, { force: true });
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await sparseCopy(from, temporary);
  await syncFile(temporary);
  await rename(temporary, to);
  await syncDirectory(path.dirname(to));
}

/** A file is the same when nobody wrote to it between two looks; a clock that ticks slowly is given time. */
const quietMs = 50;

export interface EarlyCopy {
  source: VariablesFile;
  target: string;
  /** Not when it was written to a moment before it was copied. */
  stamp: string | undefined;
}

/** Copied while the guest runs, so that it need not stand still for it. */
export async function copyEarly(source: VariablesFile, directory: string): Promise<EarlyCopy> {
  const target = path.join(directory, snapshotVariablesFile(source.format));
  await rm(target, { force: true });
  const { mtimeMs, size } = await stat(source.path);
  await sparseCopy(source.path, target);
  return { source, target, stamp: Date.now() - mtimeMs > quietMs ? `${mtimeMs} ${size}` : undefined };
}

/** While the guest stands still: again, if it has changed. */
export async function settleCopy({ source, target, stamp }: EarlyCopy): Promise<void> {
  const { mtimeMs, size } = await stat(source.path);
  if (stamp === `${mtimeMs} ${size}`) return;
  await rm(target, { force: true });
  await sparseCopy(source.path, target);
}

/** The newest output of the main console as it is now, however late it is kept; nothing where it never ran. */
export async function consolePicture(
  machine: Machine,
  definition: VmDefinition,
): Promise<{ keep(directory: string): Promise<void> }> {
  const { store } = await machine.console(`uart${mainConsole(definition)}`);
  const end = await store.end();
  return {
    async keep(directory) {
      const from = Math.max(store.start, end - consoleTailBytes);
      const bytes = await store.read(from, end - from);
      const file = path.join(directory, snapshotConsoleFile);
      await writeFile(file, bytes === 'gone' ? '' : bytes, { mode: 0o600 });
    },
  };
}

/**
 * A fork's console begins with what the guest had on its screen: the memory goes on in the middle of it.
 * `directory`: the new VM's.
 */
export async function giveConsole(
  machine: Machine,
  snapshot: Pick<Manifest, 'id' | 'definition'>,
  directory: string,
): Promise<void> {
  const kept = path.join(machine.directory, snapshotDirectory(snapshot.id), snapshotConsoleFile);
  const bytes = await unlessMissing(readFile(kept));
  if (!bytes) return;
  // Cut somewhere, perhaps inside of a line or a control sequence.
  const from = bytes.length < consoleTailBytes ? 0 : bytes.indexOf('\n') + 1;
  const log = consoleLogFile(`uart${mainConsole(snapshot.definition)}`);
  // QEMU has the file open already, and appends to it.
  await appendFile(path.join(directory, logsDirectory, log), bytes.subarray(from), { mode: 0o600 });
}

/** Resolves to whether there is one: not every board has a display. */
export async function keepScreen(qmp: QmpClient, directory: string): Promise<boolean> {
  try {
    const filename = path.join(directory, snapshotScreenFile);
    await qmp.execute('screendump', { filename, format: 'png' });
    return true;
  } catch (error) {
    if (error instanceof QmpRefusal) return false;
    throw error;
  }
}

/** Everything of a snapshot that a hidden one does not need, or of one that was never finished; layers stay. */
export async function removeExtras(machine: Machine, id: string): Promise<void> {
  const directory = path.join(machine.directory, snapshotDirectory(id));
  const extras = [memoryFile, snapshotConsoleFile, snapshotScreenFile, ...formats.map(snapshotVariablesFile)];
  await Promise.all(extras.map((name) => rm(path.join(directory, name), { force: true })));
}

/** As `removeExtras`, for one that has no manifest; without layers the directory goes too. */
export async function removeUnfinished(machine: Machine, id: string): Promise<void> {
  await removeExtras(machine, id);
  const directory = path.join(machine.directory, snapshotDirectory(id));
  const left = (await unlessMissing(readdir(directory))) ?? [];
  const partial = left.filter((name) => name.endsWith(temporarySuffix));
  await Promise.all(partial.map((name) => rm(path.join(directory, name), { force: true })));
  if (left.length === partial.length && !left.includes(snapshotManifestFile)) {
    await rm(directory, { recursive: true, force: true });
  }
}
