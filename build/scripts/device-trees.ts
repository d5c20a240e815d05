// The device trees that ship with Armoire: compiled from their committed sources, and checked against them.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readDeviceTree } from '../../src-main/boards/device-tree.ts';
import { deviceTreeSource } from '../../src-main/boards/device-tree-source.ts';
import { Fault } from '../../src-main/contract/fault.ts';
import { aptMachine, extractDebs, fetchDebs, openAptRoot, packageClosure } from './apt-root.ts';
import { withLock } from './lock.ts';
import { repoRoot, stageDir } from './paths.ts';
import { formatBytes, isProgram, runScript, say } from './script.ts';

export const deviceTreesDir = path.join(repoRoot, 'resources', 'boards', 'device-trees');
const stagedDir = path.join(stageDir, 'dtc');

interface Compiler {
  program: string;
  env: Record<string, string>;
}

async function works(compiler: Compiler): Promise<boolean> {
  const { failed } = await execa(compiler.program, ['--version'], { env: compiler.env, reject: false });
  return !failed;
}

async function stagedCompiler(): Promise<Compiler> {
  const triplets = await readdir(path.join(stagedDir, 'usr', 'lib')).catch(() => []);
  const libraries = triplets
    .filter((name) => name.includes('-linux-gnu'))
    .map((name) => path.join(stagedDir, 'usr', 'lib', name));
  return {
    program: path.join(stagedDir, 'usr', 'bin', 'dtc'),
    env: { LD_LIBRARY_PATH: libraries.join(':') },
  };
}

/** The device tree compiler of this machine, or one staged from the distribution's packages; null where there is none. */
export async function findCompiler(): Promise<Compiler | null> {
  const own: Compiler = { program: 'dtc', env: {} };
  if (await works(own)) return own;
  const machine = await aptMachine();
  if (machine === null) return null;
  return withLock('dtc', async () => {
    if (!existsSync((await stagedCompiler()).program)) {
      const root = await openAptRoot(machine, machine.codename, { asInstalled: true });
      const debs = await packageClosure(root, ['device-tree-compiler']);
      await extractDebs(await fetchDebs(root, debs, 'the device tree compiler'), stagedDir);
    }
    return stagedCompiler();
  });
}

/** Throws Fault `bad-input` for source that does not compile without a warning. */
export async function compileDeviceTree({ program, env }: Compiler, source: string): Promise<Buffer> {
  const { stdout, stderr, exitCode } = await execa(program, ['-I', 'dts', '-O', 'dtb', source], {
    env,
    encoding: 'buffer',
    reject: false,
  });
  const words = Buffer.from(stderr).toString();
  if (exitCode === 0 && words.trim() === '') return Buffer.from(stdout);
  throw new Fault({
    code: 'bad-input',
    message: `${path.basename(source)} does not compile cleanly.`,
    remedy: 'Correct the source: the device tree compiler’s words are below.',
    detail: words,
  });
}

/** Sources beside which a compiled tree lies, by full path. */
export async function deviceTreeSources(): Promise<string[]> {
  const names = await readdir(deviceTreesDir);
  return names.filter((name) => name.endsWith('.dts')).map((name) => path.join(deviceTreesDir, name));
}

export const compiledFile = (source: string) => source.replace(/\.dts$/, '.dtb');

/** The same nodes and properties: another version of the compiler may lay them out differently. */
export function sameTree(a: Uint8Array, b: Uint8Array): boolean {
  return deviceTreeSource(readDeviceTree(a)) === deviceTreeSource(readDeviceTree(b));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const compiler = await findCompiler();
  if (compiler === null) {
    throw new Fault({
      code: 'not-found',
      message: 'There is no device tree compiler here.',
      remedy: 'Install the package device-tree-compiler (Debian, Ubuntu) or dtc (Fedora, Arch).',
    });
  }
  for (const source of await deviceTreeSources()) {
    const fresh = await compileDeviceTree(compiler, source);
    const target = compiledFile(source);
    if (!values.check) {
      await writeFile(target, fresh);
      say(`Compiled ${path.relative(repoRoot, target)}: ${formatBytes(fresh.length)}.`);
    } else if (!sameTree(fresh, await readFile(target))) {
      throw new Fault({
        code: 'damaged',
        message: `${path.basename(target)} is not what its source compiles to.`,
        remedy: 'Run `npm run device-trees` and commit it together with the source.',
      });
    }
  }
  if (values.check) say('Every compiled device tree is what its source says.');
}

if (isProgram(import.meta.url)) await runScript(main);
