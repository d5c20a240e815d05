// The scripts in docs/snapshot-testing.md do what the page says: they are taken from it and run.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { env, inOwnLibrary, root } from './cli.testing.ts';
import { fixtureProgram } from './fixture-program.testing.ts';

inOwnLibrary();

const page = path.resolve(import.meta.dirname, '../docs/snapshot-testing.md');

/** `armoire` on PATH is this source; the page's named scripts are in the directory that is returned. */
async function unpack(): Promise<string> {
  const directory = path.join(root, 'scripts');
  await mkdir(directory);
  const armoire = path.join(directory, 'armoire');
  await writeFile(armoire, `#!/bin/sh\nexec '${process.execPath}' '${fixtureProgram('cli-program')}' "$@"\n`);
  await chmod(armoire, 0o755);
  const text = await readFile(page, 'utf8');
  for (const [, name = '', script = ''] of text.matchAll(/^```sh file=(\S+)\n(.*?)^```$/gms)) {
    await writeFile(path.join(directory, name), script);
    await chmod(path.join(directory, name), 0o755);
  }
  return directory;
}

it('the five-line test passes from the same point each time, and fails when the answer does not come', async () => {
  const directory = await unpack();
  const script = (name: string, ...words: string[]) =>
    execa('/bin/sh', ['-eu', path.join(directory, name), ...words], {
      env: { ...env, PATH: `${directory}:${process.env.PATH}` },
      stdin: 'ignore',
      reject: false,
    });
  const lines = (await readFile(path.join(directory, 'test.sh'), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(5);

  expect(await script('prepare.sh')).toMatchObject({ exitCode: 0, stderr: '' });
  for (const word of ['hello', 'again']) {
    const passed = await script('test.sh', word);
    expect(passed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(passed.stdout).toMatch(/test passed$/);
    expect(passed.stdout.match(new RegExp(`^${word}\\r?$`, 'gm'))).toHaveLength(1);
  }
  await writeFile(
    path.join(directory, 'broken.sh'),
    [...lines.slice(0, 3), "armoire send lab 'echo no' --wait '^yes$' --timeout 1", lines[4]].join('\n'),
  );
  const failed = await script('broken.sh', 'x');
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).not.toContain('test passed');
  expect(failed.stderr).toContain('/^yes$/m was not seen');
}, 180_000);
