// The pipes through which the consoles of a machine that starts get their keys.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { makePrivateDirectory } from '../lib/private-directory.ts';
import { ConsoleInput } from './console-input.ts';
import type { VmDocument } from './document.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';
import { consoleInputPipe, logsDirectory } from './names.ts';
import { storing } from './storage-fault.ts';

const run = promisify(execFile);

export async function closeAll(inputs: ReadonlyMap<string, ConsoleInput>): Promise<void> {
  await Promise.all([...inputs.values()].map((input) => input.close()));
}

/** A pipe for each console's keys, opened here so that QEMU, which inherits it, never waits for a writer. */
export async function prepareConsoles(
  machine: Machine,
  document: VmDocument,
): Promise<Map<string, ConsoleInput>> {
  await makePrivateDirectory(machine.context.runtimeDirectory);
  await machine.clearRuntime();
  await makePrivateDirectory(machine.runtimeDirectory);
  await storing('starting the VM', machine.directory, () =>
    makePrivateDirectory(path.join(machine.directory, logsDirectory)),
  );
  const capBytes = machine.context.settings().consoleCapMiB * 1024 * 1024;
  const consoles = consolesOf(document.definition);
  const pipes = consoles.map(({ id }) => path.join(machine.runtimeDirectory, consoleInputPipe(id)));
  await run('mkfifo', ['-m', '600', ...pipes]);
  for (const { id } of consoles) {
    const console = await machine.console(id);
    await storing('starting the VM', machine.directory, () => console.keepBelow(capBytes, () => null));
  }
  const inputs = new Map<string, ConsoleInput>();
  try {
    for (const { id } of consoles) {
      inputs.set(id, await ConsoleInput.open(path.join(machine.runtimeDirectory, consoleInputPipe(id))));
    }
  } catch (error) {
    await closeAll(inputs);
    throw error;
  }
  return inputs;
}
