// What is told of a verb that a VM's state does not allow, or that another one keeps waiting.
import { Fault } from '../contract/fault.ts';
import type { VmAction, VmState } from '../contract/vm.ts';

/** Verbs that two at a time would spoil: a copy of disks that change, a start from files that go. */
export const needsRest: readonly VmAction[] = [
  'start',
  'delete',
  'clone',
  'snapshot',
  'restore',
  'save-state',
  'discard-state',
];

export function beingHandled(action: VmAction): Fault {
  return new Fault({
    code: 'wrong-state',
    message: 'Something else is being done with the VM’s files: this is not possible now.',
    remedy: 'Wait until that is done.',
    detail: action,
  });
}

const words: Readonly<Record<VmState, string>> = {
  stopped: 'is not running',
  saved: 'has a saved state',
  starting: 'is starting',
  running: 'is running',
  paused: 'is paused',
  stopping: 'is shutting down',
  crashed: 'is not running',
  unknown: 'is in an unknown state',
  damaged: 'has a damaged description',
};

const remedies: Partial<Record<VmAction, string>> = {
  start: 'Wait until it has ended.',
  pause: 'Only a running VM can be paused.',
  resume: 'Only a paused VM can be resumed.',
  clone: 'Shut it down first.',
  edit: 'Start it and shut it down, or discard the saved state.',
  delete: 'Shut it down first.',
};

export function wrongState(state: VmState, action: VmAction): Fault {
  return new Fault({
    code: 'wrong-state',
    message: `The VM ${words[state]}: this is not possible now.`,
    remedy: remedies[action] ?? 'Look at its state, and try again when it has changed.',
    detail: `${action} while ${state}`,
  });
}
