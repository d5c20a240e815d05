// The page and its server part company: what comes back by itself, and what the page says meanwhile.
import type { WebSocketRoute } from '@playwright/test';
import { MachinePage } from './pages/machine.ts';
import { expect, test } from './support/fixtures.ts';
import { talk } from './support/talk.ts';

test.use({ expectedErrors: /WebSocket connection to|Failed to load resource|Failed to fetch dynamically/ });

test('a connection that breaks comes back by itself, with nothing lost and nothing twice', async ({
  page,
  armoire,
}) => {
  const connections: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/bytes\?/, (socket) => {
    socket.connectToServer();
    connections.push(socket);
  });
  await armoire.logIn(page);
  const { console, guest } = await talk(page, armoire);
  guest.type('count 40\r');
  await console.shows(/^count 10$/);
  await connections.at(-1)?.close({ code: 1001 });
  await expect(console.region).toHaveAttribute('data-console-state', 'reconnecting');
  await console.isLive();
  await console.shows(/^count 40$/);
  // The rows in view hold the last lines, across the break.
  const numbers = (await console.lines())
    .flatMap((line) => /^count (\d+)$/.exec(line)?.[1] ?? [])
    .map(Number);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  expect(numbers.length).toBeGreaterThan(15);
});

test('a screen that could not be loaded is there once the server is', async ({ page, armoire }) => {
  let refusals = Number.POSITIVE_INFINITY;
  let refused = 0;
  await page.route(/\/assets\/settings-[^/]*\.js$/, async (route) => {
    if (refusals-- > 0) {
      refused++;
      await route.abort();
    } else await route.continue();
  });
  await armoire.logIn(page);
  // Screens are fetched ahead while the page has nothing else to do: in vain.
  let before = 0;
  const noMore = () => {
    const last = before;
    before = refused;
    return refused > 0 && refused === last;
  };
  await expect.poll(noMore, { intervals: [500] }).toBe(true);
  // Once more, when it is to be shown.
  refusals = 1;
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  expect(refused).toBe(before + 1);
});

test('after a restart the page says that it must sign in again, and then shows all that was printed', async ({
  loggedIn: page,
  armoire,
}) => {
  const { guest } = await talk(page, armoire);
  guest.type('count\r');
  await guest.printed('count 5\r\n');
  await armoire.server().kill();
  await expect(page.getByText('Connection to Armoire lost.')).toBeVisible();
  await armoire.restart();
  await expect(page.getByText('This browser is not signed in.')).toBeVisible({ timeout: 60_000 });
  await armoire.logIn(page);
  const machine = new MachinePage(page);
  await machine.open(guest.id, 'console');
  await machine.console.isLive();
  await machine.console.run('');
  await machine.console.shows(/^count \d+\n.*armoire>/);
});
