// What can be done with a console besides watching it: clear, Break, the whole log as one file.
import { open } from 'node:fs/promises';
import { Fault } from '../contract/fault.ts';
import type { Console } from './console.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';

/** Throws Fault `not-found` for a console that the VM does not have. */
export async function consoleOf(machine: Machine, id: string): Promise<Console> {
  const { definition } = machine.context.library.usable(machine.id).document;
  const running = machine.phase.kind === 'live' ? machine.phase.run.record.document.definition : definition;
  // One that the running VM has and the edited definition no longer, and the other way round.
  const known = [...consolesOf(running), ...consolesOf(definition)].some((console) => console.id === id);
  if (known) return machine.console(id);
  throw new Fault({
    code: 'not-found',
    message: `The VM has no console ${id}.`,
    remedy: 'Choose one of its UARTs.',
  });
}

/** Throws Fault `wrong-state` while it is not certain whether QEMU writes. */
export async function clearConsole(machine: Machine, id: string): Promise<void> {
  const console = await consoleOf(machine, id);
  const { phase } = machine;
  switch (phase.kind) {
    case 'off':
      return console.clear(() => null);
    case 'live':
      return phase.run.inTurn(() => console.clear(() => phase.run.hold()));
    case 'starting':
    case 'unknown':
      throw new Fault({
        code: 'wrong-state',
        message: 'The console cannot be cleared now: the VM does not answer.',
        remedy: 'Wait until it runs or has ended.',
      });
  }
}

/** A Break condition on the line: Linux's magic SysRq, a boot loader's attention. */
export async function sendBreak(machine: Machine, id: string): Promise<void> {
  await consoleOf(machine, id);
  if (machine.phase.kind !== 'live') {
    throw new Fault({
      code: 'wrong-state',
      message: 'The VM is not running: there is nobody to send a Break to.',
      remedy: 'Start it first.',
    });
  }
  await machine.phase.run.qmp.execute('chardev-send-break', { id });
}

/** Everything that is kept of a console up to now, oldest first, as one file. */
export async function exportLog({ store }: Console, target: string): Promise<void> {
  const end = await store.end();
  const file = await open(target, 'w', 0o600);
  try {
    let offset = store.start;
    while (offset < end) {
      const bytes = await store.read(offset, end - offset);
      if (bytes === 'gone') {
        offset = store.start;
        continue;
      }
      if (bytes.length === 0) break;
      await file.writeFile(bytes);
      offset += bytes.length;
    }
  } finally {
    await file.close();
  }
}
