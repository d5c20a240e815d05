// What each state of a VM is called.
import type { VmState } from '../../src-main/contract/vm.ts';

export const stateWords: Readonly<Record<VmState, string>> = {
  stopped: 'Stopped',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Shutting down',
  saved: 'Saved',
  crashed: 'Crashed',
  unknown: 'Unknown',
  damaged: 'Damaged',
};
