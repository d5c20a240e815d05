// The committed sample guest belongs to the committed source, and the script notices when it does not.
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readBuildRecord,
  recordProblems,
  sampleBinary,
  sampleDir,
  sourceDigest,
  whyNotComparable,
} from './build-sample.ts';

it('the committed binary was built from the committed source', async () => {
  const binary = await readFile(sampleBinary);
  expect(recordProblems(await readBuildRecord(), await sourceDigest(sampleDir), binary)).toEqual([]);
});

it('the committed binary is a small AArch64 executable', async () => {
  const binary = await readFile(sampleBinary);
  expect(binary.subarray(0, 6).toString('latin1')).toBe('\x7fELF\x02\x01');
  expect(binary.readUInt16LE(18)).toBe(183); // EM_AARCH64
  expect(binary.length).toBeLessThan(64 * 1024);
});

it('another binary or another source is a problem', async () => {
  const record = await readBuildRecord();
  expect(recordProblems(record, 'other', Buffer.from('other'))).toHaveLength(2);
});

describe('the digest of the source', () => {
  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'armoire-sample-test-'));
    await cp(sampleDir, copy, { recursive: true });
  });
  afterEach(() => rm(copy, { recursive: true, force: true }));

  it('does not depend on the place', async () => {
    expect(await sourceDigest(copy)).toBe(await sourceDigest(sampleDir));
  });

  it.each(['sample.ld', 'src/start.S', 'src/fdt.c', 'src/fdt.h'])('changes with %s', async (file) => {
    const text = await readFile(path.join(copy, file), 'utf8');
    await writeFile(path.join(copy, file), `${text}\n`);
    expect(await sourceDigest(copy)).not.toBe(await sourceDigest(sampleDir));
  });

  it('changes with the name of a file', async () => {
    await rename(path.join(copy, 'src/fill.c'), path.join(copy, 'src/zfill.c'));
    expect(await sourceDigest(copy)).not.toBe(await sourceDigest(sampleDir));
  });
});

describe('a fresh build', () => {
  const record = { compiler: 'gcc 12', linker: 'ld 2.40' };

  it('is compared when the tools are the recorded ones', () => {
    expect(whyNotComparable(record, { ...record })).toBeNull();
  });

  it.each([
    [null, 'not on PATH'],
    [{ ...record, compiler: 'gcc 13' }, 'the compiler is gcc 13, not gcc 12'],
    [{ ...record, linker: 'ld 2.41' }, 'the linker is ld 2.41, not ld 2.40'],
  ])('is not compared with %j', (found, reason) => {
    expect(whyNotComparable(record, found)).toContain(reason);
  });
});
