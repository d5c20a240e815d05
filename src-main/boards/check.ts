// The one rule engine: a definition and the facts in, problems out. Pure, and quick enough for every keystroke.
import type { VmDefinition } from '../contract/definition.ts';
import type { Problem } from '../contract/problem.ts';
import { settleAccelerator } from './accelerator.ts';
import { boardFor } from './board.ts';
import { cpuFor } from './cpus.ts';
import type { BoardContext, CheckContext, CheckFacts, Rule } from './rule.ts';
import { acceleratorRules } from './rules/accelerator.ts';
import { bootRules } from './rules/boot.ts';
import { cmdlineRules } from './rules/cmdline.ts';
import { cpuRules } from './rules/cpu.ts';
import { debugRules } from './rules/debug.ts';
import { diskRules } from './rules/disks.ts';
import { fileRules } from './rules/files.ts';
import { firmwareRules } from './rules/firmware.ts';
import { forwardRules } from './rules/forwards.ts';
import { gicRules } from './rules/gic.ts';
import { kernelRules } from './rules/kernel.ts';
import { loaderRules } from './rules/loaders.ts';
import { machineRules, unknownMachineRules } from './rules/machine.ts';
import { memoryRules } from './rules/memory.ts';
import { networkRules } from './rules/network.ts';
import { optionRules } from './rules/options.ts';
import { uartRules } from './rules/uarts.ts';
import { vcpuRules } from './rules/vcpus.ts';

export type { CheckFacts } from './rule.ts';

const generalRules: readonly Rule<CheckContext>[] = [
  ...unknownMachineRules,
  ...fileRules,
  ...forwardRules,
  ...debugRules,
];

const boardRules: readonly Rule[] = [
  ...machineRules,
  ...cpuRules,
  ...acceleratorRules,
  ...vcpuRules,
  ...memoryRules,
  ...optionRules,
  ...gicRules,
  ...bootRules,
  ...firmwareRules,
  ...kernelRules,
  ...cmdlineRules,
  ...loaderRules,
  ...diskRules,
  ...networkRules,
  ...uartRules,
];

const rank: Readonly<Record<Problem['severity'], number>> = { error: 0, warning: 1, hint: 2 };

function apply<Context extends CheckContext>(rules: readonly Rule<Context>[], context: Context): Problem[] {
  return rules.flatMap(({ id, severity, find }) => {
    const found = find(context) ?? [];
    return [found].flat().map((finding) => ({ rule: id, severity, ...finding }));
  });
}

/** Everything that is wrong, doubtful or could be better, the worst first. */
export function checkDefinition(definition: VmDefinition, facts: CheckFacts): Problem[] {
  const { qemu, host } = facts;
  const { major, minor, micro } = qemu.version;
  const context: CheckContext = { definition, facts, qemuName: `QEMU ${major}.${minor}.${micro}` };
  const problems = apply(generalRules, context);
  const board = boardFor(definition.machine, qemu);
  if (board !== undefined) {
    const boardContext: BoardContext = {
      ...context,
      board,
      cpu: cpuFor(definition.cpu, qemu),
      accelerator: settleAccelerator(definition, qemu, host),
    };
    problems.push(...apply(boardRules, boardContext));
  }
  return problems.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
