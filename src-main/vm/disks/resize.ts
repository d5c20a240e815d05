// Another size for a disk: grown at any time, made smaller only at rest and after a snapshot.
import { Fault } from '../../contract/fault.ts';
import { resizeChain, virtualSize } from '../../qemu/image-upkeep.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { imgOf } from '../provision.ts';
import { takeInHold } from '../snapshots/take.ts';
import { type DiskOfMachine, diskOf, requireWritable, whileLive, whileOff } from './disk-of.ts';
import { growAdvice, shrinkAdvice } from './grow-advice.ts';
import { liveDrive } from './live-drive.ts';

interface ResizeRequest {
  disk: string;
  sizeBytes: number;
  shrink: boolean;
}

/** Images are counted in sectors. */
const sectorBytes = 512;

/** Throws Fault `not-found`, `bad-input`, `wrong-state`, `disk-full`, `file-unusable`; then the size is the old one. */
export async function resizeDisk(machine: Machine, request: ResizeRequest): Promise<{ advice: string }> {
  machine.require('edit');
  const found = diskOf(machine, request.disk);
  requireWritable(found);
  if (request.sizeBytes % sectorBytes !== 0) throw oddSize();
  const before = await virtualSize(found.chain);
  if (request.sizeBytes === before) return { advice: '' };
  if (request.sizeBytes < before) return shrink(machine, found, request);
  const { phase } = machine;
  const { disks } = machine.context.library.usable(machine.id).document.definition;
  if (phase.kind === 'live') await whileLive(machine, () => growLive(phase.run, found, request.sizeBytes));
  else await whileOff(machine, () => resizeAtRest(machine, request));
  return { advice: growAdvice(found.disk, disks, phase.kind === 'live') };
}

async function shrink(
  machine: Machine,
  { disk }: DiskOfMachine,
  request: ResizeRequest,
): Promise<{ advice: string }> {
  if (!request.shrink) throw wouldShrink();
  if (machine.phase.kind !== 'off') throw notWhileRunning();
  const name = `Before shrinking ${disk.id}`;
  await whileOff(machine, async () => {
    await takeInHold(machine, { name, note: '', origin: 'automatic' });
    await resizeAtRest(machine, request);
    // Else the next start would grow it again.
    await machine.context.library.place(machine.id, ({ definition }) => ({
      definition: {
        ...definition,
        disks: definition.disks.map((other) => {
          if (other.id !== disk.id || (other.growToBytes ?? 0) <= request.sizeBytes) return other;
          const { growToBytes: _, ...rest } = other;
          return rest;
        }),
      },
    }));
  });
  machine.changed();
  return { advice: shrinkAdvice() };
}

async function resizeAtRest(machine: Machine, request: ResizeRequest): Promise<void> {
  const imgPath = imgOf(await machine.context.finder.require());
  // As it is by now: a snapshot that was just taken has put a layer on top.
  const { chain } = diskOf(machine, request.disk);
  await resizeChain(chain, request.sizeBytes, { imgPath, shrink: request.shrink });
}

async function growLive(run: LiveRun, { disk, index }: DiskOfMachine, sizeBytes: number): Promise<void> {
  const drive = await liveDrive(run.qmp, disk.id);
  if (!drive?.node || disk.bus === 'sd' || disk.bus === 'mtd') {
    throw new Fault({
      code: 'wrong-state',
      message: 'This disk cannot grow while the VM runs.',
      remedy: 'Shut the VM down first.',
      field: `/disks/${index}`,
    });
  }
  await run.qmp.execute('block_resize', { 'node-name': drive.node, size: sizeBytes });
}

function wouldShrink(): Fault {
  return new Fault({
    code: 'bad-input',
    message: 'The disk is larger than that: its end would be cut off.',
    remedy: 'Choose a larger size, or say that it shall shrink.',
  });
}

function notWhileRunning(): Fault {
  return new Fault({
    code: 'wrong-state',
    message: 'A disk cannot be made smaller while the VM runs.',
    remedy: 'Shut the VM down first.',
  });
}

function oddSize(): Fault {
  return new Fault({
    code: 'bad-input',
    message: 'The size of a disk is a multiple of 512 bytes.',
    remedy: 'Choose whole MiB or GiB.',
  });
}
