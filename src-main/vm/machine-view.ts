// A VM as it is shown: the library's record and the machine's life in one plain value.
import { mainConsole } from '../boards/main-console.ts';
import { listedBoard } from '../boards/table.ts';
import type { VmDefinition } from '../contract/definition.ts';
import type { ConsoleInfo, VmView } from '../contract/vm.ts';
import type { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';

export function viewOf(machine: Machine): VmView {
  const { record, phase, lastExit } = machine;
  const definition = record.kind === 'usable' ? record.document.definition : null;
  return {
    id: machine.id,
    revision: record.kind === 'usable' ? record.document.revision : 0,
    createdAt: record.kind === 'usable' ? record.document.createdAt : record.createdAt,
    definition,
    state: machine.state,
    ...(record.kind === 'damaged' && { damage: { reason: record.reason, file: record.file } }),
    ...(phase.kind === 'live' && { run: runView(phase.run, definition) }),
    ...(phase.kind === 'off' && lastExit !== undefined && { lastExit }),
    ...(machine.saved && {
      saved: {
        at: machine.saved.createdAt,
        bytes: machine.saved.bytes,
        ...(machine.saved.mismatch && { mismatch: machine.saved.mismatch }),
      },
    }),
    ...resetToView(machine),
    ...basedOnView(machine),
    snapshots: machine.snapshots.visible.length,
    ...(phase.kind === 'unknown' && { doubt: phase.fault }),
    consoles: definition ? consolesOf(definition) : [],
  };
}

function resetToView({ record, snapshots }: Machine): Pick<VmView, 'resetTo'> {
  const id = record.kind === 'usable' ? record.document.resetTo : null;
  const manifest = id === null ? undefined : snapshots.manifests.get(id);
  return manifest ? { resetTo: { id: manifest.id, name: manifest.name } } : {};
}

function basedOnView({ record, context }: Machine): Pick<VmView, 'basedOn'> {
  const base = record.kind === 'usable' ? record.document.base : null;
  if (!base) return {};
  const origin = context.machines().find(({ id }) => id === base.vm)?.record;
  const name = origin?.kind === 'usable' ? origin.document.definition.name : base.vm;
  return { basedOn: { id: base.vm, name } };
}

export function consolesOf(definition: VmDefinition): ConsoleInfo[] {
  const uarts = listedBoard(definition.machine)?.row.uarts ?? [];
  const main = mainConsole(definition);
  return Array.from({ length: definition.uarts }, (_, index) => {
    const uart = uarts[index];
    return {
      id: `uart${index}`,
      label: uart?.label ?? `Serial port ${index + 1}`,
      ...(uart?.guestName !== undefined && { guestName: uart.guestName }),
      ...(definition.uarts > 1 && index === main && { main: true }),
    };
  });
}

/** Whether a restart would make other hardware. Name and note are no hardware, and forwards are applied at once. */
export function sameHardware(a: VmDefinition, b: VmDefinition): boolean {
  return JSON.stringify(hardware(a)) === JSON.stringify(hardware(b));
}

function hardware(definition: VmDefinition): VmDefinition {
  return { ...definition, name: '', note: '', network: { ...definition.network, forwards: [] } };
}

function runView(run: LiveRun, definition: VmDefinition | null): NonNullable<VmView['run']> {
  const { record } = run;
  return {
    pid: record.pid,
    startedAt: record.startedAt,
    qemuVersion: record.qemuVersion,
    accelerator: record.accelerator,
    definitionChanged: definition !== null && !sameHardware(definition, record.document.definition),
    ...(record.shutdownRequestedAt !== undefined && { shutdownRequestedAt: record.shutdownRequestedAt }),
    ...(run.silentSince !== undefined && { silentSince: run.silentSince }),
    printed: run.printed,
    ...(record.consoleFrom !== undefined && { consoleFrom: record.consoleFrom }),
    ...(run.changedFiles.length > 0 && { changedFiles: [...run.changedFiles] }),
    findings: run.findings,
  };
}
