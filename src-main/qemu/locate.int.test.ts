// Finding and asking a real QEMU, and what is remembered of it.
import { chmod, copyFile, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { qemuReport } from '../contract/qemu.ts';
import { createQemuFinder, type QemuSettings } from './locate.ts';
import { finderIn, inTemporaryDirectory, resourcesDir, testQemu } from './testing.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

const byDefault: QemuSettings = { qemuOrder: 'bundled-first', qemuPath: null };

/** A program that stands in for a QEMU that this computer does not have: it answers QMP as one of that version would. */
async function standIn(file: string, version: [number, number, number]): Promise<void> {
  const [major, minor, micro] = version;
  const greeting = {
    QMP: { version: { qemu: { major, minor, micro }, package: 'Debian' }, capabilities: [] },
  };
  const lines = [
    '#!/bin/sh',
    `if [ "$1" = --version ]; then echo "QEMU emulator version ${version.join('.')} (Debian)"; exit 0; fi`,
    `echo '${JSON.stringify(greeting)}'`,
    `read line; echo '{"return": {}, "id": 1}'; read line`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o755);
}

test('tells what this QEMU is and can do', () => {
  expect(qemuReport.shape.inUse.safeParse(qemu).error).toBeUndefined();
  const virt = qemu.machines.find(({ alias }) => alias === 'virt');
  expect(virt?.name).toMatch(/^virt-\d+\.\d+$/);
  expect(virt).toMatchObject({ maxVcpus: 512, deprecated: false });
  expect(qemu.machines.find(({ name }) => name === 'vexpress-a9')?.defaultCpu).toBe('cortex-a9-arm-cpu');
  expect(virt?.description).toMatch(/^QEMU [\d.]+ ARM Virtual Machine$/);
  expect(qemu.machines.length).toBeGreaterThan(80);
  const bits = Object.fromEntries(qemu.cpus.map((cpu) => [cpu.name, cpu.bits]));
  expect(bits).toMatchObject({ 'cortex-a53': 64, 'cortex-a15': 32, 'cortex-m3': 32, max: 64 });
  expect(qemu.devices).toEqual(
    expect.arrayContaining(['virtio-blk-pci', 'virtio-net-pci', 'nvme', 'loader', 'scsi-cd']),
  );
  expect(qemu.devices, 'made by boards only').not.toContain('pl011');
  expect(qemu.features).toContain('user-network');
  expect(qemu.accelerators.map(({ name }) => name)).toEqual(['kvm', 'hvf', 'tcg']);
  expect(qemu.accelerators.find(({ name }) => name === 'tcg')).toMatchObject({ usable: true });
  for (const { reason } of qemu.accelerators) expect(reason).toMatch(/\.$/);
  expect(qemu.firmware.some(({ architecture }) => architecture === 'aarch64')).toBe(true);
  for (const { executable } of qemu.firmware) expect(path.isAbsolute(executable)).toBe(true);
});

test('remembers it; damage and a changed binary make it ask again', async () => {
  await inTemporaryDirectory(async (cacheDir) => {
    const first = await finderIn(cacheDir).require();
    const [name = ''] = await readdir(path.join(cacheDir, 'qemu'));
    const file = path.join(cacheDir, 'qemu', name);
    const written = await readFile(file, 'utf8');

    expect(await finderIn(cacheDir).require()).toEqual(first);

    for (const damage of [
      '',
      '{',
      written.slice(0, -100),
      written.replace('"cacheVersion":1', '"cacheVersion":99'),
    ]) {
      await writeFile(file, damage);
      expect(await finderIn(cacheDir).require()).toEqual(first);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(written));
    }

    const forged = JSON.parse(written);
    forged.facts.version.text = 'forged';
    await writeFile(file, JSON.stringify(forged));
    expect((await finderIn(cacheDir).require()).version.text, 'taken from the cache').toBe('forged');
    expect((await finderIn(cacheDir).report({ refresh: true })).inUse?.version.text).toBe(first.version.text);
  });
});

test('a cache that cannot be written costs nothing but time', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(path.join(directory, 'qemu'), 'in the way');
    expect((await finderIn(directory).require()).version).toEqual(qemu.version);
  });
});

test('the object stays the same until the binary changes', async () => {
  await inTemporaryDirectory(async (directory) => {
    const binary = path.join(directory, 'qemu-system-aarch64');
    await writeFile(binary, `#!/bin/sh\nexec '${qemu.path}' "$@"\n`);
    await chmod(binary, 0o755);
    const finder = createQemuFinder({
      resourcesDir: directory,
      cacheDir: directory,
      settings: () => ({ ...byDefault, qemuPath: binary }),
    });
    const first = await finder.require();
    expect(first).toMatchObject({ path: binary, origin: 'setting' });
    expect(await finder.require()).toBe(first);
    await utimes(binary, 1, 1);
    expect(await finder.require()).not.toBe(first);
  });
});

test('searches in the order of the settings', async () => {
  await inTemporaryDirectory(async (directory) => {
    await symlink(qemu.path, path.join(directory, 'qemu-system-aarch64'));
    const find = (settings: QemuSettings) =>
      createQemuFinder({
        resourcesDir,
        cacheDir: directory,
        settings: () => settings,
        searchPath: directory,
      }).report();
    const system = await find({ ...byDefault, qemuOrder: 'system-first' });
    expect(system.inUse).toMatchObject({ origin: 'path', path: path.join(directory, 'qemu-system-aarch64') });
    if (qemu.origin !== 'bundled') return;
    const bundled = await find(byDefault);
    expect(bundled.inUse?.origin).toBe('bundled');
    expect(bundled.candidates.map(({ origin }) => origin).slice(0, 2)).toEqual(['bundled', 'path']);
    expect(bundled.candidates[1]?.version?.major).toBe(qemu.version.major);
  });
});

test('runs from a path with spaces, quotes and commas', async () => {
  await inTemporaryDirectory(async (directory) => {
    const odd = path.join(directory, 'a b, "c" \'d\' é');
    await mkdir(odd);
    await symlink(qemu.path, path.join(odd, 'qemu-system-aarch64'));
    const settings = () => ({ ...byDefault, qemuPath: path.join(odd, 'qemu-system-aarch64') });
    const found = await createQemuFinder({ resourcesDir, cacheDir: directory, settings }).require();
    expect(found.version).toEqual(qemu.version);
  });
});

test('a version below 8.2 is told with its path and the way out', async () => {
  await inTemporaryDirectory(async (directory) => {
    const old = path.join(directory, 'qemu-system-aarch64');
    await standIn(old, [7, 2, 22]);
    const report = await createQemuFinder({
      resourcesDir: directory,
      cacheDir: directory,
      settings: () => ({ ...byDefault, qemuPath: old }),
    }).report();
    expect(report.inUse).toBeNull();
    expect(report.fault).toMatchObject({ code: 'qemu-too-old' });
    expect(report.fault?.message).toContain('7.2.22');
    expect(report.fault?.message).toContain(old);
    expect(report.fault?.remedy).toContain('comes with Armoire');
    expect(report.candidates[0]).toMatchObject({ path: old, version: { major: 7, minor: 2 } });
  });
});

test('a program that is no QEMU, one that cannot run, and one that is not there are told apart', async () => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'program');
    const faultFor = async (qemuPath: string) => {
      const settings = () => ({ ...byDefault, qemuPath });
      return (await createQemuFinder({ resourcesDir: directory, cacheDir: directory, settings }).report())
        .fault;
    };
    expect(await faultFor(file)).toMatchObject({ code: 'qemu-missing' });
    await writeFile(file, '#!/bin/sh\necho something else >&2; exit 3\n');
    expect(await faultFor(file)).toMatchObject({ code: 'qemu-broken' });
    await chmod(file, 0o755);
    expect(await faultFor(file)).toMatchObject({ code: 'qemu-broken', detail: 'something else' });
    await copyFile(process.execPath, file);
    expect(await faultFor(file)).toMatchObject({ code: 'qemu-broken' });
  });
});
