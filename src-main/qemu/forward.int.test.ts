// Port forwards of a running QEMU: made, refused, taken away.
import net from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import type { PortForward } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { addForward, findFreePort, isPortFree, removeForward } from './forward.ts';
import { definitionWith, faultOf, inTemporaryDirectory, testQemu } from './testing.ts';
import { withGuest } from './testing-guest.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

const forward = (hostPort: number): PortForward => ({
  protocol: 'tcp',
  hostAddress: '127.0.0.1',
  hostPort,
  guestPort: 22,
});

async function withBusyPort<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await work(typeof address === 'object' && address ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('a forward can be made and taken away while the machine runs; a busy port is told with a free one', async () => {
  const network = { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] } as const;
  const definition = definitionWith({ machine: 'virt', network: { ...network, forwards: [] } });
  await inTemporaryDirectory(async (directory) => {
    await withGuest(definition, directory, qemu, async ({ qmp }) => {
      await withBusyPort(async (busy) => {
        const free = (await findFreePort(forward(busy))) ?? 0;
        expect(await isPortFree(forward(free), free)).toBe(true);

        await addForward(qmp, forward(free), 0);
        expect(await accepts(free)).toBe(true);
        await removeForward(qmp, forward(free));
        expect(await accepts(free)).toBe(false);
        await removeForward(qmp, forward(free));

        const fault = await faultOf(addForward(qmp, forward(busy), 2));
        expect(fault.data).toMatchObject({ code: 'port-unusable', field: '/network/forwards/2/hostPort' });
        const suggested = fault.data.fix?.steps[0];
        if (suggested?.op !== 'set') throw new Error('no suggestion');
        await addForward(qmp, forward(Number(suggested.value)), 2);
        expect(await accepts(Number(suggested.value))).toBe(true);
      });
    });
  });
});

test('free and busy ports are told apart, for TCP and UDP', async () => {
  await withBusyPort(async (busy) => {
    expect(await isPortFree(forward(busy), busy)).toBe(false);
    expect(await isPortFree({ ...forward(busy), protocol: 'udp' }, busy)).toBe(true);
    expect(await isPortFree({ ...forward(busy), hostAddress: '203.0.113.9' }, busy)).toBe(false);
  });
});
