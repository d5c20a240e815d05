// Proof that a server and its VMs left nothing on this computer but what belongs to the library.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runningQemus, type ServerDirectories } from './server.ts';

/** Processes, sockets, pipes and half-made directories that should not be there once all is ended. */
export async function leftBehind(directories: ServerDirectories): Promise<string[]> {
  const processes = await runningQemus(directories);
  const runtime = await tree(join(directories.root, 'run'));
  const library = await readdir(directories.library);
  return [
    ...processes.map((pid) => `QEMU process ${pid}`),
    ...runtime.map((name) => `run/${name}`),
    ...library.filter((name) => /^\.(new|deleted)-|^owner\./.test(name)).map((name) => `library/${name}`),
  ];
}

async function tree(directory: string): Promise<string[]> {
  return readdir(directory, { recursive: true }).catch(() => []);
}
