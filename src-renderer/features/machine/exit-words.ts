// How a run ended, in words that a time can follow.
import type { VmExit } from '../../../src-main/contract/vm.ts';

export const exitWords: Readonly<Record<VmExit['kind'], string>> = {
  'guest-shutdown': 'The guest shut itself down',
  shutdown: 'Shut down as asked',
  'force-stop': 'Stopped by force',
  saved: 'Its state was saved',
  crashed: 'QEMU ended unexpectedly',
  'host-restart': 'Cut off when this computer was restarted, noticed',
  'guest-panic': 'The guest’s kernel panicked',
};
