import { access, readdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { consoleLog, pidOf, prompt, qemusOf, snapshot, watchConsole, withTestApp } from './app.testing.ts';
import { createApp } from './app.ts';
import type { VmEvent, VmState } from './contract/vm.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });

describe('the life of a VM', () => {
  it('goes from the wizard to a prompt, through every state, and back to nothing', () =>
    withTestApp(async (test) => {
      const { client } = test;
      const events: VmEvent[] = [];
      const watch = await client.vms.watch();
      const watching = (async () => {
        for await (const event of watch) events.push(event);
      })();

      const vm = await test.createSample();
      expect(vm).toMatchObject({ state: 'running', run: { findings: [], definitionChanged: false } });
      const console = await watchConsole(test, vm.id);
      await console.expect('Armoire sample guest');
      await console.expect(prompt);
      console.type('echo hello from the test\r');
      await console.expect('\r\nhello from the test');

      expect((await client.vms.pause({ id: vm.id })).state).toBe('paused');
      console.type('echo typed while paused\r');
      await sleep(100);
      expect(console.text()).not.toContain('typed while paused');
      expect((await client.vms.resume({ id: vm.id })).state).toBe('running');
      await console.expect('\r\ntyped while paused');

      await client.vms.reset({ id: vm.id });
      await console.expect('Armoire sample guest');
      await console.expect(prompt);
      console.type('reboot\r');
      await console.expect('Armoire sample guest');
      await console.expect(prompt);
      expect((await client.vms.log({ id: vm.id })).text).toContain('The guest restarted itself.');

      console.type('poweroff\r');
      await expect.poll(async () => (await test.state(vm.id)).state).toBe('stopped');
      expect((await test.state(vm.id)).lastExit).toMatchObject({ kind: 'guest-shutdown' });
      expect(console.text()).toBe(await consoleLog(test, vm.id));

      await client.vms.delete({ id: vm.id });
      expect(await snapshot(client)).toEqual([]);
      expect(await readdir(test.directories.library)).toEqual(['owner.json', 'uploads']);
      const left = await readdir(test.directories.runtime);
      expect(left).toEqual([]);

      await watch.return?.();
      await watching;
      const states = events.flatMap((event) => (event.type === 'changed' ? [event.vm.state] : []));
      expect(distinct(states)).toEqual(['stopped', 'starting', 'running', 'paused', 'running', 'stopped']);
      const numbers = events.map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    }));

  it('presses the power button, and ends QEMU by force when the guest ignores it', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      const stopping = await test.client.vms.shutdown({ id: vm.id });
      expect(['stopping', 'stopped']).toContain(stopping.state);
      if (stopping.state === 'stopping') expect(stopping.run?.shutdownRequestedAt).toBeDefined();
      if ((await test.state(vm.id)).state !== 'stopped') {
        await test.client.vms.forceStop({ id: vm.id }).catch(() => undefined);
      }
      await expect.poll(async () => (await test.state(vm.id)).state).toBe('stopped');
      expect(await qemusOf(test.directories)).toEqual([]);
    }));

  it('runs on when the app closes, and is there again when it opens, with all that it printed', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      const before = await watchConsole(test, vm.id);
      await before.expect(prompt);
      before.type('count 20\r');
      await before.expect('count 3');
      await test.reopen();
      const again = await test.state(vm.id);
      expect(again).toMatchObject({
        state: 'running',
        run: { pid: pidOf(vm), startedAt: vm.run?.startedAt },
      });
      const after = await watchConsole(test, vm.id);
      await after.expect('count 19\r\ncount 20\r\n');
      const counted = [...after.text().matchAll(/count (\d+)\r\n/g)].map(([, number]) => Number(number));
      expect(counted.slice(-21)).toEqual(Array.from({ length: 21 }, (_, index) => index));
      after.type('echo still listening\r');
      await after.expect('\r\nstill listening');
    }));

  it('can be started again, and its console goes on where it ended', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      const console = await watchConsole(test, vm.id);
      await console.expect(prompt);
      await test.client.vms.forceStop({ id: vm.id });
      await expect.poll(async () => (await test.state(vm.id)).lastExit?.kind).toBe('force-stop');
      const again = await test.client.vms.start({ id: vm.id });
      expect(pidOf(again)).not.toBe(pidOf(vm));
      expect(again.lastExit).toBeUndefined();
      await console.expect(prompt);
      console.type('echo second life\r');
      await console.expect('\r\nsecond life');
    }));

  it('refuses what its state does not allow', () =>
    withTestApp(async (test) => {
      const { id } = await test.createSample();
      const { client } = test;
      await expect(client.vms.start({ id })).rejects.toMatchObject(fault('wrong-state'));
      await expect(client.vms.resume({ id })).rejects.toMatchObject(fault('wrong-state'));
      await expect(client.vms.delete({ id })).rejects.toMatchObject(fault('wrong-state'));
      await expect(
        client.vms.clone({ id, name: 'Copy', kind: 'copy', snapshot: null, start: false }),
      ).rejects.toMatchObject(fault('wrong-state'));
      await client.vms.forceStop({ id });
      await expect.poll(async () => (await test.state(id)).state).toBe('stopped');
      await expect(client.vms.pause({ id })).rejects.toMatchObject(fault('wrong-state'));
      await expect(client.vms.forceStop({ id })).rejects.toMatchObject(fault('wrong-state'));
    }));

  it('starts once when two windows click at the same time', () =>
    withTestApp(async (test) => {
      const { id } = await test.createSample({}, false);
      const results = await Promise.allSettled([
        test.client.vms.start({ id }),
        test.client.vms.start({ id }),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await qemusOf(test.directories)).toHaveLength(1);
    }));

  it('waits halted when asked to, and runs at a word', () =>
    withTestApp(async (test) => {
      const debug = { gdb: { enabled: false, port: 1234 }, startHalted: true, semihosting: false };
      const vm = await test.createSample({ debug });
      expect(vm.state).toBe('paused');
      const console = await watchConsole(test, vm.id);
      await sleep(200);
      expect(console.text()).toBe('');
      await test.client.vms.resume({ id: vm.id });
      await console.expect(prompt);
    }));
});

describe('editing', () => {
  it('lets the first of two windows win and tells the other', () =>
    withTestApp(async (test) => {
      const { id, revision, definition } = await test.createSample({}, false);
      if (!definition) throw new Error('no definition');
      const first = await test.client.vms.update({
        id,
        revision,
        definition: { ...definition, note: 'first' },
      });
      expect(first.revision).toBe(revision + 1);
      await expect(
        test.client.vms.update({ id, revision, definition: { ...definition, note: 'second' } }),
      ).rejects.toMatchObject(fault('conflict'));
      expect((await test.state(id)).definition?.note).toBe('first');
    }));

  it('of a running VM says that a restart is needed, or that it is not', () =>
    withTestApp(async (test) => {
      const { id, revision, definition } = await test.createSample();
      if (!definition) throw new Error('no definition');
      const noted = await test.client.vms.update({
        id,
        revision,
        definition: { ...definition, note: 'words' },
      });
      expect(noted.run?.definitionChanged).toBe(false);
      const larger = { ...definition, memoryMiB: 256 };
      const changed = await test.client.vms.update({ id, revision: noted.revision, definition: larger });
      expect(changed.run?.definitionChanged).toBe(true);
      await test.reopen();
      expect((await test.state(id)).run?.definitionChanged).toBe(true);
    }));

  it('forwards ports of a running VM at once, all or none', () =>
    withTestApp(async (test) => {
      const network = {
        mode: 'user',
        model: 'virtio-net-pci',
        mac: '52:54:00:12:34:56',
        forwards: [],
      } as const;
      const vm = await test.createSample({ network: { ...network, forwards: [] } });
      if (!vm.definition) throw new Error('no definition');
      const busy = net.createServer().listen(0, '127.0.0.1');
      const free = net.createServer().listen(0, '127.0.0.1');
      try {
        await Promise.all(
          [busy, free].map((server) => new Promise((resolve) => server.once('listening', resolve))),
        );
        const freePort = portOf(free);
        await new Promise((resolve) => free.close(resolve));
        const to = (hostPort: number) =>
          ({ protocol: 'tcp', hostAddress: '127.0.0.1', hostPort, guestPort: 22 }) as const;
        const withForwards = (...ports: number[]) => ({
          ...(vm.definition as NonNullable<typeof vm.definition>),
          network: { ...network, forwards: ports.map(to) },
        });
        await expect(
          test.client.vms.update({
            id: vm.id,
            revision: vm.revision,
            definition: withForwards(freePort, portOf(busy)),
          }),
        ).rejects.toMatchObject({
          data: { code: 'port-unusable', fix: { label: expect.stringContaining('Use') } },
        });
        expect(await accepts(freePort)).toBe(false);

        const edited = await test.client.vms.update({
          id: vm.id,
          revision: vm.revision,
          definition: withForwards(freePort),
        });
        expect(edited.run?.definitionChanged).toBe(false);
        expect(await accepts(freePort)).toBe(true);
        await test.reopen();
        const again = await test.state(vm.id);
        await test.client.vms.update({ id: vm.id, revision: again.revision, definition: withForwards() });
        expect(await accepts(freePort)).toBe(false);
      } finally {
        busy.close();
        free.close();
      }
    }));
});

describe('creating', () => {
  it('refuses what would not start, with the field and the way out, and makes nothing', () =>
    withTestApp(async (test) => {
      await expect(test.createSample({ cpu: 'cortex-m3' })).rejects.toMatchObject({
        data: { code: 'bad-input', field: '/cpu', fix: { label: expect.any(String) } },
      });
      expect(await snapshot(test.client)).toEqual([]);
      expect(await readdir(test.directories.library)).toEqual(['owner.json', 'uploads']);
    }));

  it('asks QEMU itself before anything is made', () =>
    withTestApp(async (test) => {
      const file = path.join(test.directories.library, 'uploads', 'program.bin');
      await writeFile(file, Buffer.alloc(512));
      // What the rules do not foresee: the second would lie over the first.
      const loaders = [
        { file, address: '0x48000000', core: 0 },
        { file, address: '0x48000100' },
      ];
      await expect(test.createSample({ boot: { kind: 'loader' }, loaders })).rejects.toMatchObject({
        data: { code: 'bad-input', field: '/loaders' },
      });
      expect(await snapshot(test.client)).toEqual([]);
    }));

  it('names the field of input that is no definition at all', () =>
    withTestApp(async (test) => {
      await expect(test.createSample({ name: 'two\nlines' })).rejects.toMatchObject(fault('bad-input'));
    }));

  it('takes names and paths with commas, quotes, spaces, equals signs, other scripts and leading dashes', () =>
    withTestApp(async (test) => {
      const name = `-a,b="c" 'd'=e, Größe 日本 🎉`;
      const vm = await test.createSample({ name });
      const console = await watchConsole(test, vm.id);
      await console.expect(prompt);
      expect((await test.state(vm.id)).definition?.name).toBe(name);
    }));

  it('copies a VM with its own identity', () =>
    withTestApp(async (test) => {
      const one = await test.createSample({}, false);
      const two = await test.client.vms.clone({
        id: one.id,
        name: 'Copy',
        kind: 'copy',
        snapshot: null,
        start: false,
      });
      expect(two.definition?.network.mac).not.toBe(one.definition?.network.mac);
      await test.client.vms.start({ id: two.id });
      await (await watchConsole(test, two.id)).expect(prompt);
      expect((await test.state(one.id)).state).toBe('stopped');
    }));
});

describe('a library', () => {
  it('is one app’s at a time, and free again when that one closes', () =>
    withTestApp(async (test) => {
      const options = {
        mode: 'desktop',
        directories: test.directories,
        resourcesDir: path.join(test.directories.config, 'none'),
        version: 'test',
        shell: {},
      } as const;
      await expect(createApp(options)).rejects.toMatchObject({ data: { code: 'library-in-use' } });
      await test.app.close();
      await (await createApp(options)).close();
      await expect(access(path.join(test.directories.library, 'owner.json'))).rejects.toThrow();
      await test.reopen();
    }));
});

it('shuts every guest down when asked to, and resolves when they are gone', () =>
  withTestApp(async (test) => {
    const vms = await Promise.all([test.createSample(), test.createSample()]);
    expect(test.app.runningVms()).toHaveLength(2);
    for (const { id } of vms) {
      const console = await watchConsole(test, id);
      await console.expect(prompt);
      // The sample has no power button of its own everywhere: it is told by its shell.
      console.type('poweroff\r');
    }
    await test.app.shutDownAll();
    expect(test.app.runningVms()).toEqual([]);
  }));

function distinct(states: readonly VmState[]): VmState[] {
  return states.filter((state, index) => state !== states[index - 1]);
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return address.port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
