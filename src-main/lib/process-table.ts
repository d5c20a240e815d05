// Finds processes of this computer by what stands on their command lines.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessEntry {
  pid: number;
  /** Words separated by NUL on Linux, by spaces where only `ps` can tell. */
  commandLine: string;
}

/** The command line of one process; null when it is gone or not ours to read. */
export async function commandLineOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  }
  return run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/** Every process whose command line matches. */
export async function findProcesses(pattern: RegExp): Promise<ProcessEntry[]> {
  // No VM runs on Windows, and command lines can only be had there at a high price.
  if (process.platform === 'win32') return [];
  const all = process.platform === 'linux' ? await linuxProcesses() : await psProcesses();
  return all.filter(({ commandLine }) => pattern.test(commandLine));
}

/** Matches a command line that holds these two words one after the other. */
export function wordPair(first: string, second: string): RegExp {
  const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
  return new RegExp(`(^|[\\0 ])${literal(first)}[\\0 ]${literal(second)}($|[\\0 ])`);
}

async function linuxProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(
    pids.map(async (pid) => ({ pid, commandLine: (await commandLineOf(pid)) ?? '' })),
  );
  return entries.filter(({ commandLine }) => commandLine !== '');
}

async function psProcesses(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), commandLine: match[2] ?? '' }] : [];
  });
}
