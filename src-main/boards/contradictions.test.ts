import { describe, expect, it } from 'vitest';
import type { QemuMachine } from '../contract/qemu.ts';
import { contradictions } from './contradictions.ts';
import { qemu10, qemu11 } from './fixtures/samples.ts';

const withMachine = (machine: QemuMachine) => ({
  ...qemu10,
  machines: [...qemu10.machines.filter(({ name }) => name !== machine.name), machine],
});
const machine = (name: string, changes: Partial<QemuMachine> = {}): QemuMachine => ({
  name,
  description: name,
  maxVcpus: 4,
  deprecated: false,
  ...changes,
});
const said = (one: QemuMachine) => contradictions(withMachine(one)).map(({ message }) => message);

describe('contradictions', () => {
  it('finds none in the QEMUs that the table was read back from', () => {
    expect(contradictions(qemu10)).toEqual([]);
    expect(contradictions(qemu11)).toEqual([]);
  });

  it.each([
    [
      machine('vexpress-a9', { defaultCpu: 'cortex-a7-arm-cpu' }),
      'vexpress-a9: its CPU is cortex-a7; the table says cortex-a9.',
    ],
    [machine('vexpress-a9', { maxVcpus: 2 }), 'vexpress-a9: it has at most 2 vCPUs; the table says 4.'],
    [machine('imx8mm-evk'), 'imx8mm-evk: QEMU 10.0 has it; the table says from 11.1 on.'],
    [
      machine('cheetah', { defaultCpu: 'ti925t-arm-cpu' }),
      'cheetah: QEMU 10.0 has it; the table says up to 9.1.',
    ],
    [machine('toaster'), 'toaster: the table does not have it.'],
  ])('says what the binary says instead', (one, message) => {
    expect(said(one)).toEqual([message]);
  });
});
