// What goes on during a long call: one line on stderr while it is a terminal; an interrupt cancels.
import type { Job } from '../contract/job.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { remark } from './print.ts';
import type { Surroundings } from './surroundings.ts';

/** `\r`: to the line's begin; CSI K: erase to its end (ECMA-48). */
const clearLine = '\r\x1b[K';
const usualColumns = 80;

/**
 * Does the work while its jobs are shown. The jobs are those of `vm`, or of a VM that is being made, that begin
 * meanwhile. The first interrupt cancels what can be cancelled, the next one ends the program.
 */
export async function withProgress<T>(
  client: ControlClient,
  around: Surroundings,
  vm: string,
  work: () => Promise<T>,
): Promise<T> {
  const { stderr } = around.terminal;
  let ours: Job[] = [];
  let drawn = false;
  const draw = () => {
    if (!stderr.isTTY) return;
    const [job] = ours;
    if (job) stderr.write(`${clearLine}${progressLine(job, stderr.columns ?? usualColumns)}`);
    else if (drawn) stderr.write(clearLine);
    drawn = job !== undefined;
  };
  const stopListening = around.onInterrupt(() => {
    stopListening();
    const stoppable = ours.filter(({ cancellable }) => cancellable);
    for (const { id } of stoppable) client.rpc.jobs.cancel({ job: id }).catch(() => undefined);
    if (stoppable.length === 0)
      remark(around.terminal, 'armoire: this moment cannot be halved; it ends soon.');
  });
  const events = await client.rpc.jobs.watch();
  const before = await events.next();
  const earlier = new Set(before.done ? [] : before.value.map(({ id }) => id));
  const watching = (async () => {
    for await (const jobs of events) {
      ours = jobs.filter((job) => !earlier.has(job.id) && (job.vm === vm || job.vm === null));
      draw();
    }
  })().catch(() => undefined);
  try {
    return await work();
  } finally {
    stopListening();
    await events.return();
    await watching;
    ours = [];
    draw();
  }
}

/** Never wider than the terminal: a line that wraps cannot be drawn over. */
export function progressLine({ title, percent, remainingSeconds }: Job, columns: number): string {
  const pace = [
    ...(percent === null ? [] : [`${Math.floor(percent)} %`]),
    ...(remainingSeconds === null ? [] : [`about ${remainingText(remainingSeconds)} left`]),
  ].join(', ');
  const tail = pace === '' ? ' …' : `: ${pace}`;
  const room = Math.max(1, columns - 1 - tail.length);
  const safe = title.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  return `${safe.length > room ? `${safe.slice(0, room - 1)}…` : safe}${tail}`;
}

function remainingText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
