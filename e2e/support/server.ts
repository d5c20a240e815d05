// A real Armoire server in directories of its own, for end-to-end tests and benchmarks.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');
const entry = join(repository, 'out/main/server.js');

export interface ServerOptions {
  /** Directories to use again, from an earlier server's `directories`. */
  directories?: ServerDirectories;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** As a user whom file permissions bind, also where the tests run as root. */
  unprivileged?: boolean;
}

export interface ServerDirectories {
  readonly root: string;
  readonly home: string;
  readonly library: string;
}

export interface ArmoireServer {
  /** With the one-time token. */
  readonly loginUrl: string;
  /** Origin only: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly pid: number;
  readonly directories: ServerDirectories;
  /** All that it printed so far. */
  output(): string;
  /** SIGTERM and wait; VMs keep running. */
  stop(): Promise<void>;
  /** SIGKILL and wait; VMs keep running. */
  kill(): Promise<void>;
}

/** Where the directories of tests lie, up to what makes each its own. */
export const testPlace = join(tmpdir(), 'arm-e2e-');

export async function makeDirectories(): Promise<ServerDirectories> {
  // Short: socket paths are limited to 107 bytes.
  const root = await mkdtemp(testPlace);
  const directories = { root, home: join(root, 'home'), library: join(root, 'library') };
  await mkdir(directories.home);
  await mkdir(directories.library);
  return directories;
}

/** Starts the built server and resolves when it has printed its address. */
export async function startServer(options: ServerOptions = {}): Promise<ArmoireServer> {
  if (!existsSync(entry)) throw new Error('The app is not built: run `npm run build` first.');
  const directories = options.directories ?? (await makeDirectories());
  const child = spawn(process.execPath, [entry, '--port', '0', ...(options.args ?? [])], {
    cwd: directories.home,
    env: { ...serverEnvironment(directories), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.unprivileged ? await unprivileged(directories) : {}),
  });
  let output = '';
  const url = await new Promise<URL>((done, fail) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /https?:\/\/\S+token=\S+/.exec(output);
      if (found) done(new URL(found[0]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return {
    loginUrl: url.href,
    origin: url.origin,
    pid: child.pid ?? 0,
    directories,
    output: () => output,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

/** The user `nobody` of every system. */
const nobody = { uid: 65534, gid: 65534 };

/** Whom to start the server as; nothing to say where the tests do not run as root. */
async function unprivileged({ root, home, library }: ServerDirectories): Promise<Partial<typeof nobody>> {
  if (process.getuid?.() !== 0) return {};
  for (const directory of [root, home, library]) await chown(directory, nobody.uid, nobody.gid);
  return nobody;
}

/** Why a server cannot run unprivileged here; undefined when it can. */
export function whyOnlyRoot(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const needed of [entry, process.execPath]) {
    for (let place = dirname(needed); place !== dirname(place); place = dirname(place)) {
      if ((statSync(place).mode & 0o001) === 0) return `only root may enter ${place}`;
    }
  }
  return undefined;
}

/** The environment that confines Armoire (server or command line) to `directories`. */
export function serverEnvironment(directories: ServerDirectories): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: directories.home,
    ARMOIRE_LIBRARY: directories.library,
    ARMOIRE_CONFIG: join(directories.root, 'config'),
    ARMOIRE_CACHE: join(directories.root, 'cache'),
    ARMOIRE_RUNTIME: join(directories.root, 'run'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}

/** Process ids of every QEMU that runs a VM of these directories. */
export async function runningQemus(directories: ServerDirectories): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('qemu-system') && words.includes(directories.root)) found.push(Number(name));
  }
  return found;
}

/** Ends every QEMU of these directories and removes them. */
export async function cleanUp(directories: ServerDirectories): Promise<void> {
  for (const pid of await runningQemus(directories)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  await rm(directories.root, { recursive: true, force: true, maxRetries: 5 });
}
