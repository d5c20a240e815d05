// Reload and reset: QEMU keeps what it loaded at the start, so that changed boot files need a QEMU of their own.
import { checkFiles } from '../qemu/launch-files.ts';
import type { Machine } from './machine.ts';
import { startMachine } from './start.ts';
import { forceStopMachine } from './stop.ts';

/**
 * Ends QEMU as a reset ends the guest, and starts it again with the files as they are now; consoles go on where they
 * were. Throws Fault `wrong-state`, `file-unusable` for a file that a build has just taken away: the guest runs on
 * then; and what a start throws: then the VM is stopped.
 */
export async function reloadMachine(machine: Machine): Promise<void> {
  machine.require('reload');
  const { document } = machine.context.library.usable(machine.id);
  await checkFiles(document.definition, machine.directory, machine.layers());
  await machine.log.note('Reload and reset.');
  await forceStopMachine(machine);
  await startMachine(machine);
}
