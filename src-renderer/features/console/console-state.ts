// What a console is doing, as one word for code and a few for people.
import type { VmState } from '../../../src-main/contract/vm.ts';
import type { ConsoleStatus } from './session.ts';

export type ConsoleState = 'connecting' | 'replaying' | 'live' | 'stopped' | 'reconnecting' | 'failed';

/** States in which something runs that may print and read. */
const inhabited: readonly VmState[] = ['starting', 'running', 'paused', 'stopping', 'unknown'];

export function consoleState(status: ConsoleStatus, vm: VmState | undefined): ConsoleState {
  if (status.phase !== 'live') return status.phase;
  return vm !== undefined && inhabited.includes(vm) ? 'live' : 'stopped';
}

export function consoleStateWords(state: ConsoleState, vm: VmState | undefined): string {
  switch (state) {
    case 'connecting':
      return 'Connecting…';
    case 'replaying':
      return 'Catching up…';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'failed':
      return 'Not available';
    case 'live':
      return vm === 'paused' ? 'Paused' : vm === 'unknown' ? 'No answer' : 'Live';
    case 'stopped':
      return vm === 'crashed' ? 'Crashed' : 'Not running';
  }
}
