// A small program that scripts and tests need: this machine's own, or one staged from the distribution's packages.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { aptMachine, extractDebs, fetchDebs, openAptRoot, packageClosure } from './apt-root.ts';
import { withLock } from './lock.ts';
import { stageDir } from './paths.ts';

export interface Tool {
  program: string;
  env: Record<string, string>;
}

export interface ToolSpec {
  program: string;
  /** Of Debian and its relatives. */
  package: string;
  /** What the package is, for whoever waits. */
  what: string;
}

export const deviceTreeCompiler: ToolSpec = {
  program: 'dtc',
  package: 'device-tree-compiler',
  what: 'the device tree compiler',
};

/** Shows what a program opens. */
export const strace: ToolSpec = { program: 'strace', package: 'strace', what: 'the tracer of system calls' };

async function works({ program, env }: Tool): Promise<boolean> {
  const { failed } = await execa(program, ['--version'], { env, reject: false });
  return !failed;
}

async function staged({ program }: ToolSpec): Promise<Tool> {
  const directory = path.join(stageDir, program);
  const triplets = await readdir(path.join(directory, 'usr', 'lib')).catch(() => []);
  const libraries = triplets
    .filter((name) => name.includes('-linux-gnu'))
    .map((name) => path.join(directory, 'usr', 'lib', name));
  return {
    program: path.join(directory, 'usr', 'bin', program),
    env: { LD_LIBRARY_PATH: libraries.join(':') },
  };
}

/** null where it is neither there nor to be had. */
export async function findTool(spec: ToolSpec): Promise<Tool | null> {
  const own: Tool = { program: spec.program, env: {} };
  if (await works(own)) return own;
  const machine = await aptMachine();
  if (machine === null) return null;
  return withLock(spec.program, async () => {
    if (!existsSync((await staged(spec)).program)) {
      const root = await openAptRoot(machine, machine.codename, { asInstalled: true });
      const debs = await packageClosure(root, [spec.package]);
      await extractDebs(await fetchDebs(root, debs, spec.what), path.join(stageDir, spec.program));
    }
    return staged(spec);
  });
}
