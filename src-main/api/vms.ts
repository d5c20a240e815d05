// The library and the life of its VMs.
import { Fault } from '../contract/fault.ts';
import { checkRequest, explain } from '../vm/check.ts';
import { cloneMachine } from '../vm/clones/clone.ts';
import { createAndStart, createMachine } from '../vm/create.ts';
import { deleteMachine } from '../vm/delete.ts';
import { editMachine, renameMachine } from '../vm/edit.ts';
import type { Machine } from '../vm/machine.ts';
import { viewOf } from '../vm/machine-view.ts';
import { watchMetrics } from '../vm/metrics.ts';
import { pauseMachine, resetMachine, resumeMachine } from '../vm/pause.ts';
import { reloadMachine } from '../vm/reload.ts';
import { discardState, saveMachine } from '../vm/saved-state.ts';
import { silenceOf } from '../vm/silence.ts';
import { setResetTo } from '../vm/snapshots/reset-to.ts';
import { startMachine } from '../vm/start.ts';
import { forceStopMachine, shutDownMachine } from '../vm/stop.ts';
import { suggestVm } from '../vm/suggest.ts';
import type { ApiContext } from './context.ts';
import type { Implementer } from './implement.ts';
import { requirePermittedRequest, requirePermittedSource } from './permitted-files.ts';

export function vmProcedures(os: Implementer, context: ApiContext) {
  return {
    ...libraryProcedures(os, context),
    ...lifeProcedures(os, context),
    ...lookProcedures(os, context),
  };
}

function libraryProcedures(os: Implementer, context: ApiContext) {
  const { supervisor, library, shell } = context;
  return {
    suggest: os.vms.suggest.handler(async ({ input }) => {
      await requirePermittedSource(input.source, context);
      return suggestVm(input.source, input.name, supervisor.context);
    }),
    check: os.vms.check.handler(async ({ input }) => {
      const machine = input.id === undefined ? undefined : supervisor.machine(input.id);
      await requirePermittedRequest(input.request, definitionOf(machine), context);
      return checkRequest(input.request, { context: supervisor.context, machine }, input.dry);
    }),
    create: os.vms.create.handler(async ({ input }) => {
      await requirePermittedRequest(input.request, undefined, context);
      return viewOf(await (input.start ? createAndStart : createMachine)(supervisor, input.request));
    }),
    update: os.vms.update.handler(async ({ input }) => {
      const machine = supervisor.machine(input.id);
      const request = { definition: input.definition, provisions: [] };
      await requirePermittedRequest(request, definitionOf(machine), context);
      await editMachine(machine, input.revision, input.definition);
      return viewOf(machine);
    }),
    rename: os.vms.rename.handler(async ({ input }) => {
      const machine = supervisor.machine(input.id);
      await renameMachine(machine, input.name);
      return viewOf(machine);
    }),
    clone: os.vms.clone.handler(async ({ input }) => viewOf(await cloneMachine(supervisor, input))),
    setResetTo: os.vms.setResetTo.handler(async ({ input }) => {
      const machine = supervisor.machine(input.id);
      await setResetTo(machine, input.snapshot);
      return viewOf(machine);
    }),
    deletePreview: os.vms.deletePreview.handler(async ({ input }) => ({
      ...(await library.contents(input.id)),
      trash: shell.trash !== undefined,
    })),
    delete: os.vms.delete.handler(async ({ input }) => {
      await deleteMachine(supervisor, input.id, shell.trash?.bind(shell));
      return {};
    }),
  };
}

function lifeProcedures(os: Implementer, { supervisor }: ApiContext) {
  const verb = async (id: string, work: (machine: Machine) => Promise<void>) => {
    const machine = supervisor.machine(id);
    await work(machine);
    return viewOf(machine);
  };
  return {
    start: os.vms.start.handler(({ input }) => verb(input.id, startMachine)),
    pause: os.vms.pause.handler(({ input }) => verb(input.id, pauseMachine)),
    resume: os.vms.resume.handler(({ input }) => verb(input.id, resumeMachine)),
    reset: os.vms.reset.handler(({ input }) => verb(input.id, resetMachine)),
    reload: os.vms.reload.handler(({ input }) => verb(input.id, reloadMachine)),
    shutdown: os.vms.shutdown.handler(({ input }) => verb(input.id, shutDownMachine)),
    saveState: os.vms.saveState.handler(({ input }) => verb(input.id, saveMachine)),
    discardState: os.vms.discardState.handler(({ input }) => verb(input.id, discardState)),
    forceStop: os.vms.forceStop.handler(({ input }) => verb(input.id, forceStopMachine)),
  };
}

function lookProcedures(os: Implementer, { supervisor, finder, library }: ApiContext) {
  return {
    watch: os.vms.watch.handler(({ signal }) => supervisor.watch(signal)),
    commandLine: os.vms.commandLine.handler(async ({ input }) => {
      const machine = supervisor.machine(input.id);
      const started = machine.phase.kind === 'live' ? machine.phase.run.record : undefined;
      if (started?.arguments) return { program: started.qemuPath, arguments: started.arguments };
      const { definition } = (started ?? library.usable(input.id)).document;
      const qemu = await finder.require();
      const { explained } = explain(definition, qemu, { context: supervisor.context, machine });
      return { program: qemu.path, arguments: explained };
    }),
    silence: os.vms.silence.handler(({ input }) => silenceOf(supervisor.machine(input.id))),
    log: os.vms.log.handler(({ input }) => supervisor.machine(input.id).log.read()),
    metrics: os.vms.metrics.handler(({ input, signal }) => {
      const { phase } = supervisor.machine(input.id);
      if (phase.kind === 'live') return watchMetrics(phase.run.record.pid, signal);
      throw new Fault({
        code: 'wrong-state',
        message: 'The VM is not running: there is nothing to measure.',
        remedy: 'Start it first.',
      });
    }),
  };
}

function definitionOf(machine: Machine | undefined) {
  const record = machine?.record;
  return record?.kind === 'usable' ? record.document.definition : undefined;
}
