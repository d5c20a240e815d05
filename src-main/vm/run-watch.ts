// What is looked at while a VM runs, beside QEMU itself: whether it has printed yet, and whether its boot files changed.
import { changedFiles, type FileStamp, stampBootFiles } from './boot-files.ts';
import type { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';

/** Soon enough that a notice about silence goes with the first byte; a look costs one `fstat`. */
const firstByteMs = 250;
/** Builds take longer than this; two looks in a row must agree before a change is told. */
const bootFilesMs = 2000;

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
  repeat(run, firstByteMs, () => lookForBytes(machine, run));
  let before: FileStamp[] = [];
  repeat(run, bootFilesMs, async () => {
    const { bootFiles = [], document } = run.record;
    const now = await stampBootFiles(document.definition, machine.directory);
    const changed = changedFiles(bootFiles, before, now);
    before = now;
    if (changed.join('\n') !== run.changedFiles.join('\n')) {
      run.changedFiles = changed;
      machine.changed();
    }
    return 'again';
  });
}

async function lookForBytes(machine: Machine, run: LiveRun): Promise<'again' | 'done'> {
  const { consoleFrom = {}, document } = run.record;
  const ids = consolesOf(document.definition).map(({ id }) => id);
  const now = await consoleOffsets(machine, ids);
  if (!ids.some((id) => (now[id] ?? 0) > (consoleFrom[id] ?? 0))) return 'again';
  run.printed = true;
  machine.changed();
  return 'done';
}

/** One look after the other; one that fails (a file system that is away) is tried again. */
function repeat(run: LiveRun, everyMs: number, look: () => Promise<'again' | 'done'>): void {
  const timer = setTimeout(async () => {
    if (run.isOver) return;
    const answer = await look().catch(() => 'again' as const);
    if (answer === 'again') repeat(run, everyMs, look);
  }, everyMs);
  timer.unref();
}
