// What QEMU really made, against what was asked for: some boards ignore `-cpu` without a word.
import { z } from 'zod';
import { cpuModelName } from '../boards/board.ts';
import type { VmDefinition } from '../contract/definition.ts';
import type { Problem } from '../contract/problem.ts';
import type { QmpClient } from './qmp.ts';

const cpuList = z.array(z.object({ 'cpu-index': z.int(), 'qom-path': z.string() }));

/** The model of every core, such as `cortex-a53`, in QEMU's order. Throws what QMP throws. */
export async function madeCpus(qmp: QmpClient): Promise<string[]> {
  const cores = cpuList.parse(await qmp.execute('query-cpus-fast'));
  cores.sort((a, b) => a['cpu-index'] - b['cpu-index']);
  const types = cores.map((core) =>
    qmp.execute<string>('qom-get', { path: core['qom-path'], property: 'type' }).then(cpuModelName),
  );
  return Promise.all(types);
}

/** `4 × cortex-a53 and 2 × cortex-r5f`. */
function countedCpus(models: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const model of models) counts.set(model, (counts.get(model) ?? 0) + 1);
  return [...counts]
    .map(([model, count]) => (count === 1 ? `one ${model}` : `${count} × ${model}`))
    .join(' and ');
}

function otherCpu(asked: string, made: readonly string[]): Problem {
  const first = made[0] ?? '';
  return {
    rule: 'cpu-made-differs',
    field: '/cpu',
    severity: 'error',
    message: `The machine has ${countedCpus(made)}, not the ${asked} that was asked for: this board makes its own CPU and says nothing.`,
    fix: { label: `Use ${first}`, steps: [{ op: 'set', path: '/cpu', value: first }] },
  };
}

/** What differs between the cores that were made and the definition; empty when QEMU did as it was told. */
export function compareCpus(
  definition: Pick<VmDefinition, 'cpu' | 'vcpus'>,
  made: readonly string[],
): Problem[] {
  const { cpu, vcpus } = definition;
  const problems: Problem[] = [];
  if (made.length > 0 && !made.includes(cpu)) problems.push(otherCpu(cpu, made));
  else if (made.some((model) => model !== cpu)) {
    problems.push({
      rule: 'cpus-mixed',
      field: '/cpu',
      severity: 'hint',
      message: `The machine has ${countedCpus(made)}: cores of another kind belong to this board.`,
    });
  }
  if (made.length !== vcpus) {
    problems.push({
      rule: 'vcpus-made-differ',
      field: '/vcpus',
      severity: 'error',
      message: `The machine has ${made.length} cores, not the ${vcpus} that were asked for.`,
      fix: { label: `Use ${made.length}`, steps: [{ op: 'set', path: '/vcpus', value: made.length }] },
    });
  }
  return problems;
}

/** Asks a QEMU that runs, or waits to. Throws what QMP throws. */
export async function verifyRunning(qmp: QmpClient, definition: VmDefinition): Promise<Problem[]> {
  return compareCpus(definition, await madeCpus(qmp));
}
