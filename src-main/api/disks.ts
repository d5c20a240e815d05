// Disks of a VM: what they take, and what can be done with them.
import { addDisk } from '../vm/disks/add.ts';
import { checkDisk } from '../vm/disks/check.ts';
import { compactDisk } from '../vm/disks/compact.ts';
import { convertDisk } from '../vm/disks/convert.ts';
import { changeMedium } from '../vm/disks/medium.ts';
import { removeDisk } from '../vm/disks/remove.ts';
import { diskReport } from '../vm/disks/report.ts';
import { resizeDisk } from '../vm/disks/resize.ts';
import { viewOf } from '../vm/machine-view.ts';
import type { ApiContext } from './context.ts';
import type { Implementer } from './implement.ts';
import { permittedFile, requirePermittedImage } from './permitted-files.ts';

export function diskProcedures(os: Implementer, context: ApiContext) {
  const { supervisor } = context;
  const machineOf = (id: string) => supervisor.machine(id);
  return {
    report: os.disks.report.handler(({ input }) => diskReport(machineOf(input.id))),
    add: os.disks.add.handler(async ({ input }) => {
      const { source } = input;
      if (source.kind === 'import') await permittedFile(source.from, context);
      if (source.kind === 'in-place') await requirePermittedImage(source.file, context);
      const machine = machineOf(input.id);
      await addDisk(machine, input);
      return viewOf(machine);
    }),
    remove: os.disks.remove.handler(async ({ input }) => {
      const machine = machineOf(input.id);
      await removeDisk(machine, input);
      return viewOf(machine);
    }),
    changeMedium: os.disks.changeMedium.handler(async ({ input }) => {
      await requirePermittedImage(input.file, context);
      const machine = machineOf(input.id);
      await changeMedium(machine, input);
      return viewOf(machine);
    }),
    resize: os.disks.resize.handler(({ input }) => resizeDisk(machineOf(input.id), input)),
    convert: os.disks.convert.handler(async ({ input }) => {
      const machine = machineOf(input.id);
      await convertDisk(machine, input);
      return viewOf(machine);
    }),
    compact: os.disks.compact.handler(({ input }) => compactDisk(machineOf(input.id), input.disk)),
    check: os.disks.check.handler(({ input }) => checkDisk(machineOf(input.id), input)),
  };
}
