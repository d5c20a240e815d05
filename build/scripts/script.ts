// The frame around every script: plain lines for people, and one way to fail.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../src-main/contract/fault.ts';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `12.3 MB`, in units of 1000 as apt and file managers count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** True when the module was started as the program rather than imported. */
export function isProgram(moduleUrl: string): boolean {
  const started = process.argv[1];
  if (started === undefined) return false;
  return realpathSync(started) === realpathSync(fileURLToPath(moduleUrl));
}

/** Runs a script's main function; a `Fault` becomes two lines on stderr and exit code 1, a defect keeps its stack. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof Fault) {
      const detail = error.data.detail === undefined ? '' : `\n${error.data.detail}`;
      process.stderr.write(`error: ${error.data.message}${detail}\n${error.data.remedy}\n`);
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    process.exitCode = 1;
  }
}
