// Rules about the CPU model: what QEMU really makes of it on this board.
import { type CpuVerdict, cpuVerdict } from '../cpu-verdict.ts';
import { preferredCpu } from '../preferred.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

function verdictOf({ board, definition, facts, accelerator }: BoardContext): CpuVerdict {
  return cpuVerdict(board, definition.cpu, facts.qemu, accelerator);
}

/** A finding about `/cpu` with the fix that puts a CPU there that the board has. */
function wrongCpu(context: BoardContext, message: string): Finding {
  const better = preferredCpu(context.board, context.definition, context.facts.qemu);
  return {
    field: '/cpu',
    message,
    ...(better === undefined ? {} : { fix: setTo(`Use ${better}`, '/cpu', better) }),
  };
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}

function refused(context: BoardContext): Finding | undefined {
  const verdict = verdictOf(context);
  if (verdict.outcome !== 'refused') return undefined;
  const { board, definition, facts, qemuName } = context;
  switch (verdict.because) {
    case 'unknown-model':
      return wrongCpu(context, `${qemuName} has no CPU model ${definition.cpu} and refuses to start.`);
    case 'needs-acceleration':
      return wrongCpu(
        context,
        'The CPU “host” is this computer’s own and exists only under KVM or HVF; with TCG, QEMU refuses to start.',
      );
    case 'not-for-board': {
      const there = board.cpu.fits.filter((cpu) => facts.qemu.cpus.some(({ name }) => name === cpu));
      return wrongCpu(
        context,
        `${board.name} does not take ${definition.cpu}: QEMU refuses to start. It takes ${few(there)}.`,
      );
    }
  }
}

function ignored(context: BoardContext): Finding | undefined {
  const verdict = verdictOf(context);
  if (verdict.outcome !== 'ignored') return undefined;
  const { board, definition } = context;
  return wrongCpu(
    context,
    `QEMU would ignore ${definition.cpu} and, without a word, make what the chip of ${board.name} has: ${board.cpu.clusters ?? verdict.made}.`,
  );
}

function unfit(context: BoardContext, runs: boolean): Finding | undefined {
  const verdict = verdictOf(context);
  if (verdict.outcome !== 'unfit' || verdict.runs !== runs) return undefined;
  const { board, cpu, definition } = context;
  return wrongCpu(
    context,
    runs
      ? `QEMU does not check: it would make ${definition.cpu}, which ${board.name} never had; software for the board (made for ${board.cpu.default}) may not start on it.`
      : `QEMU does not check: it would put the ${cpu.bits}-bit ${definition.cpu} on a board for ${board.cpu.default}, where nothing made for the board runs; the guest would never print a thing.`,
  );
}

export const cpuRules: readonly Rule[] = [
  { id: 'cpu-refused', severity: 'error', find: refused },
  { id: 'cpu-ignored', severity: 'error', find: ignored },
  { id: 'cpu-other-width', severity: 'error', find: (context) => unfit(context, false) },
  { id: 'cpu-foreign', severity: 'warning', find: (context) => unfit(context, true) },
  {
    id: 'cpu-unproven',
    severity: 'warning',
    find: (context) =>
      verdictOf(context).outcome === 'unknown'
        ? wrongCpu(
            context,
            `Nobody has looked yet at what QEMU does with ${context.definition.cpu} on ${context.board.pinned}: it may ignore it. Its own CPU is ${context.board.cpu.default}.`,
          )
        : undefined,
  },
  {
    id: 'cpu-advice',
    severity: 'warning',
    find: (context) => {
      const advice = context.board.cpu.notes?.[context.definition.cpu];
      return advice === undefined ? undefined : wrongCpu(context, advice);
    },
  },
  {
    // QEMU docs/system/arm/cpu-features.rst: the architected pointer authentication algorithm is costly to emulate;
    // the implementation-defined one became max's default in 10.0.
    id: 'cpu-max-slow',
    severity: 'hint',
    find: ({ accelerator, board, definition, facts, qemuName }) =>
      accelerator === 'tcg' &&
      definition.cpu === 'max' &&
      facts.qemu.version.major < 10 &&
      board.name === 'virt'
        ? {
            field: '/cpu',
            message: `On ${qemuName}, max is about five times slower than cortex-a76: it emulates pointer authentication to the letter.`,
            fix: setTo('Use cortex-a76', '/cpu', 'cortex-a76'),
          }
        : undefined,
  },
];
