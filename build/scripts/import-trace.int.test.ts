// What the import of images opens, seen by the system itself: nothing but the image and its copy, and no connection.
import { readFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { bystanders, makeAttackImages } from '../../src-main/images/attack-images.fixture.ts';
import { inTemporaryDirectory } from '../../src-main/lib/temporary.ts';
import { qemuEnvironment } from '../../src-main/qemu/process-environment.ts';
import { testQemu } from '../../src-main/qemu/testing.ts';
import { repoRoot } from './paths.ts';
import { findTool, strace } from './staged-tool.ts';

const tracer = await findTool(strace).catch((error: unknown) => {
  process.stderr.write(`Skipped: strace cannot be had here (${error}).\n`);
  return null;
});

/** A sandbox may forbid tracing. */
async function mayTrace(): Promise<boolean> {
  if (tracer === null) return false;
  const { failed, stderr } = await execa(tracer.program, ['-f', '-o', '/dev/null', 'true'], {
    env: tracer.env,
    reject: false,
  });
  if (failed) process.stderr.write(`Skipped: strace cannot trace here (${stderr.slice(0, 200)}).\n`);
  return !failed;
}

const traceable = await mayTrace();
const fixture = fileURLToPath(new URL('./import-trace.fixture.ts', import.meta.url));

interface Trace {
  answers: string[];
  opened: Set<string>;
  connects: string[];
}

async function traceImports(directory: string, imgPath: string, images: readonly string[]): Promise<Trace> {
  if (!tracer) throw new Error('no tracer');
  const log = path.join(directory, 'trace.log');
  const target = path.join(directory, 'copy.qcow2');
  const node = [process.execPath, '--import', 'tsx', fixture, imgPath, target, ...images];
  const words = ['-f', '-qq', '-s', '4096', '-e', 'trace=open,openat,connect', '-o', log, ...node];
  const { stdout } = await execa(tracer.program, words, { env: tracer.env, cwd: repoRoot });
  const lines = (await readFile(log, 'utf8')).split('\n');
  const opened = lines.flatMap((line) => /\bopen(?:at)?\((?:AT_FDCWD, )?"([^"]*)"/.exec(line)?.[1] ?? []);
  return {
    answers: stdout.split('\n'),
    opened: new Set(opened.map((file) => path.resolve(repoRoot, file))),
    // The loader of TypeScript looks for a parent of its own.
    connects: lines.filter((line) => line.includes('connect(') && !line.includes(`${os.tmpdir()}/tsx-`)),
  };
}

/** Programs, their libraries, and what every process reads. */
async function systemPlaces(imgPath: string): Promise<string[]> {
  const modules = await realpath(path.join(repoRoot, 'node_modules'));
  const bundle = path.dirname(path.dirname(await realpath(imgPath)));
  const node = path.dirname(path.dirname(await realpath(process.execPath)));
  const parents = [repoRoot, path.dirname(modules), node];
  const shared = ['/usr', '/lib', '/lib64', '/bin', '/proc', '/sys', '/dev', `${os.tmpdir()}/tsx-`];
  return [bundle, modules, ...parents, ...shared, '/etc/ld.so', '/etc/ssl', '/etc/localtime', '/etc/gnutls'];
}

describe.skipIf(!traceable)('an import, traced', () => {
  it('opens the image and its copy alone, and connects to nobody', { timeout: 120_000 }, () =>
    inTemporaryDirectory(async (directory) => {
      const { imgPath = '' } = await testQemu();
      const attacks = await makeAttackImages(directory, imgPath);
      const at = (name: string) => path.join(directory, name);
      const img = (...args: string[]) => execa(imgPath, args, { env: qemuEnvironment(), extendEnv: false });
      const sound = ['sound.qcow2', 'sound.vmdk', 'sound.vhdx'];
      for (const name of sound) await img('create', '-q', '-f', name.slice(6), at(name), '1M');
      const names = [...attacks.map(({ name }) => name), ...sound];
      const { answers, opened, connects } = await traceImports(directory, imgPath, names.map(at));

      expect(answers).toEqual([...attacks.map(() => 'image-refused'), ...sound.map(() => 'imported')]);
      expect(connects).toEqual([]);
      const inside = [...opened]
        .filter((file) => file.startsWith(directory))
        .map((file) => path.basename(file));
      const allowed = new Set([...names, 'copy.qcow2', 'copy.qcow2.partial', path.basename(directory)]);
      expect(inside.filter((name) => !allowed.has(name))).toEqual([]);
      expect(inside.filter((name) => bystanders.includes(name))).toEqual([]);
      const places = await systemPlaces(imgPath);
      const outside = [...opened].filter((file) => !file.startsWith(directory));
      expect(outside.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
      expect([...opened]).not.toContain('/etc/passwd');
    }),
  );
});
