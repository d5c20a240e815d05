// What to say of a running guest that prints nothing.
import { silencePatienceSeconds, silenceReasons } from '../boards/silence.ts';
import type { Silence } from '../contract/vm.ts';
import { gatherFacts } from './check.ts';
import type { Machine } from './machine.ts';

/** About what runs, else about what Start would run. Throws Fault `qemu-missing`, `damaged`. */
export async function silenceOf(machine: Machine): Promise<Silence> {
  const { context, phase, id } = machine;
  const { document } = phase.kind === 'live' ? phase.run.record : context.library.usable(id);
  const { definition } = document;
  const facts = await gatherFacts(definition, [], await context.finder.require(), { context, machine });
  return {
    patienceSeconds: silencePatienceSeconds(definition, facts),
    reasons: silenceReasons(definition, facts),
  };
}
