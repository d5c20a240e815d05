// Forks of a manager that is gone, whose QEMU ran before they were whole: their guest has never run, and never will.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { endOrphan } from '../lib/end-process.ts';
import { findProcesses, wordPair } from '../lib/process-table.ts';
import { optionValue } from '../qemu/arguments/words.ts';
import { unbornPrefix } from './names.ts';

/** The caller owns the library. Should it be interrupted, the next one goes on with it. */
export async function sweepUnborn(libraryDirectory: string, runtimeDirectory: string): Promise<void> {
  const names = (await readdir(libraryDirectory)).filter((name) => name.startsWith(unbornPrefix));
  for (const name of names) {
    const id = name.slice(unbornPrefix.length);
    const directory = path.join(libraryDirectory, id);
    // A copy of the library may name a VM that runs elsewhere.
    const processes = (await findProcesses(wordPair('-uuid', id))).filter(({ commandLine }) =>
      commandLine.includes(optionValue(directory)),
    );
    await Promise.all(processes.map(({ pid }) => endOrphan(pid)));
    await rm(path.join(runtimeDirectory, id), { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
    await rm(path.join(libraryDirectory, name), { force: true });
  }
}
