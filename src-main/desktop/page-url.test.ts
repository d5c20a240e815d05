// Only the app's own page counts as ours, however an address is dressed up.
import { describe, expect, it } from 'vitest';
import { consoleHash, consoleOf, filePathOf, isPage, isWebLink, pageUrl } from './page-url.ts';
import { mayUse } from './permissions.ts';

const place = { vmId: '3f1f4e0a-7f55-4a52-9c0e-0d7a3c1f2b11', console: 'uart1' };

it.each([
  'app://armoire/index.html',
  'app://armoire/',
  'app://armoire/index.html#/vm/1/console',
  pageUrl('#/new'),
])('%s is a page of ours', (url) => expect(isPage(url)).toBe(true));

it.each([
  'app://armoire/other.html',
  'app://evil/index.html',
  'app://armoire.evil.example/index.html',
  'app://armoire:80/index.html',
  'app://user@armoire/index.html',
  'https://armoire/index.html',
  'file:///index.html',
  'javascript:alert(1)',
  'data:text/html,app://armoire/index.html',
  'about:blank',
  '',
])('%j is not', (url) => {
  expect(isPage(url)).toBe(false);
  expect(consoleOf(url)).toBeUndefined();
});

describe('console windows', () => {
  it('are found again by their address', () => {
    expect(consoleOf(pageUrl(consoleHash(place)))).toEqual(place);
  });

  it.each([
    '#/console/1/uart0',
    `#/console/${place.vmId}/uart0/x`,
    `#/console/${place.vmId}/`,
    '#/',
    `#/console/${place.vmId}/../x`,
  ])('%s is none', (hash) => expect(consoleOf(pageUrl(hash))).toBeUndefined());
});

it('files have paths on our host only', () => {
  expect(filePathOf('app://armoire/assets/a.js?x#y')).toBe('/assets/a.js');
  expect(filePathOf('app://armoire/../../etc/passwd')).toBe('/etc/passwd');
  expect(filePathOf('app://other/assets/a.js')).toBeUndefined();
});

it.each([
  ['https://example.org/', true],
  ['http://example.org/', true],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['vscode://open?x', false],
  ['no url', false],
])('%s is a web link: %s', (url, expected) => expect(isWebLink(url)).toBe(expected));

it.each([
  ['clipboard-read', pageUrl(), true],
  ['clipboard-sanitized-write', 'app://armoire/', true],
  ['clipboard-read', 'https://evil.example/', false],
  ['media', pageUrl(), false],
  ['notifications', pageUrl(), false],
  ['openExternal', pageUrl(), false],
])('%s for %s: %s', (permission, url, expected) => expect(mayUse(permission, url)).toBe(expected));
