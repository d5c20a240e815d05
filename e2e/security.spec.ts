// The server's door: who gets in, from which page, by which name.
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { expect, test } from './support/fixtures.ts';
import { makeSample } from './support/guest.ts';
import type { ArmoireServer } from './support/server.ts';

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** Not `fetch`, which does not let a caller choose `Host` and `Origin`. */
function statusOf(
  { origin }: ArmoireServer,
  path: string,
  { method = 'GET', headers = {} }: Asked = {},
): Promise<number> {
  return new Promise((done, fail) => {
    const asking = request(`${origin}${path}`, { method, headers }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    asking.once('error', fail);
    asking.end();
  });
}

/** 101 for one that opened. */
function upgradeStatus(
  { origin }: ArmoireServer,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((done) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers });
    socket.once('unexpected-response', (_request, answer) => done(answer.statusCode ?? 0));
    socket.once('open', () => {
      socket.close();
      done(101);
    });
    socket.on('error', () => undefined);
  });
}

test('without a session there is nothing to see and nothing to do', async ({ armoire }) => {
  const server = armoire.server();
  const own = { origin: server.origin };
  expect(await statusOf(server, '/')).toBe(401);
  expect(await statusOf(server, '/assets/')).toBe(401);
  expect(await statusOf(server, '/download?ticket=x')).toBe(401);
  expect(await statusOf(server, '/upload?name=x', { method: 'PUT', headers: own })).toBe(401);
  expect(await upgradeStatus(server, '/rpc', own)).toBe(401);
  expect(await upgradeStatus(server, '/bytes?ticket=x', own)).toBe(401);
});

test('the printed link works once', async ({ page, armoire, browser }) => {
  await armoire.logIn(page);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  const stranger = await browser.newPage();
  const again = await stranger.goto(armoire.server().loginUrl);
  expect(again?.status()).toBe(403);
  await expect(stranger.getByRole('heading')).toHaveText('This link was used already, or has expired');
  await stranger.close();
  // Whoever is in stays in.
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Library' })).toBeVisible();
});

test('another name for this computer, or another site’s page, is refused', async ({ armoire }) => {
  const server = armoire.server();
  const { cookie } = await armoire.client();
  const { port } = new URL(server.origin);
  expect(await statusOf(server, '/', { headers: { cookie } })).toBe(200);
  for (const host of [`rebound.example.org:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`]) {
    expect(await statusOf(server, '/', { headers: { cookie, host } }), host).toBe(403);
  }
  for (const origin of ['http://evil.example.org', 'null', `http://127.0.0.1:${Number(port) + 1}`]) {
    expect(await upgradeStatus(server, '/rpc', { cookie, origin }), origin).toBe(403);
    const put = { method: 'PUT', headers: { cookie, origin } };
    expect(await statusOf(server, '/upload?name=x', put), origin).toBe(403);
  }
  expect(await upgradeStatus(server, '/rpc', { cookie })).toBe(403);
  expect(await upgradeStatus(server, '/rpc', { cookie, origin: server.origin })).toBe(101);
});

test('a ticket is good once, and files outside of the allowed folders are not', async ({ armoire }) => {
  const server = armoire.server();
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'guarded', start: true });
  const { ticket } = await client.rpc.console.open({ id, console: 'uart0' });
  const headers = { cookie: client.cookie, origin: server.origin };
  expect(await upgradeStatus(server, `/bytes?ticket=${ticket}`, headers)).toBe(101);
  expect(await upgradeStatus(server, `/bytes?ticket=${ticket}`, headers)).not.toBe(101);
  for (const path of ['/etc/passwd', '/', join(armoire.directories.home, '../..')]) {
    await expect(client.rpc.host.listFiles({ path }), path).rejects.toMatchObject({
      data: { code: 'not-permitted' },
    });
  }
  await expect(client.rpc.host.inspectFile({ path: '/etc/shadow' })).rejects.toMatchObject({
    data: { code: 'not-permitted' },
  });
  for (const path of [
    '/../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '//etc/passwd',
  ]) {
    expect(await statusOf(server, path, { headers }), path).toBe(404);
  }
});

test('neither token nor cookie is written anywhere', async ({ page, armoire }) => {
  await armoire.logIn(page);
  const token = new URL(armoire.server().loginUrl).searchParams.get('token') ?? '';
  const [cookie] = await page.context().cookies();
  const { root } = armoire.directories;
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = await readFile(file, 'latin1');
    expect(text.includes(token) || text.includes(cookie?.value ?? token), file).toBe(false);
  }
});
