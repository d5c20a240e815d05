// The browser's way in, over real sockets: who gets in, who does not, and what they can reach.
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpFixture, httpFixture } from './http.fixture.ts';
import { serveHttp } from './http.ts';

let http: HttpFixture;

beforeEach(async () => {
  http = await httpFixture();
});

afterEach(() => http.end());

describe('login', () => {
  it('exchanges the link for a cookie, once, and hides the token from what comes after', async () => {
    const url = new URL(http.server.loginUrl());
    const first = await http.ask('GET', url.pathname + url.search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^armoire-${http.server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    expect(first.headers['referrer-policy']).toBe('no-referrer');
    expect(first.headers['cache-control']).toBe('no-store');
    const again = await http.ask('GET', url.pathname + url.search);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('This link was used already');
    expect(again.body).not.toContain(url.searchParams.get('token'));
  });

  it('from a page of another site: leads on by a page of its own, so that the cookie comes along', async () => {
    const url = new URL(http.server.loginUrl());
    const answer = await http.ask('GET', url.pathname + url.search, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toHaveLength(1);
    expect(answer.body).toContain('<meta http-equiv="refresh" content="0;url=/">');
  });

  it.each(['/login', '/login?token=', '/login?token=guess'])('refuses %s', async (target) => {
    expect((await http.ask('GET', target)).status).toBe(403);
  });

  it('without it there is no page, file, upload, download or socket', async () => {
    const origin = http.server.origin;
    expect((await http.ask('GET', '/')).status).toBe(401);
    expect((await http.ask('GET', '/index.html')).status).toBe(401);
    expect((await http.ask('PUT', '/upload?name=a', { origin, 'content-length': '0' })).status).toBe(401);
    const ticket = http.served.tickets.issue({ kind: 'download', path: '/etc/hostname', fileName: 'x' });
    expect((await http.ask('GET', `/download?ticket=${ticket}`)).status).toBe(401);
    expect(http.served.tickets.redeem(ticket)).toBeDefined();
    await expect(http.dial('/rpc', { origin })).rejects.toThrow('401');
    await expect(http.dial(`/bytes?ticket=${http.served.echoTicket()}`, { origin })).rejects.toThrow('401');
  });

  it('a made-up cookie is none', async () => {
    const cookie = `armoire-${http.server.port}=${'A'.repeat(43)}`;
    expect((await http.ask('GET', '/', { cookie })).status).toBe(401);
  });
});

describe('Host', () => {
  it.each(['evil.example', 'localhost', '127.0.0.1:1'])('refuses %s even with a session', async (host) => {
    const cookie = await http.logIn();
    const answer = await http.ask('GET', '/', { cookie, host });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain(host);
    await expect(http.dial('/rpc', { cookie, host, origin: `http://${host}` })).rejects.toThrow('403');
  });

  it('also before a token is looked at', async () => {
    const url = new URL(http.server.loginUrl());
    expect((await http.ask('GET', url.pathname + url.search, { host: 'evil.example' })).status).toBe(403);
    expect((await http.ask('GET', url.pathname + url.search)).status).toBe(303);
  });

  it('takes localhost with the port', async () => {
    const cookie = await http.logIn();
    expect((await http.ask('GET', '/', { cookie, host: `localhost:${http.server.port}` })).status).toBe(200);
  });
});

describe('Origin', () => {
  it.each([undefined, 'http://evil.example', 'null', 'http://127.0.0.1:1'])(
    'of %s: no change and no socket',
    async (origin) => {
      const headers: Record<string, string> = { cookie: await http.logIn(), ...(origin && { origin }) };
      expect((await http.ask('PUT', '/upload?name=a', headers, 'x')).status).toBe(403);
      await expect(http.dial('/rpc', headers)).rejects.toThrow('403');
      await expect(http.dial(`/bytes?ticket=${http.served.echoTicket()}`, headers)).rejects.toThrow('403');
      expect(await readdir(http.scratch)).not.toContain('uploads');
    },
  );

  it.each(['POST', 'DELETE', 'PATCH', 'OPTIONS'])('%s from another site is refused', async (method) => {
    const cookie = await http.logIn();
    expect((await http.ask(method, '/', { cookie, origin: 'http://evil.example' })).status).toBe(403);
  });
});

describe('the page', () => {
  it('comes with a policy that allows no foreign script, frame or connection', async () => {
    const answer = await http.ask('GET', '/', { cookie: await http.logIn() });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('<!doctype html>page');
    const policy = answer.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${http.server.port};`);
    expect(policy).not.toContain('unsafe-eval');
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('has no way out of its folder', async () => {
    await writeFile(path.join(http.scratch, 'secret'), 'secret');
    const cookie = await http.logIn();
    for (const target of ['/../secret', '/%2e%2e/secret', '/..%2fsecret', '//secret']) {
      expect((await http.ask('GET', target, { cookie })).status, target).toBe(404);
    }
  });

  it('answers HEAD without a body', async () => {
    const answer = await http.ask('HEAD', '/', { cookie: await http.logIn() });
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '19', '']);
  });
});

it('nonsense on the line hurts nobody', async () => {
  for (const text of [
    '\0\0\0',
    'GET\r\n\r\n',
    'GET http:// HTTP/1.1\r\nHost: \r\n\r\n',
    'GET //[ HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const socket = connect(http.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.end(text);
    await once(socket, 'close');
  }
  expect((await http.ask('GET', '/', { cookie: await http.logIn() })).status).toBe(200);
});

it('a busy port is named, with a free one', async () => {
  const busy = serveHttp({
    served: http.served,
    rendererDir: http.scratch,
    uploadDirectory: path.join(http.scratch, 'uploads'),
    host: '127.0.0.1',
    port: http.server.port,
    log: () => undefined,
  });
  await expect(busy).rejects.toMatchObject({
    code: 'port-unusable',
    data: { remedy: expect.stringMatching(/^Port \d+ is free: --port \d+$/) },
  });
});

it('an address of another computer is refused', async () => {
  const foreign = serveHttp({
    served: http.served,
    rendererDir: http.scratch,
    uploadDirectory: path.join(http.scratch, 'uploads'),
    host: '192.0.2.1',
    port: 0,
    log: () => undefined,
  });
  await expect(foreign).rejects.toMatchObject({ code: 'bad-input' });
});
