// A manager in a process of its own, for tests that kill it: opens the app, says so, and does what it is told.
import { createRouterClient } from '@orpc/server';
import { createApp } from './app.ts';
import type { Directories } from './lib/directories.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

interface Orders {
  directories: Directories;
  resourcesDir: string;
  /** A VM to start. */
  start?: string;
  /** A procedure to call, such as `snapshots.take`, and what to call it with. */
  call?: { procedure: string; input: unknown };
  /** The step of an operation at which this process is killed. */
  dieAt?: OperationStep;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const app = await createApp({
  mode: 'browser',
  directories: orders.directories,
  resourcesDir: orders.resourcesDir,
  version: 'test',
  shell: {},
  onStep: (_machine, step) => {
    if (step === orders.dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('open\n');
if (orders.start !== undefined) {
  await createRouterClient(app.router).vms.start({ id: orders.start });
  process.stdout.write('started\n');
}
if (orders.call) {
  const [area = '', name = ''] = orders.call.procedure.split('.');
  const client = createRouterClient(app.router) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const outcome = await client[area]?.[name]?.(orders.call.input).then(
    () => 'done',
    (error: unknown) => `failed ${String(error)}`,
  );
  process.stdout.write(`${outcome}\n`);
}
// Stays until it is killed.
setInterval(() => undefined, 60_000);
