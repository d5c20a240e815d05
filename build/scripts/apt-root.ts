// A private apt root: packages of any suite fetched with the system's own apt, mirrors and keys, without root.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { Fault } from '../../src-main/contract/fault.ts';
import {
  type AptSource,
  type DebFile,
  formatSources,
  parseListFile,
  parseOsRelease,
  parsePrintUris,
  parseSourcesFile,
  sourcesForSuite,
} from './apt-sources.ts';
import { withLock } from './lock.ts';
import { debsDir, stageDir } from './paths.ts';
import { formatBytes, say } from './script.ts';

/** Package lists older than this are fetched again. */
const listsMaxAgeMs = 24 * 3600 * 1000;

export interface AptMachine {
  /** os-release's ID: `debian`, `ubuntu` … */
  id: string;
  codename: string;
  sources: AptSource[];
}

export interface AptRoot {
  suite: string;
  dir: string;
  /** Environment under which apt's programs see this root and nothing of the system's state. */
  env: Record<string, string>;
}

export interface AptRootOptions {
  /** Architectures beside the machine's own whose packages can be fetched. */
  foreign?: readonly string[];
  /** What is installed on the machine counts as there; by default nothing does. */
  asInstalled?: boolean;
}

async function aptConfigDump(): Promise<Map<string, string[]>> {
  const { stdout } = await execa('apt-config', ['dump']);
  const values = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const match = /^(\S+) "(.*)";$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], [...(values.get(match[1]) ?? []), match[2] ?? '']);
  }
  return values;
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function machineSources(): Promise<AptSource[]> {
  const { stdout } = await execa('apt-config', [
    'shell',
    'LIST',
    'Dir::Etc::sourcelist/f',
    'PARTS',
    'Dir::Etc::sourceparts/d',
  ]);
  const list = /^LIST='(.*)'$/m.exec(stdout)?.[1] ?? '';
  const parts = /^PARTS='(.*)'$/m.exec(stdout)?.[1] ?? '';
  const sources = parseListFile(await readIfThere(list));
  for (const name of (await readdir(parts).catch(() => [])).sort()) {
    const text = await readIfThere(path.join(parts, name));
    if (name.endsWith('.list')) sources.push(...parseListFile(text));
    if (name.endsWith('.sources')) sources.push(...parseSourcesFile(text));
  }
  return sources;
}

/**
 * This machine's distribution and package sources; null where there is no apt. `ARMOIRE_DEBIAN_MIRROR` and
 * `ARMOIRE_DEBIAN_KEYRING` stand in for them, for instance on Ubuntu, whose own mirror does not carry Debian's suites.
 */
export async function aptMachine(): Promise<AptMachine | null> {
  if (process.platform !== 'linux') return null;
  const hasApt = await execa('apt-get', ['--version'], { reject: false });
  if (hasApt.failed) return null;
  const mirror = process.env.ARMOIRE_DEBIAN_MIRROR;
  if (mirror !== undefined) {
    const signedBy = process.env.ARMOIRE_DEBIAN_KEYRING;
    const source = { uris: [mirror], suites: ['stable'], components: ['main'] };
    return {
      id: 'debian',
      codename: 'stable',
      sources: [signedBy === undefined ? source : { ...source, signedBy }],
    };
  }
  const release = parseOsRelease(await readIfThere('/etc/os-release'));
  return {
    id: release.get('ID') ?? '',
    codename: release.get('VERSION_CODENAME') ?? 'stable',
    sources: await machineSources(),
  };
}

/** The machine's proxies and other download settings go along; its hooks, pins and state stay out. */
async function aptConf(dir: string, { foreign = [], asInstalled = false }: AptRootOptions): Promise<string> {
  const lines: string[] = [];
  const system = await aptConfigDump();
  const emptyStatus = path.join(dir, 'status');
  for (const [key, values] of system) {
    if (
      !key.startsWith('Acquire::') ||
      key.startsWith('Acquire::IndexTargets') ||
      key.startsWith('Acquire::Languages')
    ) {
      continue;
    }
    for (const value of values) if (value !== '') lines.push(`${key} "${value}";`);
  }
  const { stdout: native } = await execa('dpkg', ['--print-architecture']);
  const settings = {
    'Dir::State': dir,
    'Dir::State::lists': path.join(dir, 'lists'),
    'Dir::State::status': asInstalled ? (system.get('Dir::State::status')?.[0] ?? emptyStatus) : emptyStatus,
    'Dir::Cache': path.join(dir, 'cache'),
    // The second cache only helps when the status changes, and is as big as the lists.
    'Dir::Cache::srcpkgcache': '',
    'Acquire::GzipIndexes': 'true',
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': path.join(dir, 'sources.d'),
    // The target directories belong to the caller, so apt's own download user could not write there.
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'APT::Architecture': native,
  };
  for (const [key, value] of Object.entries(settings)) lines.push(`${key} "${value}";`);
  const architectures = [native, ...foreign].map((name) => `"${name}";`).join(' ');
  lines.push(`APT::Architectures { ${architectures} };`, 'Acquire::Languages { "none"; };');
  return `${lines.join('\n')}\n`;
}

async function updateLists(root: AptRoot): Promise<void> {
  say(`Fetching the package lists of ${root.suite} (about 10 MB per architecture).`);
  const run = await execa('apt-get', ['update', '-q'], {
    env: root.env,
    stdin: 'ignore',
    stdout: ['inherit'],
    stderr: ['inherit', 'pipe'],
    reject: false,
  });
  // apt-get update exits 0 when some list failed for a passing reason; only the stamp says that all are there.
  if (run.exitCode !== 0 || /^[EW]: (Failed|Some index)/m.test(run.stderr)) {
    throw new Fault({
      code: 'not-found',
      message: `The package lists of the suite "${root.suite}" could not be fetched.`,
      remedy:
        "Check the network and that the mirrors in apt's sources carry this suite, or pass another with --suite.",
      detail: run.stderr.trim(),
    });
  }
  await writeFile(path.join(root.dir, 'updated'), '');
}

/** Opens the private root of `suite`, with fresh package lists. */
export async function openAptRoot(
  machine: AptMachine,
  suite: string,
  options: AptRootOptions = {},
): Promise<AptRoot> {
  const sources = sourcesForSuite(machine.sources, machine.codename, suite);
  if (sources.length === 0) {
    throw new Fault({
      code: 'not-found',
      message: `apt's sources on this machine name no mirror for ${machine.codename}, so none can be derived for "${suite}".`,
      remedy:
        'Set ARMOIRE_DEBIAN_MIRROR (a Debian mirror) and ARMOIRE_DEBIAN_KEYRING (its keyring file), and run this again.',
    });
  }
  const sourcesText = formatSources(sources);
  const identity = createHash('sha256')
    .update(`${sourcesText}${JSON.stringify(options)}`)
    .digest('hex')
    .slice(0, 8);
  const dir = path.join(stageDir, 'apt', `${suite}-${identity}`);
  const root: AptRoot = { suite, dir, env: { APT_CONFIG: path.join(dir, 'apt.conf'), LC_ALL: 'C.UTF-8' } };
  await withLock('apt', async () => {
    await mkdir(path.join(dir, 'lists', 'partial'), { recursive: true });
    await mkdir(path.join(dir, 'cache', 'archives', 'partial'), { recursive: true });
    await mkdir(path.join(dir, 'sources.d'), { recursive: true });
    await writeFile(path.join(dir, 'status'), '');
    await writeFile(path.join(dir, 'sources.d', 'private.sources'), sourcesText);
    await writeFile(path.join(dir, 'apt.conf'), await aptConf(dir, options));
    const updated = await stat(path.join(dir, 'updated')).catch(() => null);
    if (updated === null || Date.now() - updated.mtimeMs > listsMaxAgeMs) await updateLists(root);
  });
  return root;
}

/** The codename behind an alias such as `stable`, from the mirror's Release file. */
export async function suiteCodename(root: AptRoot): Promise<string> {
  const lists = path.join(root.dir, 'lists');
  for (const name of await readdir(lists)) {
    if (!name.endsWith('InRelease')) continue;
    const codename = /^Codename: (.+)$/m.exec(await readIfThere(path.join(lists, name)))?.[1];
    if (codename !== undefined && !codename.includes('-')) return codename;
  }
  return root.suite;
}

/** Version of `name` that the suite would install, or null when it has none. */
export async function candidateVersion(root: AptRoot, name: string): Promise<string | null> {
  const { stdout } = await execa('apt-cache', ['policy', name], { env: root.env });
  const candidate = /^ {2}Candidate: (.+)$/m.exec(stdout)?.[1];
  return candidate === undefined || candidate === '(none)' ? null : candidate;
}

/** The names that `name` depends on directly, as written. */
export async function directDependencies(root: AptRoot, name: string): Promise<string[]> {
  const { stdout } = await execa('apt-cache', ['show', '--no-all-versions', name], { env: root.env });
  const depends = /^Depends: (.+)$/m.exec(stdout)?.[1] ?? '';
  return depends.split(',').map((term) => term.trim().split(/[\s(|]/)[0] ?? '');
}

/** `packages` and all that they need which is not there yet (see `asInstalled`). */
export async function packageClosure(root: AptRoot, packages: readonly string[]): Promise<DebFile[]> {
  const { stdout } = await execa('apt-get', ['install', '--print-uris', '-qq', ...packages], {
    env: root.env,
  });
  return parsePrintUris(stdout);
}

/** `packages` alone, without what they need: for foreign packages of which only files are wanted. */
export async function packageFiles(root: AptRoot, packages: readonly string[]): Promise<DebFile[]> {
  const { stdout } = await execa('apt-get', ['download', '--print-uris', '-qq', ...packages], {
    env: root.env,
  });
  return parsePrintUris(stdout);
}

function downloadSpec(deb: DebFile): string {
  return deb.architecture === 'all'
    ? `${deb.name}=${deb.version}`
    : `${deb.name}:${deb.architecture}=${deb.version}`;
}

async function isFetched(deb: DebFile): Promise<boolean> {
  const there = await stat(path.join(debsDir, deb.fileName)).catch(() => null);
  return there?.size === deb.sizeBytes;
}

/** Says what is missing and how big it is, fetches it into the shared store (apt checks the hashes), returns the paths. */
export async function fetchDebs(root: AptRoot, debs: readonly DebFile[], purpose: string): Promise<string[]> {
  await withLock('debs', async () => {
    await mkdir(debsDir, { recursive: true });
    const missing: DebFile[] = [];
    for (const deb of debs) if (!(await isFetched(deb))) missing.push(deb);
    if (missing.length === 0) return;
    const total = missing.reduce((sum, deb) => sum + deb.sizeBytes, 0);
    say(`Fetching ${missing.length} packages of ${root.suite}, ${formatBytes(total)}, for ${purpose}.`);
    const run = await execa('apt-get', ['download', '-q', ...missing.map(downloadSpec)], {
      env: root.env,
      cwd: debsDir,
      stdin: 'ignore',
      stdout: ['inherit'],
      stderr: ['inherit', 'pipe'],
      reject: false,
    });
    if (run.exitCode !== 0) {
      throw new Fault({
        code: 'not-found',
        message: `Packages for ${purpose} could not be fetched.`,
        remedy: `Check the network and the free space, then run this again; if the mirror has moved on, delete ${root.dir} first.`,
        detail: run.stderr.trim(),
      });
    }
  });
  return debs.map((deb) => path.join(debsDir, deb.fileName));
}

/** Unpacks packages into `dir` (files only: no maintainer script runs). */
export async function extractDebs(debPaths: readonly string[], dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const deb of debPaths) {
    if (!existsSync(deb)) throw new Error(`${deb} is gone`);
    await execa('dpkg', ['-x', deb, dir]);
  }
}
