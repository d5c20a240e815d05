// Refit of disks, network and consoles: buses, controllers and UARTs that the board has.
import type { Disk } from '../../contract/definition.ts';
import { networkModels } from '../network-models.ts';
import { busWithRoom, takesCdrom } from '../rules/disks.ts';
import { type Change, type Step, set, type Target, unchanged } from './step.ts';

function hasPlace({ board }: Target, disk: Disk, kept: readonly Disk[]): boolean {
  const slot = board.disks.find(({ bus }) => bus === disk.bus);
  if (slot === undefined || (disk.media === 'cdrom' && !takesCdrom(disk.bus))) return false;
  return slot.max === undefined || kept.filter(({ bus }) => bus === disk.bus).length < slot.max;
}

export const refitDisks: Step = (definition, target) => {
  const { board } = target;
  if (!board.listed) return unchanged(definition);
  const kept: Disk[] = [];
  const changes: Change[] = [];
  definition.disks.forEach((disk, index) => {
    if (hasPlace(target, disk, kept)) {
      kept.push(disk);
      return;
    }
    const bus = busWithRoom(board, disk, kept);
    if (bus === undefined) {
      changes.push({
        field: `/disks/${index}`,
        from: disk.id,
        to: 'none',
        why: `${board.name} has no place for it; the file stays where it is.`,
      });
      return;
    }
    kept.push({ ...disk, bus });
    changes.push({
      field: `/disks/${index}/bus`,
      from: disk.bus,
      to: bus,
      why: `${board.name} has ${board.disks.find((slot) => slot.bus === bus)?.label ?? bus}.`,
    });
  });
  return changes.length === 0
    ? unchanged(definition)
    : { definition: { ...definition, disks: kept }, changes };
};

export const refitNetwork: Step = (definition, { board, qemu }) => {
  const { network } = definition;
  if (network.mode === 'none' || !board.listed) return unchanged(definition);
  const usable = networkModels(board, qemu);
  if (usable.includes(network.model)) return unchanged(definition);
  const model = usable[0];
  if (model === undefined) {
    return {
      definition: { ...definition, network: { ...network, mode: 'none' } },
      changes: [
        { field: '/network/mode', from: network.mode, to: 'none', why: `${board.name} has no network.` },
      ],
    };
  }
  return {
    definition: { ...definition, network: { ...network, model } },
    changes: [
      {
        field: '/network/model',
        from: network.model,
        to: model,
        why:
          model === 'onboard'
            ? `${board.name} has a controller of its own (${board.network.onboard?.model ?? ''}).`
            : `${board.name} takes this one.`,
      },
    ],
  };
};

/** As many as before, and at least up to the one that the board's software prints on. */
export const refitUarts: Step = (definition, { board }) => {
  if (!board.listed) return unchanged(definition);
  const least = (board.consoleUart ?? 0) + 1;
  const uarts = Math.min(Math.max(definition.uarts, least), board.uarts.length);
  const why =
    uarts < definition.uarts
      ? `${board.name} has ${board.uarts.length}.`
      : `${board.name} prints on UART number ${least}.`;
  return set(definition, 'uarts', uarts, why);
};
