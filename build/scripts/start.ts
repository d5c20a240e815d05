// `npm start`: builds if needed, makes sure of a QEMU, then opens the app, on the desktop or else in the browser.
import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { toFaultData } from '../../src-main/contract/fault.ts';
import { findCandidates } from '../../src-main/qemu/candidates.ts';
import { isOldVersion, readVersion, tooOldFault } from '../../src-main/qemu/probe.ts';
import { buildApp } from './app-build.ts';
import { ensureQemuBundle } from './bundle-qemu.ts';
import { findElectron, hasDisplay } from './electron-runtime.ts';
import { repoRoot } from './paths.ts';
import { isProgram, runScript, say } from './script.ts';

/** Electron that ends by itself this soon did not come up: its sandbox or a library is missing. */
const earlyDeathMs = 10_000;

/** Says of each QEMU that is there why it is not the one. */
async function hasUsableQemu(): Promise<boolean> {
  const { platform, arch } = process;
  const resourcesDir = path.join(repoRoot, 'resources');
  const places = { platform, arch, resourcesDir, searchPath: process.env.PATH ?? '' };
  for (const { path: program } of await findCandidates(places, {
    qemuOrder: 'bundled-first',
    qemuPath: null,
  })) {
    const version = await readVersion(program).catch(() => null);
    if (version === null) continue;
    if (!isOldVersion(version)) return true;
    say(tooOldFault(program, version).data.message);
  }
  return false;
}

/** Without QEMU the app still opens and says what is missing, so a failure here is told and no more. */
async function ensureQemu(): Promise<void> {
  if (await hasUsableQemu()) return;
  say('No usable QEMU is installed: making the bundled one.');
  try {
    const { version } = await ensureQemuBundle();
    say(`QEMU ${version} is ready.`);
  } catch (error) {
    const { message, remedy } = toFaultData(error);
    say(`${message} ${remedy}`);
  }
}

/** A terminal sends Ctrl-C to the whole process group, so only signals meant for this process alone are passed on. */
function forwardSignals(child: ChildProcess): void {
  const toGroup = process.stdin.isTTY;
  process.on('SIGINT', () => {
    if (!toGroup) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
}

interface Ending {
  /** As a shell counts: 128 + signal when killed. */
  code: number;
  bySignal: boolean;
  afterMs: number;
}

function run(program: string, args: readonly string[]): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const child = spawn(program, args, { cwd: process.cwd(), stdio: 'inherit' });
    forwardSignals(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const number = signal === null ? (code ?? 1) : 128 + os.constants.signals[signal];
      resolve({ code: number, bySignal: signal !== null, afterMs: Date.now() - started });
    });
  });
}

async function openDesktop(args: readonly string[]): Promise<{ code: number } | { reason: string }> {
  const electron = await findElectron();
  if (!electron.usable) return { reason: electron.reason };
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (stopping = true));
  const ending = await run(electron.program, [repoRoot, ...args]);
  if (ending.bySignal && ending.afterMs < earlyDeathMs && !stopping) {
    return { reason: 'Electron could not start (see its message above)' };
  }
  return { code: ending.code };
}

async function openBrowserMode(reason: string, args: readonly string[]): Promise<number> {
  say(`Armoire opens in the browser, because ${reason}.`);
  const open = hasDisplay(process.platform, process.env) ? ['--open'] : [];
  const server = path.join(repoRoot, 'out', 'main', 'server.js');
  return (await run(process.execPath, [server, ...open, ...args])).code;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  await buildApp();
  await ensureQemu();
  const desktop = await openDesktop(args);
  process.exitCode = 'code' in desktop ? desktop.code : await openBrowserMode(desktop.reason, args);
}

if (isProgram(import.meta.url)) await runScript(main);
