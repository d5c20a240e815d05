// The composition root that the desktop, the server and the command line share.
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiContext, HostShell, TicketUse } from './api/context.ts';
import { sweepDownloads } from './api/downloads.ts';
import { createRouter, type Router } from './api/router.ts';
import { toFaultData } from './contract/fault.ts';
import type { Settings } from './contract/host.ts';
import { type AllowedRoot, FileBrowser } from './images/file-browser.ts';
import { type Directories, extraFileRoots } from './lib/directories.ts';
import { makePrivateDirectory } from './lib/private-directory.ts';
import { Tickets } from './lib/tickets.ts';
import { createQemuFinder } from './qemu/locate.ts';
import { Jobs } from './vm/jobs.ts';
import { Library } from './vm/library.ts';
import type { MachineContext } from './vm/machine.ts';
import { uploadsDirectory } from './vm/names.ts';
import { claimLibrary } from './vm/owner.ts';
import { saveMachine } from './vm/saved-state.ts';
import { SettingsStore } from './vm/settings.ts';
import { shutDownMachine } from './vm/stop.ts';
import { Supervisor } from './vm/supervisor.ts';

export type { HostShell, TicketUse } from './api/context.ts';
export type { Router } from './api/router.ts';

export interface AppOptions {
  mode: 'desktop' | 'browser';
  directories: Directories;
  resourcesDir: string;
  version: string;
  shell: HostShell;
  /** Told of every defect (an error that is no Fault); stderr when left out. */
  reportDefect?: (error: unknown) => void;
  /** Told of every step of an operation on snapshots, before the next one begins. */
  onStep?: MachineContext['onStep'];
}

export interface App {
  router: Router;
  /** One-time; expires after 30 s. */
  redeem(ticket: string): TicketUse | undefined;
  runningVms(): { id: string; name: string }[];
  /** Asks every guest to shut down; resolves when all have, or `shutdownWaitSeconds` are over. */
  shutDownAll(): Promise<void>;
  /** Saves the state of everything that runs; what cannot be saved goes on running. */
  saveAll(): Promise<void>;
  settings(): Settings;
  /** Where the owner of the library listens for other processes of this user. */
  controlSocket: string;
  /** Browser mode: where uploads are kept. */
  uploadDirectory: string;
  /** Lets go of everything; VMs keep running. */
  close(): Promise<void>;
}

const ticketLifeMs = 30_000;
const shutdownPollMs = 200;

/** Throws Fault `library-in-use`, `library-unwritable`, `disk-full`; then nothing was opened. */
export async function createApp(options: AppOptions): Promise<App> {
  const { directories, mode, resourcesDir } = options;
  await Library.prepare(directories.library);
  await makePrivateDirectory(directories.runtime);
  const controlSocket = controlSocketOf(directories);
  const ownership = await claimLibrary(directories.library, { mode, controlSocket });
  try {
    const settings = await SettingsStore.open(directories.config);
    const finder = createQemuFinder({
      resourcesDir,
      cacheDir: directories.cache,
      settings: () => settings.current,
    });
    const host = hostFacts();
    const library = await Library.open(directories.library, directories.runtime);
    await sweepDownloads(directories.cache);
    const supervisor = await Supervisor.open({
      library,
      settings: () => settings.current,
      runtimeDirectory: directories.runtime,
      resourcesDirectory: resourcesDir,
      finder,
      host,
      jobs: new Jobs(),
      onStep: options.onStep,
    });
    const context: ApiContext = {
      mode,
      version: options.version,
      shell: options.shell,
      directories,
      host,
      settings,
      finder,
      library,
      supervisor,
      browser: new FileBrowser(fileRoots(directories)),
      tickets: new Tickets(ticketLifeMs),
    };
    const router = createRouter(context, options.reportDefect ?? toStderr);
    return {
      router,
      redeem: (ticket) => context.tickets.redeem(ticket),
      runningVms: () => runningVms(supervisor),
      shutDownAll: () => shutDownAll(supervisor, settings.current.shutdownWaitSeconds * 1000),
      saveAll: () => saveAll(supervisor),
      settings: () => settings.current,
      controlSocket,
      uploadDirectory: path.join(directories.library, uploadsDirectory),
      close: async () => {
        context.tickets.clear();
        await supervisor.close();
        await ownership.release();
      },
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** One for each library, where the path is short enough for a socket; on Windows a named pipe. */
function controlSocketOf({ library, runtime }: Directories): string {
  const name = `control-${createHash('sha256').update(library).digest('hex').slice(0, 12)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\armoire-${name}` : path.join(runtime, `${name}.sock`);
}

function hostFacts(): ApiContext['host'] {
  return {
    arch: process.arch,
    platform: process.platform,
    memoryMiB: Math.floor(os.totalmem() / 1024 / 1024),
    cores: os.availableParallelism(),
  };
}

function fileRoots({ library }: Directories): AllowedRoot[] {
  return [
    { label: 'Home', path: os.homedir() },
    { label: 'Uploads', path: path.join(library, uploadsDirectory) },
    { label: 'Library', path: library },
    ...extraFileRoots(process.env).map((root) => ({ label: path.basename(root) || root, path: root })),
  ];
}

function runningVms(supervisor: Supervisor): { id: string; name: string }[] {
  return supervisor
    .all()
    .filter(({ phase }) => phase.kind === 'live' || phase.kind === 'starting')
    .map((machine) => ({ id: machine.id, name: supervisor.view(machine.id).definition?.name ?? machine.id }));
}

async function shutDownAll(supervisor: Supervisor, waitMs: number): Promise<void> {
  const live = supervisor.all().filter(({ phase }) => phase.kind === 'live');
  await Promise.allSettled(live.map(shutDownMachine));
  const deadline = Date.now() + waitMs;
  while (live.some(({ phase }) => phase.kind === 'live') && Date.now() < deadline)
    await sleep(shutdownPollMs);
}

async function saveAll(supervisor: Supervisor): Promise<void> {
  const live = supervisor.all().filter(({ phase }) => phase.kind === 'live');
  // One after the other: their memory goes to the same disk.
  for (const machine of live)
    await saveMachine(machine).catch((error: unknown) =>
      machine.log.note(`Not saved at quit: ${toFaultData(error).message}`),
    );
}

function toStderr(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
