// Routes to addresses and back.
import { describe, expect, test } from 'vitest';
import { formatRoute, parseRoute, type Route } from './routes.ts';

describe('routes', () => {
  const routes: Route[] = [
    { page: 'library' },
    { page: 'vm', id: 'b3f1', tab: 'hardware' },
    { page: 'vm', id: 'b3f1', tab: 'console', console: 'uart1' },
    { page: 'console', id: 'b3f1', console: 'uart0' },
    { page: 'new' },
    { page: 'new', source: 'kernel' },
    { page: 'settings' },
  ];

  test.each(routes)('$page survives being an address', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  test('what is not a page is the library', () => {
    for (const hash of ['', '#', '#/', '#/nonsense', '#/vm', '#/vm/', '#/console/x']) {
      expect(parseRoute(hash)).toEqual({ page: 'library' });
    }
  });

  test('an unknown tab is the overview', () => {
    expect(parseRoute('#/vm/b3f1/nonsense')).toEqual({ page: 'vm', id: 'b3f1', tab: 'overview' });
  });

  test('an unknown source leaves the choice open', () => {
    expect(parseRoute('#/new/nonsense')).toEqual({ page: 'new' });
  });

  test('a stray percent sign is taken as it is', () => {
    expect(parseRoute('#/vm/100%/log')).toEqual({ page: 'vm', id: '100%', tab: 'log' });
  });
});
