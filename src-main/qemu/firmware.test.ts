import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { FirmwareDescriptor } from '../contract/qemu.ts';
import { findFirmware, readFirmware } from './firmware.ts';
import { inTemporaryDirectory } from './testing.ts';

const descriptor = (changes: object = {}) => ({
  description: 'UEFI',
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: 'share/code.fd', format: 'raw' },
    'nvram-template': { filename: '/usr/share/vars.fd', format: 'raw' },
  },
  targets: [{ architecture: 'aarch64', machines: ['virt-*'] }],
  features: [],
  ...changes,
});

async function write(directory: string, files: Record<string, unknown>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(
      path.join(directory, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
}

const only = (found: FirmwareDescriptor[], root: string) =>
  found.filter((firmware) => firmware.descriptor.startsWith(root));

test('reads descriptors in the order of their names, later places replacing earlier ones', async () => {
  await inTemporaryDirectory(async (root) => {
    const dataDir = path.join(root, 'bundle', 'share', 'qemu');
    const user = path.join(root, 'config');
    await write(path.join(dataDir, 'firmware'), {
      '60-b.json': descriptor({ description: 'b' }),
      '50-a.json': descriptor({ description: 'a' }),
      '70-hidden.json': descriptor({ description: 'hidden' }),
      'readme.txt': 'no descriptor',
    });
    await write(path.join(user, 'qemu', 'firmware'), {
      '60-b.json': descriptor({ description: 'b of the user' }),
      '70-hidden.json': '',
    });
    const found = only(await readFirmware([dataDir], { XDG_CONFIG_HOME: user }), root);
    expect(found.map(({ description }) => description)).toEqual(['a', 'b of the user']);
    expect(found[0]).toMatchObject({
      executable: path.join(root, 'bundle/share/code.fd'),
      nvramTemplate: '/usr/share/vars.fd',
      nvramTemplateFormat: 'raw',
    });
  });
});

test('the first installation with firmware is the only one: a bundle does not mix with the system', async () => {
  await inTemporaryDirectory(async (root) => {
    const dataDirs = ['empty', 'first', 'second'].map((name) => path.join(root, name));
    await mkdir(path.join(root, 'empty', 'firmware'), { recursive: true });
    await write(path.join(root, 'first', 'firmware'), { '50.json': descriptor({ description: 'first' }) });
    await write(path.join(root, 'second', 'firmware'), { '40.json': descriptor({ description: 'second' }) });
    const found = only(await readFirmware(dataDirs, { XDG_CONFIG_HOME: root }), root);
    expect(found.map(({ description }) => description)).toEqual(['first']);
  });
});

test('passes over what is broken, for other computers, or not UEFI', async () => {
  await inTemporaryDirectory(async (root) => {
    await write(path.join(root, 'firmware'), {
      '10.json': '{',
      '20.json': descriptor({ mapping: { device: 'kernel' } }),
      '30.json': descriptor({ 'interface-types': ['bios'] }),
      '40.json': descriptor({ targets: [{ architecture: 'x86_64', machines: ['pc-*'] }] }),
      '45.json': descriptor({
        mapping: { device: 'flash', mode: 'combined', executable: { filename: 'x', format: 'raw' } },
      }),
      '50.json': descriptor({ mapping: { device: 'memory', filename: '/fw.bin' } }),
    });
    const found = only(await readFirmware([root], { XDG_CONFIG_HOME: root }), root);
    expect(found).toMatchObject([{ mapping: 'memory', executable: '/fw.bin' }]);
  });
});

function firmware(changes: Partial<FirmwareDescriptor>): FirmwareDescriptor {
  return {
    descriptor: '/x.json',
    description: '',
    architecture: 'aarch64',
    machines: ['virt-*'],
    mapping: 'flash',
    executable: '/code',
    executableFormat: 'raw',
    features: [],
    ...changes,
  };
}

test('takes the first that fits machine, CPU and the wish for Secure Boot', () => {
  const secure = firmware({ executable: '/secure', features: ['secure-boot', 'enrolled-keys'] });
  const plain = firmware({ executable: '/plain' });
  const narrow = firmware({ executable: '/narrow', architecture: 'arm' });
  const qemu = {
    firmware: [secure, plain, narrow],
    machines: [{ name: 'virt-10.0', alias: 'virt', description: '', maxVcpus: 1, deprecated: false }],
  };
  const wish = { secureBoot: false, bits: 64 } as const;
  expect(findFirmware(qemu, 'virt-10.0', wish)).toBe(plain);
  expect(findFirmware(qemu, 'virt', wish), 'by its alias').toBe(plain);
  expect(findFirmware(qemu, 'virt-10.0', { ...wish, secureBoot: true })).toBe(secure);
  expect(findFirmware(qemu, 'virt-10.0', { ...wish, bits: 32 })).toBe(narrow);
  expect(findFirmware(qemu, 'raspi3b', wish)).toBeUndefined();
  expect(findFirmware(qemu, 'xvirt-10.0', wish), 'a glob matches the whole name').toBeUndefined();
});
