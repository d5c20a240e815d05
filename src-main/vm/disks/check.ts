// The bookkeeping of a disk's images, checked and mended.
import type { DiskCheck } from '../../contract/disk.ts';
import { checkNewest } from '../../qemu/image-upkeep.ts';
import type { Machine } from '../machine.ts';
import { imgOf } from '../provision.ts';
import { diskOf, whileOff } from './disk-of.ts';

/**
 * All layers are looked at; only the newest is mended, for the others belong to snapshots.
 * Throws Fault `not-found`, `wrong-state`, `file-unusable`, `cancelled`.
 */
export function checkDisk(
  machine: Machine,
  { disk: id, repair }: { disk: string; repair: boolean },
): Promise<DiskCheck> {
  diskOf(machine, id);
  return whileOff(machine, () =>
    machine.context.jobs.run(
      { kind: 'check-disk', vm: machine.id, title: `${repair ? 'Repairing' : 'Checking'} ${id}` },
      async (job) => {
        const imgPath = imgOf(await machine.context.finder.require());
        const { chain } = diskOf(machine, id);
        // A repair that is stopped in the middle would leave more to repair.
        if (repair) job.settle(false);
        const result = { leaks: 0, corruptions: 0, repaired: 0 };
        for (let at = 0; at < chain.length; at++) {
          const [top, ...below] = chain.slice(at);
          if (!top) break;
          const options = { imgPath, repair: repair && at === 0, signal: job.signal };
          const found = await checkNewest([top, ...below], options);
          result.leaks += found.leaks;
          result.corruptions += found.corruptions;
          result.repaired += found.repaired;
          job.progress(((at + 1) / chain.length) * 100);
        }
        return { ...result, clean: result.leaks === 0 && result.corruptions === 0 };
      },
    ),
  );
}
