// serve: the browser's way in, from the command line, until it is interrupted.
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import type { Directories } from '../lib/directories.ts';
import { serveControl } from '../transport/control.ts';
import { requestLoginUrl } from '../transport/control-client.ts';
import { serveHttp } from '../transport/http.ts';
import { isLoopback } from '../transport/origin.ts';
import { readOwner } from '../vm/owner.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { printLine, remark } from './print.ts';
import type { AppCore, Surroundings, Terminal } from './surroundings.ts';

export const defaultPort = 7420;

export interface ServeOptions {
  host: string;
  port: number;
  open?: boolean;
  allowRemote?: boolean;
  allowHost: string[];
}

/** Resolves when an interrupt has ended it. Throws Fault `port-unusable`, `library-in-use`, `not-permitted`, … */
export async function serve(
  around: Surroundings,
  directories: Directories,
  options: ServeOptions,
): Promise<ExitCode> {
  const { terminal } = around;
  refuseRemoteByAccident(options);
  await refuseWithoutPage(around.rendererDir);
  let core: AppCore;
  try {
    core = await around.openCore(directories);
  } catch (error) {
    return showWayIn(error, directories, terminal, options);
  }
  const closing: (() => Promise<void>)[] = [() => core.close()];
  try {
    const http = await serveHttp({
      served: core,
      rendererDir: around.rendererDir,
      uploadDirectory: core.uploadDirectory,
      host: options.host,
      port: options.port,
      extraHosts: options.allowHost,
      log: (line) => remark(terminal, `armoire: ${line}`),
    });
    closing.unshift(() => http.close());
    const control = await serveControl({ path: core.controlSocket, served: core, loginUrl: http.loginUrl });
    closing.unshift(() => control.close());
    if (!isLoopback(options.host)) warnOfRemote(terminal, http.origin);
    printLine(terminal, `Armoire is ready: ${http.loginUrl()}`);
    remark(terminal, 'The link logs one browser in, once. Ctrl-C ends Armoire; VMs keep running.');
    if (options.open) openBrowser(http.loginUrl(), terminal);
    await untilInterrupt(around);
    sayWhatGoesOn(core, terminal);
    return exitCode.ok;
  } finally {
    for (const close of closing) await close();
  }
}

function refuseRemoteByAccident({ host, port, allowRemote }: ServeOptions): void {
  if (isLoopback(host) || allowRemote) return;
  throw new Fault({
    code: 'not-permitted',
    message: `${host} can be reached from other computers, and the connection is not encrypted.`,
    remedy: `Safer: leave --host out and use "ssh -L ${port}:127.0.0.1:${port} THIS-COMPUTER". If you mean it: --allow-remote`,
  });
}

function warnOfRemote(terminal: Terminal, origin: string): void {
  remark(
    terminal,
    `armoire: warning: ${origin} can be reached from other computers without encryption. Whoever reads along can take over the session and with it this account.`,
  );
}

async function refuseWithoutPage(rendererDir: string): Promise<void> {
  try {
    await access(path.join(rendererDir, 'index.html'));
  } catch {
    throw new Fault({
      code: 'not-found',
      message: 'The page that browsers are to be shown is not built.',
      remedy: 'Run "npm run build" first.',
      detail: rendererDir,
    });
  }
}

/** The library has an owner already: a server hands out a fresh link, whatever else owns it is named. */
async function showWayIn(
  error: unknown,
  directories: Directories,
  terminal: Terminal,
  options: ServeOptions,
): Promise<ExitCode> {
  const owner = await readOwner(directories.library).catch(() => null);
  if (!(error instanceof Fault) || error.code !== 'library-in-use' || owner?.mode !== 'browser') throw error;
  let url: string;
  try {
    url = await requestLoginUrl(owner.controlSocket);
  } catch {
    throw error; // a single command that uses the library for a moment, or a server that is starting or ending
  }
  remark(terminal, `An Armoire server (process ${owner.pid}) has this library open already.`);
  printLine(terminal, `Your way in: ${url}`);
  if (options.open) openBrowser(url, terminal);
  return exitCode.ok;
}

function sayWhatGoesOn(core: AppCore, terminal: Terminal): void {
  const running = core.runningVms();
  if (running.length === 0) return;
  const names = running.map(({ name }) => name).join(', ');
  remark(terminal, `Still running: ${names}. They are back here when Armoire is started again.`);
}

/** Once: a second Ctrl-C is not caught, and ends the process at once should closing hang. */
function untilInterrupt(around: Surroundings): Promise<void> {
  return new Promise((resolve) => {
    const stopListening = around.onInterrupt(() => {
      stopListening();
      resolve();
    });
  });
}

function openBrowser(url: string, terminal: Terminal): void {
  const [program, ...words] = opener();
  const browser = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  browser.on('error', () => remark(terminal, `armoire: no browser could be opened (${program} is missing).`));
  browser.unref();
}

function opener(): [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}
