// Builds the app when what is in out/ is not made from the present sources.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { Fault } from '../../src-main/contract/fault.ts';
import { withLock } from './lock.ts';
import { repoRoot } from './paths.ts';
import { say } from './script.ts';

const sources = [
  'src-main',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

const stampFile = path.join(repoRoot, 'out', 'build-stamp');
const outputs = ['out/main/main.js', 'out/main/server.js', 'out/main/cli.js', 'out/renderer/index.html'];

/** Big, made by a script of its own, and read at run time only. */
const notBuilt = path.join('resources', 'qemu');

async function filesBelow(relative: string): Promise<string[]> {
  if (relative === notBuilt || /\.test\.tsx?$/.test(relative)) return [];
  const absolute = path.join(repoRoot, relative);
  const facts = await stat(absolute).catch(() => null);
  if (facts === null) return [];
  if (facts.isFile()) return [relative];
  const names = (await readdir(absolute)).sort();
  return (await Promise.all(names.map((name) => filesBelow(path.join(relative, name))))).flat();
}

/** Of contents, not times: a fresh checkout of the same sources needs no new build. */
async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesBelow(source)) {
      hash.update(`\0${file}\0`).update(await readFile(path.join(repoRoot, file)));
    }
  }
  return hash.digest('hex');
}

/** The outputs' times tell a build that was made past this script, from other sources; null while one is missing. */
async function stampFor(hash: string): Promise<string | null> {
  const times: number[] = [];
  for (const file of outputs) {
    const facts = await stat(path.join(repoRoot, file)).catch(() => null);
    if (facts === null) return null;
    times.push(facts.mtimeMs);
  }
  return `${hash} ${times.join(' ')}\n`;
}

async function isBuilt(hash: string): Promise<boolean> {
  const stamp = await stampFor(hash);
  return stamp !== null && (await readFile(stampFile, 'utf8').catch(() => null)) === stamp;
}

/** Builds with electron-vite, unless `force` is false and out/ is current. Throws a `Fault` when the build fails. */
export async function buildApp({ force = false } = {}): Promise<void> {
  // Looked at before the lock too: someone who may only read the sources can still run what is built.
  if (!force && (await isBuilt(await sourcesHash()))) return;
  await withLock('build', async () => {
    const hash = await sourcesHash();
    if (!force && (await isBuilt(hash))) return;
    say('Building the app.');
    const program = path.join(repoRoot, 'node_modules', '.bin', 'electron-vite');
    const run = await execa(program, ['build'], { cwd: repoRoot, stdio: 'inherit', reject: false });
    if (run.exitCode !== 0) {
      throw new Fault({
        code: 'internal',
        message: 'The app could not be built.',
        remedy: 'Read the messages above; if packages are missing, run `npm ci` first.',
      });
    }
    const stamp = await stampFor(hash);
    if (stamp === null) throw new Error(`the build made no ${outputs.join(', no ')}`);
    await writeFile(stampFile, stamp);
  });
}
