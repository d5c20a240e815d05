// What every browser spec starts from: a server in directories of its own, a page logged in to it, and the proof that
// nothing is left when it ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { guestFiles } from '../../build/scripts/guests.ts';
import { cookieName } from '../../src-main/transport/auth.ts';
import { connectClient, type ServerClient } from './client.ts';
import { allVms, reaches } from './guest.ts';
import { leftBehind } from './left-behind.ts';
import { watchPage } from './page-errors.ts';
import {
  type ArmoireServer,
  cleanUp,
  makeDirectories,
  type ServerDirectories,
  startServer,
} from './server.ts';

export interface Armoire {
  readonly directories: ServerDirectories;
  server(): ArmoireServer;
  /** Starts the server again on the same library and port, after `server().kill()` or `server().stop()`. */
  restart(): Promise<ArmoireServer>;
  /** Logs the page's browser in with the one-time link of the server. */
  logIn(page: Page): Promise<void>;
  /** Speaks for the same session as the page that logged in; before that, logs in itself. */
  client(): Promise<ServerClient>;
  /** Gives `page` the session, for a second browser. */
  share(page: Page): Promise<void>;
}

interface Options {
  serverEnv: Readonly<Record<string, string>>;
  serverArgs: readonly string[];
  /** The server runs as a user whom file permissions bind, and asks QEMU by itself. */
  unprivileged: boolean;
  /** Matches errors in the page's console that the test provokes. */
  expectedErrors: RegExp | null;
}

interface WorkerFixtures {
  /** Shared: asking QEMU what it can do takes a second, and the answer is the same for every server. */
  probeCache: string;
}

export { expect };

export const test = base.extend<Options & { armoire: Armoire; loggedIn: Page }, WorkerFixtures>({
  serverEnv: [{}, { option: true }],
  serverArgs: [[], { option: true }],
  unprivileged: [false, { option: true }],
  expectedErrors: [null, { option: true }],

  probeCache: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      const directory = await mkdtemp(join(tmpdir(), 'arm-e2e-cache-'));
      await use(directory);
      await rm(directory, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  armoire: async ({ serverEnv, serverArgs, unprivileged, probeCache }, use) => {
    const directories = await makeDirectories();
    const env = {
      ...(unprivileged ? {} : { ARMOIRE_CACHE: probeCache }),
      ARMOIRE_FILES: guestsDirectory(),
      ...serverEnv,
    };
    const start = (...more: string[]) =>
      startServer({ directories, env, unprivileged, args: [...serverArgs, ...more] });
    const session = new Session(await start());
    try {
      await use({
        directories,
        server: () => session.server,
        async restart() {
          session.renew(await start('--port', new URL(session.server.origin).port));
          return session.server;
        },
        logIn: (page) => session.logIn(page),
        client: () => session.client(),
        share: (page) => session.share(page),
      });
      await endAll(session, directories);
    } finally {
      session.close();
      await session.server.stop();
      await cleanUp(directories);
    }
  },

  // After the server's start and before its end, which a page left open would complain about.
  page: async ({ armoire: _armoire, page, expectedErrors }, use) => {
    const errors = watchPage(page);
    await use(page);
    expect(errors(expectedErrors), 'errors in the page’s console').toEqual([]);
  },

  /** The page, logged in and showing the library. */
  loggedIn: async ({ page, armoire }, use) => {
    await armoire.logIn(page);
    await use(page);
  },
});

function guestsDirectory(): string {
  const { uefiIso } = guestFiles();
  return join(uefiIso, '..');
}

/** One login for the page and for the client beside it, since the server's link is good for one. */
class Session {
  server: ArmoireServer;
  private cookie: string | undefined;
  private connected: Promise<ServerClient> | undefined;

  constructor(server: ArmoireServer) {
    this.server = server;
  }

  async logIn(page: Page): Promise<void> {
    await page.goto(this.server.loginUrl);
    await expect(page.getByRole('navigation', { name: 'Library' })).toBeVisible();
    // Cookies are shared by all ports: those of servers that ended may still be there.
    const name = cookieName(Number(new URL(this.server.origin).port));
    const cookies = await page.context().cookies(this.server.origin);
    const value = cookies.find((cookie) => cookie.name === name)?.value;
    if (value) this.cookie = `${name}=${value}`;
  }

  async client(): Promise<ServerClient> {
    this.connected ??= connectClient(this.server, this.cookie);
    const client = await this.connected;
    this.cookie = client.cookie;
    return client;
  }

  async share(page: Page): Promise<void> {
    const [name = '', value = ''] = (await this.client()).cookie.split('=', 2);
    await page
      .context()
      .addCookies([{ name, value, url: this.server.origin, httpOnly: true, sameSite: 'Strict' }]);
    await page.goto(this.server.origin);
  }

  renew(server: ArmoireServer): void {
    this.close();
    this.server = server;
    this.cookie = undefined;
  }

  close(): void {
    void this.connected?.then((client) => client.close()).catch(() => undefined);
    this.connected = undefined;
  }
}

/** Ends every VM through Armoire, then Armoire itself; what is then still there should not be. */
async function endAll(session: Session, directories: ServerDirectories): Promise<void> {
  const client = await session.client();
  const alive = (await allVms(client)).filter(({ run }) => run !== undefined);
  for (const { id } of alive) await client.rpc.vms.forceStop({ id });
  for (const { id } of alive) await reaches(client, id, 'stopped');
  session.close();
  await session.server.stop();
  await expect.poll(() => leftBehind(directories), { message: 'left behind', timeout: 5_000 }).toEqual([]);
  expect(defects(session.server.output()), 'defects that the server reported').toEqual([]);
}

/** A server prints its address and no more, unless something in it broke. */
function defects(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line !== '' && !/^Armoire is ready|^The link logs one/.test(line));
}
