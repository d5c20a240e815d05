// Port forwards: made on a running machine and seen to carry bytes, and busy ports told with a free one.
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { guestFiles } from '../build/scripts/guests.ts';
import { Fields } from './pages/fields.ts';
import { MachinePage } from './pages/machine.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs, makeSample, makeVm, vmOf, watchGuest } from './support/guest.ts';

const { arm64 } = guestFiles();

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listen();
  await new Promise((done) => server.close(done));
  return port;
}

/** What is read from the port until it closes; empty when nobody listens there. */
function readFrom(port: number): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes) => {
      text += bytes.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(text));
  });
}

test('a forward added to a running machine carries bytes at once, and none when it is taken away', async ({
  loggedIn: page,
  armoire,
}) => {
  const client = await armoire.client();
  const source = { kind: 'kernel' as const, kernel: arm64.kernel, initrd: arm64.initrd };
  const { id } = await makeVm(client, source, { name: 'server', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed('~ # ', bootMs);
  guest.type('udhcpc -q -i eth0 && while echo online; do echo said by the guest | nc -l -p 8000; done &\r');
  await guest.printed(/^online\r$/m, bootMs);

  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const fields = new Fields(machine.main);
  const port = await freePort();
  const save = machine.main.getByRole('button', { name: 'Save', exact: true });
  const saved = page.getByText('Saved.').last();
  await machine.main.getByRole('button', { name: 'Add a forward' }).click();
  await fields.number('Port here', port);
  await fields.number('Port in the guest', 8000);
  await expect(machine.main.getByRole('region', { name: 'Unsaved changes' })).toContainText(
    'At once: Port forwards.',
  );
  await save.click();
  await expect(saved).toBeVisible();
  await expect.poll(() => readFrom(port)).toBe('said by the guest\n');
  expect((await vmOf(client, id)).run?.definitionChanged).toBe(false);

  await machine.main.getByRole('button', { name: `Remove the forward from port ${port}` }).click();
  await save.click();
  await expect.poll(() => readFrom(port)).toBe('');
});

test('a busy port is named, and one click takes a free one', async ({ loggedIn: page, armoire }) => {
  const { server, port } = await listen();
  const client = await armoire.client();
  const { id } = await makeSample(client, {
    name: 'crowded',
    adjust: (definition) => ({ ...definition, network: { ...definition.network, mode: 'user' } }),
    start: true,
  });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const fields = new Fields(machine.main);
  await machine.main.getByRole('button', { name: 'Add a forward' }).click();
  await fields.number('Port here', port);
  const problem = fields.problem(`Port ${port} of this computer is in use by`);
  await expect(problem).toBeVisible();
  const save = machine.main.getByRole('button', { name: 'Save', exact: true });
  await expect(save).toBeDisabled();
  await problem.getByRole('button', { name: /^Use \d+$/ }).click();
  await expect(problem).toBeHidden();
  await save.click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const { definition } = await vmOf(client, id);
  const taken = definition?.network.forwards[0]?.hostPort ?? 0;
  expect(taken).not.toBe(port);
  // QEMU listens there now: nobody else can.
  const rival = createServer();
  const refused = new Promise((done) => rival.once('error', done));
  rival.listen(taken, '127.0.0.1');
  expect(await refused).toMatchObject({ code: 'EADDRINUSE' });
  server.close();
});
