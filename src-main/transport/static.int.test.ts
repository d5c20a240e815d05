// The page's files are found, and nothing else of the disk.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findStaticFile } from './static.ts';

let scratch: string;
let root: string;

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'armoire-static-')));
  root = path.join(scratch, 'renderer');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await mkdir(path.join(scratch, 'renderer-secret'));
  await writeFile(path.join(scratch, 'secret.txt'), 'secret');
  await writeFile(path.join(scratch, 'renderer-secret/a.txt'), 'secret');
  await writeFile(path.join(root, 'index.html'), '<!doctype html>');
  await writeFile(path.join(root, '.hidden'), 'hidden');
  await writeFile(path.join(root, 'assets/index-DqUp_3xZ.js'), '1');
  await writeFile(path.join(root, 'assets/with space.css'), '1');
  await symlink(path.join(scratch, 'secret.txt'), path.join(root, 'leak.txt'));
  await symlink(scratch, path.join(root, 'out'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('what is there', () => {
  it('the page itself, always asked for afresh', async () => {
    expect(await findStaticFile(root, '/')).toEqual({
      path: path.join(root, 'index.html'),
      sizeBytes: 15,
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'no-cache',
    });
  });

  it('a hashed asset, kept by the browser for good', async () => {
    const file = await findStaticFile(root, '/assets/index-DqUp_3xZ.js');
    expect(file?.contentType).toBe('text/javascript; charset=utf-8');
    expect(file?.cacheControl).toBe('private, max-age=31536000, immutable');
  });

  it('a name that needs escaping', async () => {
    const file = await findStaticFile(root, '/assets/with%20space.css');
    expect(file?.path).toBe(path.join(root, 'assets/with space.css'));
    expect(file?.cacheControl).toBe('no-cache');
  });
});

it.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/../renderer-secret/a.txt',
  '/leak.txt',
  '/out/secret.txt',
  '/.hidden',
  '/assets',
  '/missing.js',
  '/index.html%00.js',
  '/%E0%A4%A',
  '//etc/passwd',
])('finds nothing at %s', async (url) => {
  expect(await findStaticFile(root, url)).toBeUndefined();
});
