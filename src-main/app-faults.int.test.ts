import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pidOf, processesOf, prompt, type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import { processStart } from './lib/process-identity.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });
const vmFile = (test: TestApp, id: string, name: string) => path.join(test.directories.library, id, name);

async function changeRunRecord(
  test: TestApp,
  id: string,
  change: (record: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const file = vmFile(test, id, 'run.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
}

describe('QEMU', () => {
  it('killed from outside is a crash with its signal and a remedy', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      process.kill(pidOf(vm), 'SIGKILL');
      await expect.poll(async () => (await test.state(vm.id)).state).toBe('crashed');
      const { lastExit } = await test.state(vm.id);
      expect(lastExit).toMatchObject({ kind: 'crashed', fault: { code: 'qemu-failed' } });
      expect(lastExit?.fault?.message).toContain('SIGKILL');
      expect((await test.client.vms.start({ id: vm.id })).state).toBe('running');
    }));

  it('that an earlier Armoire started and someone kills is a crash that this one saw', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.reopen();
      process.kill(pidOf(vm), 'SIGKILL');
      await expect.poll(async () => (await test.state(vm.id)).state).toBe('crashed');
      expect((await test.state(vm.id)).lastExit?.fault?.message).toContain('ended from outside');
    }));

  it('ended with SIGTERM by someone else is a crash with its last words', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      process.kill(pidOf(vm), 'SIGTERM');
      await expect.poll(async () => (await test.state(vm.id)).state).toBe('crashed');
      expect((await test.state(vm.id)).lastExit?.fault?.detail).toContain('signal 15');
    }));

  it('killed while nobody watched is a crash, and one that ended in order is not', () =>
    withTestApp(async (test) => {
      const [killed, ended] = await Promise.all([test.createSample(), test.createSample()]);
      const console = await watchConsole(test, ended.id);
      await console.expect(prompt);
      await test.app.close();
      process.kill(pidOf(killed), 'SIGKILL');
      const pipe = path.join(test.directories.runtime, ended.id, 'uart0.in');
      await writeFile(pipe, 'poweroff\r', { flag: 'r+' });
      await expect.poll(() => processesOf(ended.id)).toEqual([]);
      await test.reopen();
      expect(await test.state(killed.id)).toMatchObject({ state: 'crashed', lastExit: { kind: 'crashed' } });
      expect(await test.state(ended.id)).toMatchObject({
        state: 'stopped',
        lastExit: { kind: 'guest-shutdown' },
      });
    }));

  it('stopped by a signal is silent within seconds, and back when it continues', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      process.kill(pidOf(vm), 'SIGSTOP');
      await expect
        .poll(async () => (await test.state(vm.id)).run?.silentSince, { timeout: 8000 })
        .toBeDefined();
      expect((await test.state(vm.id)).state).toBe('running');
      process.kill(pidOf(vm), 'SIGCONT');
      await expect
        .poll(async () => (await test.state(vm.id)).run?.silentSince, { timeout: 8000 })
        .toBeUndefined();
      const console = await watchConsole(test, vm.id);
      console.type('echo back\r');
      await console.expect('\r\nback');
    }));

  it('that does not answer can be forced to stop', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      process.kill(pidOf(vm), 'SIGSTOP');
      await test.client.vms.forceStop({ id: vm.id });
      expect(await processesOf(vm.id)).toEqual([]);
      expect(await test.state(vm.id)).toMatchObject({ state: 'stopped', lastExit: { kind: 'force-stop' } });
    }));

  it('stopped while no manager ran is in doubt, is not doubled, and is found when it continues', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      process.kill(pidOf(vm), 'SIGSTOP');
      await test.reopen();
      expect(await test.state(vm.id)).toMatchObject({ state: 'unknown', doubt: { code: 'qemu-silent' } });
      await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('wrong-state'));
      await expect(test.client.vms.delete({ id: vm.id })).rejects.toMatchObject(fault('wrong-state'));
      process.kill(pidOf(vm), 'SIGCONT');
      await expect.poll(async () => (await test.state(vm.id)).state, { timeout: 15_000 }).toBe('running');
      expect(pidOf(await test.state(vm.id))).toBe(pidOf(vm));
    }));

  it('stopped while no manager ran can be forced to stop, since it is proven', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      process.kill(pidOf(vm), 'SIGSTOP');
      await test.reopen();
      await test.client.vms.forceStop({ id: vm.id });
      expect(await processesOf(vm.id)).toEqual([]);
      expect(['stopped', 'crashed']).toContain((await test.state(vm.id)).state);
    }));
});

describe('coming back', () => {
  it('takes no other process for the VM when its pid was reused, and never kills it', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      process.kill(pidOf(vm), 'SIGKILL');
      await expect.poll(() => processesOf(vm.id)).toEqual([]);
      const bystander = spawn('sleep', ['60']);
      try {
        await once(bystander, 'spawn');
        await changeRunRecord(test, vm.id, (record) => ({ ...record, pid: bystander.pid }));
        await test.reopen();
        expect((await test.state(vm.id)).state).toBe('crashed');
        await test.client.vms.start({ id: vm.id });
        expect(bystander.exitCode).toBeNull();
      } finally {
        bystander.kill('SIGKILL');
      }
    }));

  it('refuses a second copy of a VM that someone runs by hand, and does not end it', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      // Enough of a QEMU to look like one.
      const byHand = spawn('sleep', ['60'], { argv0: 'qemu-system-aarch64' });
      const named = spawn('sh', ['-c', 'while :; do sleep 1; done', '-uuid', vm.id]);
      try {
        await Promise.all([once(byHand, 'spawn'), once(named, 'spawn')]);
        await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('wrong-state'));
        expect((await test.state(vm.id)).state).toBe('unknown');
        await expect(test.client.vms.forceStop({ id: vm.id })).rejects.toMatchObject(fault('not-permitted'));
        expect(named.exitCode).toBeNull();
        named.kill('SIGKILL');
        await once(named, 'exit');
        await expect.poll(async () => (await test.state(vm.id)).state, { timeout: 8000 }).toBe('stopped');
      } finally {
        byHand.kill('SIGKILL');
        named.kill('SIGKILL');
      }
    }));

  it('is in doubt when the note about the run is damaged while it runs', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      await writeFile(vmFile(test, vm.id, 'run.json'), '{"phase":"runn');
      await test.reopen();
      expect((await test.state(vm.id)).state).toBe('unknown');
      await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('wrong-state'));
      expect(await processStart(pidOf(vm))).not.toBeNull();
    }));

  it('is not kept from starting by a stale socket', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      process.kill(pidOf(vm), 'SIGKILL');
      await expect.poll(() => processesOf(vm.id)).toEqual([]);
      await rm(vmFile(test, vm.id, 'run.json'));
      await test.reopen();
      expect((await test.state(vm.id)).state).toBe('stopped');
      await test.client.vms.start({ id: vm.id });
    }));

  it('knows a VM that was running when the computer went down', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      process.kill(pidOf(vm), 'SIGKILL');
      await expect.poll(() => processesOf(vm.id)).toEqual([]);
      await changeRunRecord(test, vm.id, (record) => ({ ...record, bootId: 'an earlier start' }));
      await test.reopen();
      expect(await test.state(vm.id)).toMatchObject({ state: 'stopped', lastExit: { kind: 'host-restart' } });
    }));

  it('lets a VM whose description was damaged while it ran be ended', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      await test.app.close();
      await writeFile(vmFile(test, vm.id, 'vm.json'), '');
      await test.reopen();
      expect(await test.state(vm.id)).toMatchObject({
        state: 'unknown',
        definition: null,
        run: { pid: pidOf(vm) },
      });
      await test.client.vms.forceStop({ id: vm.id });
      expect(await test.state(vm.id)).toMatchObject({ state: 'damaged' });
      expect(await readFile(vmFile(test, vm.id, 'vm.json'), 'utf8')).toBe('');
    }));
});

describe('a start that cannot be', () => {
  it('tells of a kernel that has vanished', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      await rm(vmFile(test, vm.id, 'firmware/sample-virt.elf'));
      await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject({
        data: { code: 'file-unusable', field: '/boot/file' },
      });
      expect((await test.state(vm.id)).state).toBe('stopped');
    }));

  it('names a busy port and a free one', () =>
    withTestApp(async (test) => {
      const { createServer } = await import('node:net');
      const busy = createServer().listen(0, '127.0.0.1');
      await once(busy, 'listening');
      try {
        const address = busy.address();
        const hostPort = typeof address === 'object' && address ? address.port : 0;
        const forward = { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 0, guestPort: 22 } as const;
        const network = { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:12:34:56' } as const;
        const vm = await test.createSample({ network: { ...network, forwards: [] } }, false);
        const file = vmFile(test, vm.id, 'vm.json');
        const document = JSON.parse(await readFile(file, 'utf8'));
        document.definition.network.forwards = [{ ...forward, hostPort }];
        await writeFile(file, JSON.stringify(document));
        await test.reopen();
        await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject({
          data: {
            code: 'port-unusable',
            message: expect.stringContaining(String(hostPort)),
            fix: { label: expect.stringMatching(/^Use \d+$/) },
          },
        });
      } finally {
        busy.close();
      }
    }));

  it('can be called off', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      const started = test.client.vms.start({ id: vm.id });
      await expect.poll(async () => (await test.state(vm.id)).state, { interval: 1 }).toBe('starting');
      await test.client.vms.forceStop({ id: vm.id });
      await started.catch(() => undefined);
      expect(await processesOf(vm.id)).toEqual([]);
      expect((await test.state(vm.id)).state).toBe('stopped');
    }));

  it('tells QEMU’s last words when it refuses', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      // A program of the right name that refuses as QEMU does: the real one has no such mood.
      const qemu = path.join(test.directories.config, 'qemu-system-aarch64');
      await mkdir(test.directories.config, { recursive: true });
      await symlink('/bin/false', qemu);
      await test.client.host.saveSettings({ qemuPath: qemu });
      await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('qemu-broken'));
      await test.client.host.saveSettings({ qemuPath: null });
      await test.client.vms.start({ id: vm.id });
      await sleep(10);
    }));
});
