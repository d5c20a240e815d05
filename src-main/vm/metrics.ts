// What a running QEMU takes of this computer, sampled only while somebody looks.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Metrics } from '../contract/vm.ts';
import type { RunningRecord } from './run-record.ts';

const run = promisify(execFile);

const sampleMs = 1000;
/** proc_pid_stat(5): USER_HZ is 100 on every Linux that Node runs on. */
const clockTicksPerSecond = 100;

interface Sample {
  atMs: number;
  cpuSeconds: number;
  residentBytes: number;
  readBytes: number;
  writtenBytes: number;
}

/** One value a second until the signal, or until the process is gone. */
export async function* watchMetrics(pid: number, signal: AbortSignal | undefined): AsyncGenerator<Metrics> {
  let before = await sampleProcess(pid);
  while (before && !signal?.aborted) {
    await sleep(sampleMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) return;
    const now = await sampleProcess(pid);
    if (!now) return;
    yield between(before, now);
    before = now;
  }
}

function between(before: Sample, now: Sample): Metrics {
  const seconds = Math.max((now.atMs - before.atMs) / 1000, 0.001);
  const rate = (from: number, to: number) => Math.max(0, Math.round((to - from) / seconds));
  const percent = ((now.cpuSeconds - before.cpuSeconds) / seconds) * 100;
  return {
    at: new Date().toISOString(),
    cpuPercent: Math.max(0, Math.round(percent * 10) / 10),
    residentMiB: Math.round(now.residentBytes / 1024 / 1024),
    diskReadBytesPerSecond: rate(before.readBytes, now.readBytes),
    diskWriteBytesPerSecond: rate(before.writtenBytes, now.writtenBytes),
  };
}

/** What a memory takes on the disk at most; pages of a mapped one count, although QEMU may not have touched them. */
export async function memoryBytes({ pid, mapped, document }: RunningRecord): Promise<number> {
  const most = document.definition.memoryMiB * 1024 * 1024;
  const sample = await sampleProcess(pid);
  return sample ? Math.min(most, sample.residentBytes + (mapped?.bytes ?? 0)) : most;
}

async function sampleProcess(pid: number): Promise<Sample | undefined> {
  try {
    return process.platform === 'linux' ? await linuxSample(pid) : await psSample(pid);
  } catch {
    return undefined; // it ended
  }
}

async function linuxSample(pid: number): Promise<Sample> {
  const atMs = performance.now();
  const [statText, status, io] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/io`, 'utf8').catch(() => ''),
  ]);
  // After the command in parentheses, the first field is number 3: utime is 14, stime 15.
  const fields = statText.slice(statText.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  const named = (text: string, name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return {
    atMs,
    cpuSeconds: ticks / clockTicksPerSecond,
    residentBytes: named(status, 'VmRSS') * 1024,
    readBytes: named(io, 'read_bytes'),
    writtenBytes: named(io, 'write_bytes'),
  };
}

/** ps tells no disk traffic: it is shown as none. */
async function psSample(pid: number): Promise<Sample> {
  const atMs = performance.now();
  const { stdout } = await run('ps', ['-o', 'time=,rss=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [time = '0', rss = '0'] = stdout.trim().split(/\s+/);
  return {
    atMs,
    cpuSeconds: clockSeconds(time),
    residentBytes: Number(rss) * 1024,
    readBytes: 0,
    writtenBytes: 0,
  };
}

/** `[[days-]hours:]minutes:seconds` */
function clockSeconds(text: string): number {
  const [clock = '0', days = '0'] = text.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
