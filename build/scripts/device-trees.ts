// The device trees that ship with Armoire: compiled from their committed sources, and checked against them.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readDeviceTree } from '../../src-main/boards/device-tree.ts';
import { deviceTreeSource } from '../../src-main/boards/device-tree-source.ts';
import { Fault } from '../../src-main/contract/fault.ts';
import { repoRoot } from './paths.ts';
import { formatBytes, isProgram, runScript, say } from './script.ts';
import { deviceTreeCompiler, findTool, type Tool } from './staged-tool.ts';

export const deviceTreesDir = path.join(repoRoot, 'resources', 'boards', 'device-trees');

/** The device tree compiler of this machine, or one staged from the distribution's packages; null where there is none. */
export const findCompiler = () => findTool(deviceTreeCompiler);

/** Throws Fault `bad-input` for source that does not compile without a warning. */
export async function compileDeviceTree({ program, env }: Tool, source: string): Promise<Buffer> {
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
