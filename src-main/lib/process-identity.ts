// Tells a process from a later one with the same pid, also over a restart of the computer.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { unlessMissing } from './errno.ts';

const run = promisify(execFile);

/** proc_pid_stat(5): fields after the parenthesised command; the first of them is field 3, the state. */
const stateField = 0;
const startTimeField = 19;

/**
 * When a process started, in a form only good for comparing: equal pid and equal start time mean the same process.
 * null when no such process runs; one that ended and waits for its parent to notice counts as ended.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  switch (process.platform) {
    case 'linux':
      return linuxStart(pid);
    case 'win32':
      return windowsStart(pid);
    default:
      return psStart(pid);
  }
}

let thisBoot: Promise<string> | undefined;

/** Changes with every start of the computer. */
export function bootId(): Promise<string> {
  thisBoot ??= readBootId();
  return thisBoot;
}

async function readBootId(): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  }
  // There start times are absolute, and tell processes of two starts of the computer apart by themselves.
  if (process.platform === 'win32') return 'windows';
  const { stdout } = await run('sysctl', ['-n', 'kern.bootsessionuuid']);
  return stdout.trim();
}

async function linuxStart(pid: number): Promise<string | null> {
  const fields = await linuxStat(pid);
  if (fields === undefined) return null;
  const state = fields[stateField];
  return state === 'Z' || state === 'X' ? null : (fields[startTimeField] ?? null);
}

async function linuxStat(pid: number): Promise<string[] | undefined> {
  const text = await unlessMissing(readFile(`/proc/${pid}/stat`, 'utf8')).catch((error: unknown) => {
    // The process ended between open and read.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return undefined;
    throw error;
  });
  // The command may hold spaces and parentheses: everything after the last one is numbers.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function windowsStart(pid: number): Promise<string | null> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  return run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]).then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}

async function psStart(pid: number): Promise<string | null> {
  const line = await ps(pid, 'stat=,lstart=');
  if (line === undefined) return null;
  const [state = '', ...start] = line.split(/\s+/);
  return state.startsWith('Z') ? null : start.join(' ');
}

async function ps(pid: number, columns: string): Promise<string | undefined> {
  try {
    // lstart is local time: a fixed zone keeps it comparable when the computer travels.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
    const { stdout } = await run('ps', ['-o', columns, '-p', String(pid)], { env });
    return stdout.trim() || undefined;
  } catch {
    return undefined; // ps exits 1 for a pid that is not there
  }
}
