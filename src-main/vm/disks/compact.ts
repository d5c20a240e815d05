// Gives the room of blocks that hold nothing but zeros back to the host.
import path from 'node:path';
import { Fault } from '../../contract/fault.ts';
import { requireRoom } from '../../images/room.ts';
import { compactNewest, measureChain } from '../../qemu/image-upkeep.ts';
import type { Machine } from '../machine.ts';
import { imgOf } from '../provision.ts';
import { diskOf, isOwnFile, requireWritable, whileOff } from './disk-of.ts';

/** Throws Fault `not-found`, `bad-input`, `wrong-state`, `disk-full`, `cancelled`; then the disk is as it was. */
export function compactDisk(machine: Machine, id: string): Promise<{ freedBytes: number }> {
  requireWritable(diskOf(machine, id));
  return whileOff(machine, () =>
    machine.context.jobs.run(
      { kind: 'compact-disk', vm: machine.id, title: `Compacting ${id}` },
      async (job) => {
        const imgPath = imgOf(await machine.context.finder.require());
        const { chain, index } = diskOf(machine, id);
        const [{ path: file }] = chain;
        if (!isOwnFile(machine, file)) throw notOurs(index);
        const { signal } = job;
        // For a while there are two of it.
        await requireRoom(
          path.dirname(file),
          await measureChain([chain[0]], { imgPath, signal }).catch(() => 0),
        );
        const onProgress = (percent: number) => job.progress(percent);
        return { freedBytes: await compactNewest(chain, { imgPath, signal, onProgress }) };
      },
    ),
  );
}

function notOurs(index: number): Fault {
  return new Fault({
    code: 'bad-input',
    message: 'This image is used where it is, and Armoire does not write it anew there.',
    remedy: 'Convert the disk: the VM then has an image of its own, without blocks of zeros.',
    field: `/disks/${index}/file`,
  });
}
