// Files that every VM made from another one gets copies of: firmware, and disks that the guest only reads.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { listTree } from '../../lib/file-tree.ts';
import { sparseCopy } from '../../lib/sparse-copy.ts';
import type { Machine } from '../machine.ts';
import { firmwareDirectory, snapshotDirectory, snapshotVariablesFile } from '../names.ts';
import { replaceFile } from '../snapshots/files.ts';
import { isKept } from '../snapshots/layers.ts';
import type { Manifest } from '../snapshots/manifest.ts';

/** `snapshot`: the variables are those of then. */
export async function copyFirmware(
  source: Machine,
  directory: string,
  snapshot: Pick<Manifest, 'id' | 'variables' | 'definition'> | undefined,
): Promise<void> {
  const firmware = path.join(source.directory, firmwareDirectory);
  const files = await listTree(firmware);
  for (const file of files) {
    if (snapshot && /^vars\.(fd|qcow2)$/.test(file.path)) continue;
    const target = path.join(directory, firmwareDirectory, file.path);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await sparseCopy(path.join(firmware, file.path), target);
  }
  if (!snapshot?.variables) return;
  const name = snapshotVariablesFile(snapshot.variables);
  const { boot } = snapshot.definition;
  const own =
    boot.kind === 'pflash' && boot.vars !== undefined && !path.isAbsolute(boot.vars) ? boot.vars : undefined;
  await replaceFile(
    path.join(source.directory, snapshotDirectory(snapshot.id), name),
    path.join(directory, own ?? `${firmwareDirectory}/${name}`),
  );
}

/** Disks that the guest only reads, where they are the VM's own; a file of the user's own stays where it is. */
export async function copyReadOnly(
  source: Machine,
  { disks }: VmDefinition,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const files = disks.filter((disk) => !isKept(disk) && !path.isAbsolute(disk.file)).map(({ file }) => file);
  for (const file of new Set(files)) {
    const target = path.join(directory, file);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    // One that is gone is missed at the start, as in the VM that it was made from.
    if (await unlessMissing(stat(target))) continue;
    await unlessMissing(sparseCopy(path.join(source.directory, file), target, signal));
  }
}
