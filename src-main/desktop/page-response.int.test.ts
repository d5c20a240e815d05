// app:// gives out the built page with its policy, and nothing else of the disk.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageResponse } from './page-response.ts';

let root: string;

beforeAll(async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), 'armoire-page-'));
  root = path.join(scratch, 'renderer');
  await mkdir(root);
  await writeFile(path.join(root, 'index.html'), 'page');
  await writeFile(path.join(scratch, 'secret'), 'secret');
});

afterAll(() => rm(path.dirname(root), { recursive: true, force: true }));

const get = (url: string, method = 'GET') => pageResponse({ url, method }, root);

it('the page comes with its content security policy', async () => {
  const response = await get('app://armoire/index.html#/new');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('page');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self';");
});

it.each([
  'app://armoire/../secret',
  'app://armoire/%2e%2e/secret',
  'app://armoire/..%2fsecret',
  'app://armoire//etc/passwd',
  'app://evil/index.html',
  'file:///etc/passwd',
])('%s is not there', async (url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('Not found');
});

it('nothing can be sent to it', async () => {
  expect((await get('app://armoire/index.html', 'POST')).status).toBe(404);
});
