// Snapshots inside of an imported qcow2 image: shown, so that nobody wonders where the space goes; never touched.
import { z } from 'zod';
import type { VmDefinition } from '../../contract/definition.ts';
import type { SnapshotTree } from '../../contract/snapshot.ts';
import { imageSnapshotCount } from '../../qemu/image-header.ts';
import { qemuImg } from '../../qemu/qemu-img.ts';
import type { Machine } from '../machine.ts';
import { resolveFile } from '../names.ts';
import { keptDisks, layerOf } from './layers.ts';

const listed = z.object({
  snapshots: z
    .array(
      z.object({
        name: z.string(),
        'date-sec': z.number(),
        'vm-state-size': z.number(),
      }),
    )
    .default([]),
});

export async function internalSnapshots(
  machine: Machine,
  definition: VmDefinition,
): Promise<SnapshotTree['internal']> {
  const { present } = machine.context.library.usable(machine.id).document;
  const { inUse } = await machine.context.finder.report();
  const found = await Promise.all(
    keptDisks(definition).map(async (disk) => {
      const layer = layerOf(present, disk);
      // Layers that build on others are Armoire's own.
      if (layer.overlay || layer.format !== 'qcow2' || inUse?.imgPath === undefined) return [];
      const file = resolveFile(machine.directory, layer.file);
      // A glance at the header spares a process for the images that have none: nearly all.
      if ((await imageSnapshotCount(file).catch(() => 0)) === 0) return [];
      const printed = await qemuImg(['info', '--output=json', '-U', '-f', 'qcow2', file], {
        imgPath: inUse.imgPath,
        image: file,
      });
      return listed.parse(JSON.parse(printed)).snapshots.map((snapshot) => ({
        disk: disk.id,
        name: snapshot.name,
        createdAt: new Date(snapshot['date-sec'] * 1000).toISOString(),
        memoryBytes: snapshot['vm-state-size'],
      }));
    }),
  );
  return found.flat();
}
