// How quick the rule engine answers and the catalogue loads.
import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { boardCards } from '../../../src-main/boards/catalogue.ts';
import { checkDefinition } from '../../../src-main/boards/check.ts';
import { refit } from '../../../src-main/boards/refit.ts';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import { createQemuFinder } from '../../../src-main/qemu/locate.ts';
import { repoRoot } from '../paths.ts';
import { type Measurement, median, millisecondsSince } from './measure.ts';

const starting: VmDefinition = {
  name: 'bench',
  note: '',
  origin: 'kernel',
  machine: 'virt',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 2048,
  accelerator: 'auto',
  boot: { kind: 'kernel', kernel: '/boot/Image', cmdline: 'console=ttyAMA0' },
  loaders: [],
  disks: [],
  network: { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

/** Every board of the QEMU in use, re-fitted and checked; the catalogue from a warm cache in a new finder. */
export async function measureRules(): Promise<Measurement[]> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'arm-bench-'));
  const settings = () => ({ qemuOrder: 'bundled-first', qemuPath: null }) as const;
  const finder = () => createQemuFinder({ resourcesDir: join(repoRoot, 'resources'), cacheDir, settings });
  try {
    await finder().require();
    const loads: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      boardCards(await finder().require());
      loads.push(millisecondsSince(started));
    }
    const qemu = await finder().require();
    const host = {
      arch: arch(),
      platform: platform(),
      memoryMiB: totalmem() / 2 ** 20,
      cores: cpus().length,
    };
    const facts = { qemu, host, files: new Map(), busyPorts: new Map(), canBindPrivileged: false };
    const checks: number[] = [];
    for (const card of boardCards(qemu)) {
      const { definition } = refit(starting, card.machine, qemu, host);
      const rounds: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const started = performance.now();
        checkDefinition(definition, facts);
        rounds.push(millisecondsSince(started));
      }
      checks.push(median(rounds));
    }
    return [
      {
        name: `rule engine per definition, slowest of ${checks.length} boards`,
        unit: 'ms',
        value: Math.max(...checks),
        limit: { atMost: 5 },
        samples: { checks },
      },
      {
        name: 'catalogue from its cache',
        unit: 'ms',
        value: median(loads),
        limit: { atMost: 50 },
        samples: { loads },
      },
    ];
  } finally {
    await rm(cacheDir, { recursive: true });
  }
}
