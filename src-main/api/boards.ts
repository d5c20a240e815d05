// Boards of the QEMU in use, and what a VM's board looks like from the inside.
import { writeFile } from 'node:fs/promises';
import { boardCards } from '../boards/catalogue.ts';
import { refit } from '../boards/refit.ts';
import { fileFault } from '../qemu/file-faults.ts';
import { deviceTreeFile, memoryMapOf } from '../vm/memory-map.ts';
import type { ApiContext } from './context.ts';
import { downloadName, keepForDownload } from './downloads.ts';
import type { Implementer } from './implement.ts';

export function boardProcedures(os: Implementer, context: ApiContext) {
  const { finder, host, supervisor, shell, tickets, directories } = context;
  return {
    list: os.boards.list.handler(async () => boardCards(await finder.require())),
    refit: os.boards.refit.handler(async ({ input }) =>
      refit(input.definition, input.machine, await finder.require(), host),
    ),
    memoryMap: os.boards.memoryMap.handler(({ input }) => memoryMapOf(supervisor.machine(input.id))),
    saveDeviceTree: os.boards.saveDeviceTree.handler(async ({ input }) => {
      const bytes = await deviceTreeFile(supervisor.machine(input.id), input.form);
      const name = supervisor.view(input.id).definition?.name ?? input.id;
      const fileName = `${downloadName(name, 'board')}.${input.form}`;
      if (shell.saveFile) {
        const target = await shell.saveFile({ suggestedName: fileName });
        if (target !== null) await write(target, bytes);
        return { ticket: null, savedAs: target };
      }
      const file = await keepForDownload(directories.cache, (target) => write(target, bytes));
      return { ticket: tickets.issue({ kind: 'download', path: file, fileName }), savedAs: null };
    }),
  };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes).catch((error: unknown) => {
    throw fileFault(error, file);
  });
}
