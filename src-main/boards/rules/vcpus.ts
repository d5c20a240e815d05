// Rules about the number of vCPUs: what the board takes, what more of them turn into, what the host has.
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

function outOfRange({ board, definition }: BoardContext): Finding | undefined {
  const { min, max } = board.vcpus;
  const asked = definition.vcpus;
  if (asked >= min && asked <= max) return undefined;
  const nearest = asked < min ? min : max;
  const rule = min === max ? `exactly ${min}` : asked < min ? `at least ${min}` : `at most ${max}`;
  return {
    field: '/vcpus',
    message: `${board.name} has ${rule} ${nearest === 1 ? 'vCPU' : 'vCPUs'}; with ${asked}, QEMU refuses to start.`,
    fix: setTo(`Use ${nearest}`, '/vcpus', nearest),
  };
}

function otherCore({ board, definition }: BoardContext): Finding | undefined {
  const { mainCores } = board.cpu;
  if (mainCores === undefined || definition.vcpus <= mainCores || board.vcpus.min > mainCores)
    return undefined;
  return {
    field: '/vcpus',
    message: `${board.name} has ${mainCores} × ${board.cpu.default}; QEMU makes vCPUs beyond them another core: ${board.cpu.clusters ?? ''}.`,
    fix: setTo(`Use ${mainCores}`, '/vcpus', mainCores),
  };
}

function moreThanHost({ board, definition, facts, accelerator }: BoardContext): Finding | undefined {
  const { cores } = facts.host;
  if (definition.vcpus <= cores || board.vcpus.min >= definition.vcpus) return undefined;
  return {
    field: '/vcpus',
    message: `This computer has ${cores} cores: ${definition.vcpus} vCPUs share them, and ${accelerator === 'tcg' ? 'emulation' : 'the guest'} gets slower, not faster.`,
    fix: setTo(`Use ${Math.max(cores, board.vcpus.min)}`, '/vcpus', Math.max(cores, board.vcpus.min)),
  };
}

export const vcpuRules: readonly Rule[] = [
  { id: 'vcpus-board', severity: 'error', find: outOfRange },
  { id: 'vcpus-other-core', severity: 'warning', find: otherCore },
  { id: 'vcpus-host', severity: 'hint', find: moreThanHost },
];
