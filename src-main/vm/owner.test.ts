import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootId, processStart } from '../lib/process-identity.ts';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { claimLibrary, type Owner, readOwner } from './owner.ts';

const claim = { mode: 'browser' as const, controlSocket: '/run/control.sock' };

async function ownerWith(changes: Partial<Owner>): Promise<Owner> {
  return {
    pid: process.pid,
    startTime: (await processStart(process.pid)) ?? '',
    hostName: hostname(),
    bootId: await bootId(),
    ...claim,
    ...changes,
  };
}

const put = (directory: string, owner: Owner) =>
  writeFile(path.join(directory, 'owner.json'), JSON.stringify(owner));

describe('claimLibrary', () => {
  it('gives a library to one and names that one to the next', () =>
    inTemporaryDirectory(async (directory) => {
      const ownership = await claimLibrary(directory, claim);
      expect(await readOwner(directory)).toMatchObject({ pid: process.pid, ...claim });
      await expect(claimLibrary(directory, { ...claim, mode: 'desktop' })).rejects.toMatchObject({
        data: { code: 'library-in-use', message: expect.stringContaining(`server (process ${process.pid})`) },
      });
      await ownership.release();
      expect(await readOwner(directory)).toBeNull();
      expect(await readdir(directory)).toEqual([]);
    }));

  it('takes over from a dead owner, also when its pid was given to another process', () =>
    inTemporaryDirectory(async (directory) => {
      const child = spawn('true');
      await once(child, 'exit');
      await put(directory, await ownerWith({ pid: child.pid ?? 0, startTime: '1' }));
      expect(await readOwner(directory)).toBeNull();
      await (await claimLibrary(directory, claim)).release();
      await put(directory, await ownerWith({ pid: 1, startTime: 'another' }));
      await (await claimLibrary(directory, claim)).release();
      await put(directory, await ownerWith({ bootId: 'an earlier start of this computer' }));
      await (await claimLibrary(directory, claim)).release();
      expect(await readdir(directory)).toEqual([]);
    }));

  it('takes over from half a file', () =>
    inTemporaryDirectory(async (directory) => {
      await writeFile(path.join(directory, 'owner.json'), '{"pid":');
      await (await claimLibrary(directory, claim)).release();
    }));

  it('does not take over from another computer, whose processes it cannot see', () =>
    inTemporaryDirectory(async (directory) => {
      await put(directory, await ownerWith({ hostName: 'elsewhere', pid: 1 }));
      await expect(claimLibrary(directory, claim)).rejects.toMatchObject({
        data: { code: 'library-in-use', message: expect.stringContaining('on elsewhere') },
      });
    }));

  it('does not remove the claim of who came after', () =>
    inTemporaryDirectory(async (directory) => {
      const ownership = await claimLibrary(directory, claim);
      const other = await ownerWith({ pid: 1, startTime: 'x' });
      await put(directory, other);
      await ownership.release();
      expect(JSON.parse(await readFile(path.join(directory, 'owner.json'), 'utf8'))).toEqual(other);
    }));

  it(
    'gives a stale library to exactly one of several processes that come at once',
    () =>
      inTemporaryDirectory(async (directory) => {
        await put(directory, await ownerWith({ pid: 1, startTime: 'stale' }));
        const module = JSON.stringify(path.resolve(import.meta.dirname, 'owner.ts'));
        const script = `
        const { claimLibrary } = await import(${module});
        await claimLibrary(${JSON.stringify(directory)}, ${JSON.stringify(claim)}).then(
          async () => { console.log('owner'); await new Promise((r) => setTimeout(r, 3000)); },
          (error) => console.log(error.code));`;
        const outcomes = await Promise.all(
          Array.from(
            { length: 4 },
            () =>
              new Promise<string>((resolve, reject) => {
                execFile(
                  process.execPath,
                  ['--import', 'tsx', '--input-type=module', '-e', script],
                  (error, stdout) => (error ? reject(error) : resolve(stdout.trim())),
                );
              }),
          ),
        );
        expect(outcomes.sort()).toEqual(['library-in-use', 'library-in-use', 'library-in-use', 'owner']);
      }),
    30_000,
  );
});
