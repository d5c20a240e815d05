// Forks of a manager that is gone, whose QEMU ran before they were whole: their guest has never run, and never will.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { vmId } from '../contract/definition.ts';
import { endOrphan } from '../lib/end-process.ts';
import { findProcesses, wordPair } from '../lib/process-table.ts';
import { optionValue } from '../qemu/arguments/words.ts';
import { unbornPrefix } from './names.ts';

/** The caller owns the library. Should it be interrupted, the next one goes on with it. */
export async function sweepUnborn(libraryDirectory: string, runtimeDirectory: string): Promise<void> {
  for (const name of await readdir(libraryDirectory)) {
    const id = name.startsWith(unbornPrefix) ? name.slice(unbornPrefix.length) : '';
    // Whatever else is called so was not made here.
    if (!vmId.safeParse(id).success) continue;
    const directory = path.join(libraryDirectory, id);
    const processes = await findProcesses(wordPair('-uuid', id));
    const ours = processes.filter(({ commandLine }) => commandLine.includes(optionValue(directory)));
    await Promise.all(ours.map(({ pid }) => endOrphan(pid)));
    // In a library that is a copy: sockets and pipes are those of the VM that runs in the other one.
    if (ours.length < processes.length) continue;
    await rm(path.join(runtimeDirectory, id), { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
    await rm(path.join(libraryDirectory, name), { force: true });
  }
}
