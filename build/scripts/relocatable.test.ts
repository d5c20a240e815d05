// The launcher of a bundle, run by the real shell with a stand-in for the loader that prints what it is given:
// the real loader cannot be made to show its arguments.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcherScript, parseLoaderList } from './relocatable.ts';

describe('parseLoaderList', () => {
  it('tells found from missing libraries', () => {
    const text = [
      '\tlinux-vdso.so.1 (0x00007ffd2f1f2000)',
      '\tlibaio.so.1t64 => /opt/a b/lib/libaio.so.1t64 (0x00007f2f4e000000)',
      '\tlibgone.so.3 => not found',
      '\t/lib64/ld-linux-x86-64.so.2 => /opt/lib/ld-linux-x86-64.so.2 (0x00007f2f4e5b0000)',
    ].join('\n');
    expect([...parseLoaderList(text)]).toEqual([
      ['libaio.so.1t64', '/opt/a b/lib/libaio.so.1t64'],
      ['libgone.so.3', null],
      ['/lib64/ld-linux-x86-64.so.2', '/opt/lib/ld-linux-x86-64.so.2'],
    ]);
  });
});

describe.runIf(process.platform !== 'win32')('launcherScript', () => {
  let scratch: string;
  const makeBundle = (name: string): string => {
    const root = path.join(scratch, name);
    for (const dir of ['bin', 'lib', 'libexec']) mkdirSync(path.join(root, dir), { recursive: true });
    const loader = '#!/bin/sh\nprintf "pid %s\\n" "$$"\nprintf "%s\\n" "$MODULES" "$@"\n';
    writeFileSync(path.join(root, 'lib', 'ld.so'), loader, { mode: 0o755 });
    const launcher = launcherScript('ld.so', 'tool', 'MODULES=$root/modules ', ' -L "$root/share"');
    writeFileSync(path.join(root, 'bin', 'tool'), launcher, { mode: 0o755 });
    return root;
  };
  const lines = (text: string) => text.trimEnd().split('\n').slice(1);
  const expected = (root: string, args: string[]) => [
    `${root}/modules`,
    '--library-path',
    `${root}/lib`,
    `${root}/libexec/tool`,
    '-L',
    `${root}/share`,
    ...args,
  ];

  beforeEach(() => {
    scratch = mkdtempSync(path.join(os.tmpdir(), 'armoire-launcher-'));
  });
  afterEach(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it('finds its bundle from a path with spaces and quotes, with an empty environment', () => {
    const root = makeBundle("a b's $HOME");
    const out = execFileSync(path.join(root, 'bin', 'tool'), ['-name', 'x  y'], {
      env: {},
      encoding: 'utf8',
    });
    expect(lines(out)).toEqual(expected(root, ['-name', 'x  y']));
  });

  it('finds it through absolute and relative symlinks', () => {
    const root = makeBundle('real');
    mkdirSync(path.join(scratch, 'elsewhere'));
    symlinkSync(path.join(root, 'bin', 'tool'), path.join(scratch, 'elsewhere', 'first'));
    symlinkSync('first', path.join(scratch, 'elsewhere', 'second'));
    const link = './second';
    const out = execFileSync(link, [], { cwd: path.join(scratch, 'elsewhere'), encoding: 'utf8' });
    expect(lines(out)).toEqual(expected(root, []));
  });

  it('becomes the program: the pid that was started is the one that runs', () => {
    const root = makeBundle('exec');
    const run = spawnSync(path.join(root, 'bin', 'tool'), [], { encoding: 'utf8' });
    expect(run.stdout.split('\n')[0]).toBe(`pid ${run.pid}`);
  });

  it('says why a path with a colon does not work', () => {
    const root = makeBundle('a:b');
    const run = spawnSync(path.join(root, 'bin', 'tool'), [], { encoding: 'utf8' });
    expect(run.status).toBe(127);
    expect(run.stderr).toContain('cannot run from a path with a colon');
  });
});
