// Uploads and downloads over real sockets.
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpFixture, httpFixture } from './http.fixture.ts';

let http: HttpFixture;

beforeEach(async () => {
  http = await httpFixture();
});

afterEach(() => http.end());

describe('upload and download', () => {
  const put = async (target: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    http.ask('PUT', target, { ...(await http.own()), ...headers }, body);

  it('an upload tells where it is kept', async () => {
    const body = Buffer.alloc(3_000_000, 7);
    const answer = await put('/upload?name=Image%20%CE%A9', body, { 'content-length': String(body.length) });
    expect(answer.status).toBe(200);
    const file = path.join(http.uploads, 'Image Ω');
    expect(JSON.parse(answer.body)).toEqual({ path: file });
    expect((await readFile(file)).equals(body)).toBe(true);
  });

  it.each(['..%2Fx', '', '.ssh', 'a%00b'])('name %j is refused', async (name) => {
    const answer = await put(`/upload?name=${name}`, 'x', { 'content-length': '1' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'bad-input' });
  });

  it('one of unknown size is refused', async () => {
    expect((await put('/upload?name=a', 'x', { 'transfer-encoding': 'chunked' })).status).toBe(411);
  });

  it('one that does not fit on the disk is refused before it is read', async () => {
    const call = request({
      host: '127.0.0.1',
      port: http.server.port,
      method: 'PUT',
      path: '/upload?name=huge.iso',
      headers: { cookie: await http.logIn(), origin: http.server.origin, 'content-length': String(2 ** 60) },
    });
    call.on('error', () => undefined);
    call.flushHeaders();
    const [response] = await once(call, 'response');
    expect(response.statusCode).toBe(507);
    call.destroy();
    expect(await readdir(http.uploads)).toEqual([]);
  });

  it('one that the browser gives up leaves nothing', async () => {
    const cookie = await http.logIn();
    const call = request({
      host: '127.0.0.1',
      port: http.server.port,
      method: 'PUT',
      path: '/upload?name=a',
      headers: { cookie, origin: http.server.origin, 'content-length': '1000000' },
    });
    call.on('error', () => undefined);
    call.write(Buffer.alloc(1000));
    await expect.poll(() => readdir(http.uploads).catch(() => [])).toHaveLength(1);
    call.destroy();
    await expect.poll(() => readdir(http.uploads)).toEqual([]);
    expect(http.lines).toEqual([]);
  });

  it('a download works once, by its ticket', async () => {
    const file = path.join(http.scratch, 'uart0.log');
    await writeFile(file, 'guest says hello');
    const ticket = http.served.tickets.issue({ kind: 'download', path: file, fileName: 'uart0 Ω.log' });
    const cookie = await http.logIn();
    const answer = await http.ask('GET', `/download?ticket=${ticket}`, { cookie });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('guest says hello');
    expect(answer.headers['content-disposition']).toContain("filename*=UTF-8''uart0%20%CE%A9.log");
    expect((await http.ask('GET', `/download?ticket=${ticket}`, { cookie })).status).toBe(404);
  });

  it('a console ticket is no download', async () => {
    const answer = await http.ask('GET', `/download?ticket=${http.served.echoTicket()}`, {
      cookie: await http.logIn(),
    });
    expect(answer.status).toBe(404);
  });
});
