// Exact host names against DNS rebinding, exact origins against other sites.
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { acceptedHosts, hasAcceptedHost, isLoopback, isSameOrigin, namesOf, urlHost } from './origin.ts';

function asked(headers: Record<string, string>): IncomingMessage {
  return { headers } as unknown as IncomingMessage;
}

describe('host names', () => {
  const hosts = acceptedHosts(namesOf('127.0.0.1', ['192.168.1.7'], 'desk'), 7420);

  it.each(['127.0.0.1:7420', 'localhost:7420', 'LOCALHOST:7420'])('takes %s', (host) => {
    expect(hasAcceptedHost(asked({ host }), hosts)).toBe(true);
  });

  it.each([
    'evil.example:7420',
    'localhost.evil.example:7420',
    '127.0.0.1:7421',
    '127.0.0.1',
    'localhost',
    '192.168.1.7:7420',
    'desk:7420',
    '127.0.0.1:7420.evil.example',
    'user@127.0.0.1:7420',
    '',
  ])('refuses %j', (host) => {
    expect(hasAcceptedHost(asked({ host }), hosts)).toBe(false);
  });

  it('refuses a request without one', () => {
    expect(hasAcceptedHost(asked({}), hosts)).toBe(false);
  });

  it('of a server on every interface: its addresses and its name', () => {
    const wide = acceptedHosts(namesOf('0.0.0.0', ['192.168.1.7', 'fe80::1'], 'Desk'), 80);
    expect([...wide].sort()).toEqual(
      [
        '127.0.0.1',
        '127.0.0.1:80',
        '192.168.1.7',
        '192.168.1.7:80',
        '[fe80::1]',
        '[fe80::1]:80',
        'desk',
        'desk:80',
        'localhost',
        'localhost:80',
      ].sort(),
    );
  });

  it('writes IPv6 addresses as URLs do', () => {
    expect(urlHost('::1')).toBe('[::1]');
    expect(urlHost('127.0.0.1')).toBe('127.0.0.1');
  });
});

describe('origins', () => {
  const host = '127.0.0.1:7420';

  it('takes its own', () => {
    expect(isSameOrigin(asked({ host, origin: 'http://127.0.0.1:7420' }))).toBe(true);
  });

  it.each([
    'http://127.0.0.1:7421',
    'http://localhost:7420',
    'https://127.0.0.1:7420',
    'http://evil.example',
    'http://127.0.0.1:7420.evil.example',
    'null',
    '',
  ])('refuses %j', (origin) => {
    expect(isSameOrigin(asked({ host, origin }))).toBe(false);
  });

  it('refuses a request without one', () => {
    expect(isSameOrigin(asked({ host }))).toBe(false);
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.7', false],
  ['127.evil.example', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
