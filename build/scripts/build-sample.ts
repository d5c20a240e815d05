// `npm run sample:build`: builds the sample guest from its source; with --check it compares instead of replacing.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { Fault } from '../../src-main/contract/fault.ts';
import { repoRoot } from './paths.ts';
import { formatBytes, isProgram, runScript, say } from './script.ts';

export const sampleDir = path.join(repoRoot, 'resources', 'sample');
export const sampleBinary = path.join(sampleDir, 'sample-virt.elf');

const compilerName = 'aarch64-linux-gnu-gcc';

const compilerFlags = [
  '-std=gnu11',
  '-Os',
  '-Wall',
  '-Wextra',
  '-ffreestanding',
  '-fno-builtin',
  '-fno-pic',
  '-fno-stack-protector',
  '-fno-asynchronous-unwind-tables',
  '-fno-unwind-tables',
  '-fno-ident',
  // Else the loop of memcpy() becomes a call of memcpy().
  '-fno-tree-loop-distribute-patterns',
  // Any AArch64 CPU, and with the MMU off: all memory is then Device memory, which refuses unaligned accesses.
  '-mcpu=generic',
  '-mgeneral-regs-only',
  '-mstrict-align',
  '-mno-outline-atomics',
];

const linkerFlags = [
  '-nostdlib',
  '-static',
  '-no-pie',
  '-Wl,-T,sample.ld,--build-id=none,--strip-all,-z,noexecstack,-z,max-page-size=4096',
];

/** BUILD.json: which tools made the committed binary, and from what. */
export const buildRecord = z.strictObject({
  /** First line of the compiler's and the linker's `--version`. */
  compiler: z.string(),
  linker: z.string(),
  /** SHA-256 of flags and sources, see `sourceDigest`. */
  source: z.string(),
  binary: z.strictObject({ bytes: z.number(), sha256: z.string() }),
});
export type BuildRecord = z.infer<typeof buildRecord>;

export type Toolchain = Pick<BuildRecord, 'compiler' | 'linker'>;

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Relative paths of all that goes into the binary, in the order in which it is linked. */
async function sourceFiles(directory: string): Promise<string[]> {
  const names = (await readdir(path.join(directory, 'src'))).filter((name) => /\.[chS]$/.test(name));
  return ['sample.ld', ...names.sort().map((name) => `src/${name}`)];
}

/** Changes whenever the flags, a source file's name or its contents change. */
export async function sourceDigest(directory: string): Promise<string> {
  const parts = [...compilerFlags, ...linkerFlags];
  for (const file of await sourceFiles(directory)) {
    parts.push(file, sha256(await readFile(path.join(directory, file))));
  }
  return sha256(JSON.stringify(parts));
}

async function firstLine(program: string, args: string[]): Promise<string> {
  const { stdout } = await execa(program, args);
  return stdout.split('\n')[0] ?? '';
}

async function findToolchain(): Promise<Toolchain | null> {
  const compiler = await firstLine(compilerName, ['--version']).catch(() => null);
  if (compiler === null) return null;
  const linker = await firstLine(await firstLine(compilerName, ['-print-prog-name=ld']), ['--version']);
  return { compiler, linker };
}

/** Compiles with relative paths only, so that the binary does not depend on where the sources are. */
export async function compileSample(directory: string): Promise<Buffer> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'armoire-sample-'));
  const binary = path.join(scratch, 'sample.elf');
  try {
    const sources = (await sourceFiles(directory)).filter((file) => /\.[cS]$/.test(file));
    await execa(compilerName, [...compilerFlags, ...linkerFlags, '-o', binary, ...sources], {
      cwd: directory,
      stderr: ['inherit', 'pipe'],
    });
    return await readFile(binary);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What speaks against the committed binary, without building anything. */
export function recordProblems(record: BuildRecord, source: string, binary: Buffer): string[] {
  const problems: string[] = [];
  if (record.source !== source) problems.push('the source changed since sample-virt.elf was built');
  if (record.binary.sha256 !== sha256(binary))
    problems.push('sample-virt.elf is not the one that BUILD.json describes');
  return problems;
}

/** Why a fresh build cannot be compared byte by byte; null when it can. */
export function whyNotComparable(record: Toolchain, found: Toolchain | null): string | null {
  if (found === null) return `${compilerName} is not on PATH`;
  if (found.compiler !== record.compiler) return `the compiler is ${found.compiler}, not ${record.compiler}`;
  if (found.linker !== record.linker) return `the linker is ${found.linker}, not ${record.linker}`;
  return null;
}

function missingToolchain(): Fault {
  return new Fault({
    code: 'not-found',
    message: `${compilerName} is not on PATH.`,
    remedy:
      'Install the cross compiler: the packages gcc-aarch64-linux-gnu and binutils-aarch64-linux-gnu (Debian, Ubuntu, Fedora), or aarch64-linux-gnu-gcc (Arch).',
  });
}

async function build(): Promise<void> {
  const toolchain = await findToolchain();
  if (toolchain === null) throw missingToolchain();
  const binary = await compileSample(sampleDir);
  const record: BuildRecord = {
    ...toolchain,
    source: await sourceDigest(sampleDir),
    binary: { bytes: binary.length, sha256: sha256(binary) },
  };
  await writeFile(sampleBinary, binary);
  await writeFile(path.join(sampleDir, 'BUILD.json'), `${JSON.stringify(record, null, 2)}\n`);
  say(
    `Built ${path.relative(repoRoot, sampleBinary)}: ${formatBytes(binary.length)}, by ${toolchain.compiler}.`,
  );
}

export async function readBuildRecord(): Promise<BuildRecord> {
  return buildRecord.parse(JSON.parse(await readFile(path.join(sampleDir, 'BUILD.json'), 'utf8')));
}

async function check(): Promise<void> {
  const record = await readBuildRecord();
  const committed = await readFile(sampleBinary);
  const problems = recordProblems(record, await sourceDigest(sampleDir), committed);
  const skipped = whyNotComparable(record, await findToolchain());
  if (skipped === null && problems.length === 0) {
    const fresh = await compileSample(sampleDir);
    if (!fresh.equals(committed)) problems.push('a fresh build by the same tools gives another binary');
  }
  if (problems.length > 0) {
    throw new Fault({
      code: 'damaged',
      message: `The committed sample guest is out of step: ${problems.join('; ')}.`,
      remedy: 'Run `npm run sample:build` and commit sample-virt.elf together with BUILD.json.',
    });
  }
  say('sample-virt.elf is the one that BUILD.json describes, and its source is unchanged.');
  say(
    skipped === null
      ? 'A fresh build gives the same bytes.'
      : `Skipped the comparison with a fresh build: ${skipped}.`,
  );
}

if (isProgram(import.meta.url)) {
  await runScript(async () => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
    await (values.check ? check() : build());
  });
}
