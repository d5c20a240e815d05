// The bundle in a place of its own: moved to a path with spaces, started with an empty environment.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qemuBundleDir } from './paths.ts';
import { readBundleManifest } from './qemu-bundle.ts';

describe.runIf(existsSync(path.join(qemuBundleDir, 'bundle.json')))('the moved bundle', () => {
  let scratch: string;
  let root: string;
  const run = (program: string, args: string[], input = '') =>
    execa(path.join(root, 'bin', program), args, { env: {}, extendEnv: false, input, timeout: 30_000 });

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'armoire bundle '));
    root = path.join(scratch, 'moved here');
    await execa('cp', ['-a', '--sparse=always', qemuBundleDir, root]);
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  it('starts a machine with the devices of its modules, ROMs and BIOSes', async () => {
    const devices = ['virtio-gpu-pci', 'virtio-net-pci,netdev=n', 'ramfb', 'VGA', 'qemu-xhci'].flatMap(
      (name) => ['-device', name],
    );
    const machine = [
      '-M',
      'virt',
      '-cpu',
      'cortex-a72',
      '-S',
      '-nodefaults',
      '-display',
      'none',
      '-audio',
      'none',
      '-netdev',
      'user,id=n',
    ];
    const commands = '{"execute":"qmp_capabilities"}{"execute":"query-status"}{"execute":"quit"}';
    const { stdout, stderr } = await run(
      'qemu-system-aarch64',
      [...machine, ...devices, '-qmp', 'stdio'],
      commands,
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('"status": "prelaunch"');
  });

  it('makes images', async () => {
    const image = path.join(scratch, 'x.qcow2');
    await run('qemu-img', ['create', '-f', 'qcow2', image, '1M']);
    const { stdout } = await run('qemu-img', ['info', '--output=json', image]);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 1024 * 1024 });
  });

  it('describes firmware by paths from its own root, padded as pflash wants it and sparse', async () => {
    const directory = path.join(root, 'share', 'qemu', 'firmware');
    const descriptors = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    expect(descriptors.length).toBeGreaterThan(0);
    for (const name of descriptors) {
      const { mapping } = JSON.parse(await readFile(path.join(directory, name), 'utf8'));
      for (const file of [mapping.executable.filename, mapping['nvram-template'].filename]) {
        expect(path.isAbsolute(file)).toBe(false);
        const facts = await stat(path.join(root, file));
        expect(facts.size).toBe(64 * 1024 * 1024);
        expect(facts.blocks * 512).toBeLessThan(16 * 1024 * 1024);
      }
    }
  });

  it('tells in its manifest what it is', async () => {
    const manifest = await readBundleManifest(root);
    const { stdout } = await run('qemu-system-aarch64', ['--version']);
    expect(stdout).toContain(`version ${manifest?.version} `);
    expect(manifest?.sizeBytes).toBeLessThan(120e6);
  });
});
