// All VMs: finds those that run, lets verbs work on them, and tells every change with its number.
import { Fault } from '../contract/fault.ts';
import type { VmEvent, VmView } from '../contract/vm.ts';
import { Feed, follow } from '../lib/feed.ts';
import { adoptMachine, processesWithUuid } from './adopt.ts';
import { Machine, type MachineContext } from './machine.ts';
import { viewOf } from './machine-view.ts';
import { loadSavedState } from './saved-state.ts';

/** How often a VM in doubt is looked at again. */
const doubtMs = 3000;
/** A watcher that is this many changes behind gets the whole state instead. */
const watchBacklog = 1000;
/** So many machines at once ask their QEMU, when a manager comes back. */
const adoptionsAtOnce = 16;

type SupervisorContext = Omit<MachineContext, 'changed' | 'lost' | 'machines'>;

export class Supervisor {
  readonly context: MachineContext;
  private readonly machines = new Map<string, Machine>();
  /** The view last told, as JSON: what looks the same is not told again. */
  private readonly told = new Map<string, string>();
  private readonly events = new Feed<VmEvent>();
  private seq = 0;
  private doubtTimer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(context: SupervisorContext) {
    this.context = {
      ...context,
      machines: () => this.all(),
      changed: (machine) => this.tell(machine),
      lost: (machine) => this.lookAgain([machine]),
    };
  }

  /** Resolves when every VM that ran is found again, or known to have ended. */
  static async open(context: SupervisorContext): Promise<Supervisor> {
    const supervisor = new Supervisor(context);
    for (const { id } of context.library.list()) supervisor.add(id);
    await supervisor.adoptAll();
    return supervisor;
  }

  /** Oldest first. */
  views(): VmView[] {
    return [...this.machines.values()]
      .map(viewOf)
      .sort((a, b) =>
        a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1,
      );
  }

  all(): Machine[] {
    return [...this.machines.values()];
  }

  /** Throws Fault `not-found`. */
  machine(id: string): Machine {
    const machine = this.machines.get(id);
    if (machine) return machine;
    this.context.library.get(id);
    throw new Fault({
      code: 'not-found',
      message: 'This VM is not in the library any more.',
      remedy: 'It was deleted, perhaps in another window.',
    });
  }

  view(id: string): VmView {
    return viewOf(this.machine(id));
  }

  /** A VM that the library has made. */
  add(id: string): Machine {
    const machine = new Machine(id, this.context);
    this.machines.set(id, machine);
    this.tell(machine);
    return machine;
  }

  /** A VM that the library has deleted. */
  async remove(id: string): Promise<void> {
    const machine = this.machines.get(id);
    this.machines.delete(id);
    this.told.delete(id);
    this.events.publish({ type: 'removed', seq: ++this.seq, id });
    await machine?.clearRuntime();
    await machine?.release();
  }

  /** The whole state first, then every change. Ends with the signal. */
  watch(signal: AbortSignal | undefined): AsyncIterableIterator<VmEvent, void, undefined> {
    const whole = (): VmEvent => ({ type: 'all', seq: this.seq, vms: this.views() });
    return follow(this.events, { signal, whole, limit: watchBacklog });
  }

  /** Lets go of everything; VMs keep running. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.doubtTimer);
    await Promise.all(this.all().map((machine) => machine.release()));
  }

  private async adoptAll(): Promise<void> {
    const processes = await processesWithUuid();
    const machines = this.all();
    for (let start = 0; start < machines.length; start += adoptionsAtOnce) {
      const batch = machines.slice(start, start + adoptionsAtOnce);
      await Promise.all(
        batch.map(async (machine) => {
          await machine.snapshots.load();
          await adoptMachine(machine, processes);
          if (machine.phase.kind === 'off') await loadSavedState(machine);
        }),
      );
    }
    this.scheduleDoubt();
  }

  private async lookAgain(machines: readonly Machine[]): Promise<void> {
    const processes = await processesWithUuid();
    // While we looked, a verb may have settled it: it starts anew, or has ended.
    const open = machines.filter(
      ({ phase }) => phase.kind === 'unknown' || (phase.kind === 'live' && phase.run.isOver),
    );
    await Promise.all(open.map((machine) => adoptMachine(machine, processes)));
    this.scheduleDoubt();
  }

  /** A VM in doubt is looked at again until it is not: its QEMU may continue, or end. */
  private scheduleDoubt(): void {
    clearTimeout(this.doubtTimer);
    this.doubtTimer = undefined;
    if (this.closed || this.doubtful().length === 0) return;
    this.doubtTimer = setTimeout(() => {
      for (const machine of this.doubtful()) machine.inBackground(this.lookAgain([machine]));
    }, doubtMs);
    this.doubtTimer.unref();
  }

  private doubtful(): Machine[] {
    return this.all().filter(({ phase }) => phase.kind === 'unknown');
  }

  private tell(machine: Machine): void {
    if (this.closed || this.machines.get(machine.id) !== machine) return;
    if (machine.phase.kind === 'unknown' && this.doubtTimer === undefined) this.scheduleDoubt();
    const vm = viewOf(machine);
    const text = JSON.stringify(vm);
    if (this.told.get(machine.id) === text) return;
    this.told.set(machine.id, text);
    this.events.publish({ type: 'changed', seq: ++this.seq, vm });
  }
}
