import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { consoleLog, prompt, watchConsole, withTestApp } from './app.testing.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });

describe('from a browser', () => {
  it('only files in allowed places can be listed, looked at or given to a VM', () =>
    withTestApp(async (test) => {
      const { client } = test;
      const outside = path.join(test.directories.config, 'Image');
      await mkdir(test.directories.config, { recursive: true });
      await writeFile(outside, 'kernel');
      const inside = path.join(test.app.uploadDirectory, 'Image');
      await writeFile(inside, 'kernel');

      await expect(client.host.listFiles({ path: test.directories.config })).rejects.toMatchObject(
        fault('not-permitted'),
      );
      await expect(client.host.inspectFile({ path: outside })).rejects.toMatchObject(fault('not-permitted'));
      expect(await client.host.inspectFile({ path: inside })).toMatchObject({ kind: 'file', sizeBytes: 6 });
      const listing = await client.host.listFiles({ path: test.app.uploadDirectory });
      expect(listing.entries.map(({ name }) => name)).toEqual(['Image']);

      const source = (kernel: string) => ({ source: { kind: 'kernel', kernel } }) as const;
      await expect(client.vms.suggest(source(outside))).rejects.toMatchObject(fault('not-permitted'));
      const { request } = await client.vms.suggest(source(inside));
      const boot = { kind: 'kernel', kernel: outside, cmdline: '' } as const;
      const smuggled = { ...request, definition: { ...request.definition, boot } };
      await expect(client.vms.check({ request: smuggled, dry: false })).rejects.toMatchObject(
        fault('not-permitted'),
      );
      await expect(client.vms.create({ request: smuggled, start: false })).rejects.toMatchObject(
        fault('not-permitted'),
      );
      const vm = await test.createSample({}, false);
      if (!vm.definition) throw new Error('no definition');
      await expect(
        client.vms.update({ id: vm.id, revision: vm.revision, definition: { ...vm.definition, boot } }),
      ).rejects.toMatchObject(fault('not-permitted'));
    }));

  it('the command line is shown with the reason of each argument', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample({}, false);
      const { program, arguments: words } = await test.client.vms.commandLine({ id: vm.id });
      expect(program).toContain('qemu-system-aarch64');
      expect(words.find(({ words: [option] }) => option === '-cpu')).toMatchObject({
        words: ['-cpu', 'cortex-a72'],
        setting: '/cpu',
      });
      expect(words.every(({ why }) => why.length > 0)).toBe(true);
    }));

  it('the log of a console can be downloaded whole', () =>
    withTestApp(async (test) => {
      const vm = await test.createSample();
      const console = await watchConsole(test, vm.id);
      await console.expect(prompt);
      const { ticket, savedAs } = await test.client.console.saveLog({ id: vm.id, console: 'uart0' });
      expect(savedAs).toBeNull();
      const use = test.app.redeem(ticket ?? '');
      if (use?.kind !== 'download') throw new Error('no download');
      expect(use.fileName).toBe('Sample uart0.log');
      expect(await readFile(use.path, 'utf8')).toBe(console.text());
      await rm(use.path);
    }));

  it('a Break reaches the guest, a cleared console is empty, and metrics come', () =>
    withTestApp(async (test) => {
      const { id } = await test.createSample();
      const console = await watchConsole(test, id);
      await console.expect(prompt);
      await test.client.console.sendBreak({ id, console: 'uart0' });
      await console.expect('[break]');
      await test.client.console.clear({ id, console: 'uart0' });
      await expect.poll(() => console.messages.at(-2)).toMatchObject({ type: 'at', because: 'cleared' });
      expect(await consoleLog(test, id)).toBe('');
      expect((await test.state(id)).state).toBe('running');
      console.type('echo after\r');
      await console.expect('\r\nafter');
      const samples = await test.client.vms.metrics({ id });
      const sample = await samples.next();
      if (sample.done) throw new Error('no sample');
      expect(sample.value.residentMiB).toBeGreaterThan(10);
      expect(sample.value.cpuPercent).toBeGreaterThanOrEqual(0);
      await samples.return?.();
    }));
});
