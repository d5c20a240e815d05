// What is looked at while a VM runs, beside QEMU itself: whether it has printed yet, and whether its boot files changed.
import { untilBeat } from '../lib/beat.ts';
import { bootFilesOf, changedFiles, type FileStamp, stampBootFiles } from './boot-files.ts';
import { type LiveRun, pulseMs } from './live-run.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';

/** Soon enough that a notice about silence goes with the first byte; a look costs one `fstat`. */
const firstByteMs = 250;
/** A guest that has printed nothing by then is looked at with everything else. */
const firstByteLooks = 120;
/** Builds take longer than this; two looks in a row must agree before a change is told. */
const againMs = 1000;

/** Where each console stood before the start, by its id: what comes behind it was printed by this run. */
export async function consoleOffsets(
  machine: Machine,
  ids: readonly string[],
): Promise<Record<string, number>> {
  const entries = await Promise.all(
    ids.map(async (id) => [id, await (await machine.console(id)).store.end()] as const),
  );
  return Object.fromEntries(entries);
}

/** Until the run is over or let go of. */
export function watchRun(machine: Machine, run: LiveRun): void {
  let looks = 0;
  repeat(run, firstByteMs, async () => {
    looks += 1;
    if (await hasPrinted(machine, run)) return 'done';
    return looks < firstByteLooks ? firstByteMs : untilBeat(pulseMs);
  });
  const { bootFiles = [], document } = run.record;
  const files = bootFilesOf(document.definition);
  if (files.length === 0) return;
  let before: FileStamp[] = [];
  repeat(run, untilBeat(pulseMs), async () => {
    const now = await stampBootFiles(files, machine.directory);
    const changed = changedFiles(bootFiles, before, now);
    const atRest = JSON.stringify(now) === JSON.stringify(before);
    before = now;
    if (changed.join('\n') !== run.changedFiles.join('\n')) {
      run.changedFiles = changed;
      machine.changed();
    }
    return atRest ? untilBeat(pulseMs) : againMs;
  });
}

async function hasPrinted(machine: Machine, run: LiveRun): Promise<boolean> {
  const { consoleFrom = {}, document } = run.record;
  const ids = consolesOf(document.definition).map(({ id }) => id);
  const now = await consoleOffsets(machine, ids);
  if (!ids.some((id) => (now[id] ?? 0) > (consoleFrom[id] ?? 0))) return false;
  run.printed = true;
  machine.changed();
  return true;
}

/** One look after the other, as far apart as each says; one that fails (a file system that is away) is tried again. */
function repeat(run: LiveRun, delayMs: number, look: () => Promise<number | 'done'>): void {
  const timer = setTimeout(async () => {
    if (run.isOver) return;
    const next = await look().catch(() => untilBeat(pulseMs));
    if (next !== 'done') repeat(run, next, look);
  }, delayMs);
  timer.unref();
}
