import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contradictions } from '../../src-main/boards/contradictions.ts';
import type { QemuCapabilities } from '../../src-main/contract/qemu.ts';
import { qemuBundleDir } from './paths.ts';
import type { Case } from './verify-boards/cases.ts';
import { capabilitiesOf, verifyBoards } from './verify-boards.ts';

/** One board of each way of treating a wrong CPU, and of each memory rule. */
const boards = [
  'virt', // validated, many CPUs
  'mps2-an385', // validated, Cortex-M
  'ast2600-evb', // validated from 9.0 on
  'raspi3b', // ignored, fixed RAM, exactly four vCPUs
  'microbit', // ignored, memory of its own
  'xlnx-zcu102', // ignored, other cores beyond the fourth vCPU
  'versatilepb', // unchecked: any A or R profile
  'lm3s6965evb', // unchecked: any M profile
  'canon-a1100', // starts with a ROM only
];
const cpus = ['cortex-a53', 'cortex-a15', 'cortex-a72', 'arm926', 'cortex-m3', 'cortex-r5', 'max'];

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await capabilitiesOf(path.join(qemuBundleDir, 'bin', 'qemu-system-aarch64'));
});

async function disagreements(pick: (one: Case) => boolean) {
  const verdicts = await verifyBoards(qemu, {
    groups: ['cpu', 'vcpus', 'memory', 'uarts', 'network'],
    boards,
    jobs: 2,
    pick,
  });
  return {
    tried: verdicts.length,
    wrong: verdicts
      .filter((one) => one.disagreement !== undefined)
      .map(({ board, asks, disagreement }) => `${board} ${asks}: ${disagreement}`),
  };
}

describe('the rule engine against the real QEMU', () => {
  it('foretells what every board makes of every CPU', async () => {
    const { tried, wrong } = await disagreements(
      ({ group, trial }) => group === 'cpu' && cpus.includes(trial.cpu ?? ''),
    );
    expect(tried).toBe(boards.length * cpus.length);
    expect(wrong).toEqual([]);
  }, 120_000);

  it('knows vCPUs, RAM, UARTs and controllers', async () => {
    const large = ({ trial }: Case) => (trial.vcpus ?? 0) > 124;
    const { tried, wrong } = await disagreements((one) => one.group !== 'cpu' && !large(one));
    expect(tried).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  }, 120_000);

  it('has a table that the binary does not contradict', () => {
    expect(contradictions(qemu)).toEqual([]);
  });

  it('notices when the engine is wrong', async () => {
    const lying = { ...qemu, version: { ...qemu.version, major: 8, minor: 2 } };
    const verdicts = await verifyBoards(lying, {
      groups: ['cpu'],
      boards: ['ast2600-evb'],
      jobs: 1,
      pick: ({ trial }) => trial.cpu === 'cortex-a53',
    });
    expect(verdicts.map(({ disagreement }) => disagreement)).toEqual([
      expect.stringContaining('the engine says it starts; it refused'),
    ]);
  });
});
