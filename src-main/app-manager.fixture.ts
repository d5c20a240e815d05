// A manager in a process of its own, for tests that kill it: opens the app, says so, and does what it is told.
import { createRouterClient } from '@orpc/server';
import { createApp } from './app.ts';
import type { CreateRequest } from './contract/vm.ts';
import type { Directories } from './lib/directories.ts';

interface Orders {
  directories: Directories;
  resourcesDir: string;
  /** A VM to start. */
  start?: string;
  /** A VM to create. */
  create?: CreateRequest;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const app = await createApp({
  mode: 'browser',
  directories: orders.directories,
  resourcesDir: orders.resourcesDir,
  version: 'test',
  shell: {},
});
process.stdout.write('open\n');
if (orders.start !== undefined) {
  await createRouterClient(app.router).vms.start({ id: orders.start });
  process.stdout.write('started\n');
}
if (orders.create !== undefined) {
  await createRouterClient(app.router).vms.create({ request: orders.create, start: false });
  process.stdout.write('created\n');
}
// Stays until it is killed.
setInterval(() => undefined, 60_000);
