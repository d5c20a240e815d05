// Whether the Electron app can open here: its runtime, a display, a user that its sandbox accepts.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { repoRoot } from './paths.ts';
import { say } from './script.ts';

export type ElectronChoice = { usable: true; program: string } | { usable: false; reason: string };

const packageDir = path.join(repoRoot, 'node_modules', 'electron');

/** A slow line may take minutes for 110 MB; a release server that never answers should not take for ever. */
const downloadTimeoutMs = 15 * 60_000;

/** Linux is the one platform on which a session can be without a display. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** As electron's own index.js finds it, but without its download. */
function installedProgram(env: NodeJS.ProcessEnv): string | null {
  const pathFile = path.join(packageDir, 'path.txt');
  const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null;
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const program =
    override === undefined || override === ''
      ? relative && path.join(packageDir, 'dist', relative)
      : path.join(override, relative ?? 'electron');
  return program !== null && existsSync(program) ? program : null;
}

/** Since Electron 42 nothing is downloaded when the package is installed: `install-electron` is the package's way. */
async function download(): Promise<boolean> {
  say('Fetching the Electron runtime, about 110 MB (once).');
  const run = await execa(process.execPath, [path.join(packageDir, 'install.js')], {
    cwd: repoRoot,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'pipe',
    timeout: downloadTimeoutMs,
    reject: false,
  });
  return run.exitCode === 0;
}

/** Finds Electron's program, fetching it once if need be; else one sentence that says why the app cannot open. */
export async function findElectron(): Promise<ElectronChoice> {
  if (!hasDisplay(process.platform, process.env)) return { usable: false, reason: 'there is no display' };
  // https://www.electronjs.org/docs/latest/tutorial/sandbox: Chromium refuses root with its sandbox on, and Armoire never turns it off.
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { usable: false, reason: 'Electron does not run as root' };
  }
  const installed = installedProgram(process.env);
  if (installed !== null) return { usable: true, program: installed };
  const fetched = (await download()) ? installedProgram(process.env) : null;
  if (fetched !== null) return { usable: true, program: fetched };
  return { usable: false, reason: "Electron's runtime could not be downloaded" };
}
