// Failures that take more than a definition to provoke: images that were tampered with, saved state, the wrong moment.
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import type { FaultData } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { qemuEnvironment } from './process-environment.ts';
import { askQemu } from './stdio-session.ts';
import { definitionWith, inTemporaryDirectory, testQemu } from './testing.ts';
import { findFailure, translateFailure } from './translate.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

const quiet = ['-nodefaults', '-display', 'none'];
const definition = definitionWith({
  disks: [{ id: 'hd0', file: 'hd0.qcow2', format: 'qcow2', media: 'disk', bus: 'virtio', readOnly: false }],
});

/** Fails unless QEMU ends by itself; its words, and what becomes of them. */
async function refused(words: string[]): Promise<{ id: string | undefined; fault: FaultData }> {
  const run = await execa(qemu.path, words, {
    env: qemuEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: 10_000,
    reject: false,
  });
  expect(run.timedOut, 'QEMU started').toBe(false);
  return { id: findFailure(run.stderr)?.row.id, fault: translateFailure(run.stderr, definition) };
}

async function makeImage(...words: string[]): Promise<void> {
  await execa(qemu.imgPath ?? 'qemu-img', ['create', '-q', '-f', 'qcow2', ...words]);
}

const asDrive = (file: string): string[] => [
  '-blockdev',
  JSON.stringify({ driver: 'qcow2', 'node-name': 'hd0', file: { driver: 'file', filename: file } }),
];

test('a board with a sound chip and nothing to play it on', async () => {
  const { id, fault } = await refused(['-M', 'vexpress-a9', ...quiet]);
  expect(id, fault.detail).toBe('no-sound-system');
});

test('an image whose base is gone', () =>
  inTemporaryDirectory(async (directory) => {
    const [base, image] = [path.join(directory, 'base'), path.join(directory, 'hd0.qcow2')];
    await makeImage(base, '1M');
    await makeImage('-b', base, '-F', 'qcow2', image);
    await rm(base);
    const { id, fault } = await refused(['-M', 'virt', ...quiet, ...asDrive(image)]);
    expect(id, fault.detail).toBe('backing-file');
    expect(fault.field).toBe('/disks/0/file');
  }));

test('an image that is marked as corrupt', () =>
  inTemporaryDirectory(async (directory) => {
    const image = path.join(directory, 'hd0.qcow2');
    await makeImage(image, '1M');
    const handle = await open(image, 'r+');
    // QEMU docs/interop/qcow2.txt: incompatible features, bit 1.
    await handle.write(Buffer.from([2]), 0, 1, 79);
    await handle.close();
    const { id, fault } = await refused(['-M', 'virt', ...quiet, ...asDrive(image)]);
    expect(id, fault.detail).toBe('image-corrupt');
    expect(fault.field).toBe('/disks/0/file');
  }));

test('state that was saved with another CPU', () =>
  inTemporaryDirectory(async (directory) => {
    const state = `file:${path.join(directory, 'state')}`;
    const machine = (cpu: string) => ['-M', 'virt', '-cpu', cpu, '-m', '64M', '-S', ...quiet];
    const saved = await askQemu(
      qemu.path,
      [...machine('cortex-a72'), '-qmp', 'stdio'],
      20_000,
      async (qmp) => {
        await qmp.execute('migrate', { uri: state });
        const status = async () => (await qmp.execute<{ status: string }>('query-migrate')).status;
        await expect.poll(status, { timeout: 20_000 }).toBe('completed');
      },
    );
    if (!saved.ok) throw saved.error;
    const { id, fault } = await refused([...machine('cortex-a53'), '-incoming', state]);
    expect(id, fault.detail).toBe('state-of-other-qemu');
    expect(fault.message).toContain('cpu');
  }));

test('a QEMU that another program ends', async () => {
  const child = execa(qemu.path, ['-M', 'virt', '-S', ...quiet, '-qmp', 'stdio'], {
    env: qemuEnvironment(),
    extendEnv: false,
    reject: false,
  });
  // The answer comes from the main loop; the greeting, which is before, from a QEMU that does not heed signals yet.
  child.stdin.write('{"execute":"qmp_capabilities"}\n');
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (words: Buffer) => {
      if (words.includes('"return"')) resolve();
    });
  });
  child.kill('SIGTERM');
  const { stderr } = await child;
  expect(findFailure(stderr)?.row.id, stderr).toBe('ended-by-signal');
});
