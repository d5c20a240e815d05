// Images that snapshots and clones need: whoever wrote to one of them, or removed it, would spoil what builds on it.
import type { VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { Problem } from '../../contract/problem.ts';
import type { Machine } from '../machine.ts';
import { resolveFile } from '../names.ts';
import { isKept, layerOf } from './layers.ts';
import type { Manifest } from './manifest.ts';
import { pinnedFiles } from './merge.ts';

/** Its layers, and the files that it uses as they are: read-only disks have none. As they are named in it. */
export function filesOfSnapshot({ layers, definition }: Pick<Manifest, 'layers' | 'definition'>): string[] {
  const plain = definition.disks.filter(({ id, file }) => layers[id]?.of !== file);
  return [...Object.values(layers), ...plain].map(({ file }) => file);
}

/** Absolute: what the snapshots need; `except`: one that is about to go. */
export function snapshotFiles(machine: Machine, except?: string): Set<string> {
  const others = [...machine.snapshots.manifests.values()].filter(({ id }) => id !== except);
  return new Set(others.flatMap(filesOfSnapshot).map((file) => resolveFile(machine.directory, file)));
}

/** Disks that would be written where a snapshot rests, or shown without their newest layer. */
export function frozenProblems(machine: Machine, { disks }: Pick<VmDefinition, 'disks'>): Problem[] {
  if (machine.record.kind === 'damaged') return [];
  const { present } = machine.record.document;
  const resolved = (file: string) => resolveFile(machine.directory, file);
  const pinned = [...pinnedFiles(machine, { unborn: false })].map(resolved);
  const frozen = new Set([...snapshotFiles(machine), ...pinned]);
  return disks.flatMap((disk, index): Problem[] => {
    const layer = layerOf(present, disk);
    const problem = { rule: 'disk-snapshot', severity: 'error' } as const;
    if (!isKept(disk)) {
      if (layer.file === disk.file) return [];
      const message = `Snapshots build on the disk ${disk.id}, and what was written since lies in a layer on top: it has to stay a disk that the guest can write to.`;
      return [{ ...problem, field: `/disks/${index}/readOnly`, message }];
    }
    if (!frozen.has(resolved(layer.file))) return [];
    const message = `A snapshot needs ${layer.file} as it is: the guest’s writes would spoil it. Add a copy of the image instead, or delete the snapshot first.`;
    return [{ ...problem, field: `/disks/${index}/file`, message }];
  });
}

/** Throws Fault `bad-input`. */
export function refuseFrozen(machine: Machine, definition: Pick<VmDefinition, 'disks'>): void {
  const [first] = frozenProblems(machine, definition);
  if (!first) return;
  const { message, field } = first;
  throw new Fault({ code: 'bad-input', message, field, remedy: 'Change this setting and try again.' });
}
