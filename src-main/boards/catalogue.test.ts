import { describe, expect, it } from 'vitest';
import { boardCard } from '../contract/board.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { boardCards, boardRow } from './catalogue.ts';
import { qemu10, qemu11, withHardware } from './fixtures/samples.ts';

function card(name: string, qemu: QemuCapabilities = qemu10) {
  const found = boardCards(qemu).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no card for ${name}`);
  return found;
}

const fitting = (name: string, qemu?: QemuCapabilities) =>
  card(name, qemu)
    .cpus.models.filter(({ fits }) => fits)
    .map((model) => model.name);

describe('boardCards', () => {
  it.each([
    ['10.0', qemu10],
    ['11.1', qemu11],
  ])('makes valid cards for every board of %s, each board once', (_version, qemu) => {
    const cards = boardCards(qemu);
    for (const one of cards) expect(boardCard.safeParse(one).error).toBeUndefined();
    expect(new Set(cards.map(({ name }) => name)).size).toBe(cards.length);
    expect(cards.length).toBeGreaterThan(80);
  });

  it('shows virt first, pinned to the newest version, and no older versions', () => {
    expect(boardCards(qemu10)[0]).toMatchObject({ name: 'virt', machine: 'virt-10.0', recommended: true });
    expect(boardCards(qemu11)[0]).toMatchObject({ machine: 'virt-11.1' });
    expect(boardCards(qemu10).filter(({ machine }) => machine.startsWith('virt-'))).toHaveLength(1);
  });

  it('tells QEMU’s default CPU from the one that a new VM takes', () => {
    expect(card('virt').cpus).toMatchObject({
      default: 'cortex-a15',
      recommended: 'cortex-a72',
      fixed: false,
    });
    expect(card('raspi3b').cpus).toMatchObject({
      default: 'cortex-a53',
      recommended: 'cortex-a53',
      fixed: true,
    });
  });

  it('lists the CPUs that fit first, and gives the others a reason', () => {
    expect(fitting('virt')[0]).toBe('cortex-a72');
    expect(fitting('raspi3b')).toEqual(['cortex-a53']);
    const note = (name: string) => card(name).cpus.models.find((model) => model.name === 'cortex-a57')?.note;
    expect(note('raspi3b')).toBe('QEMU would ignore it and make cortex-a53.');
    expect(note('vexpress-a9')).toBe('QEMU refuses to start with it.');
    expect(note('versatilepb')).toBe('QEMU would make it, but nothing made for the board runs on it.');
    for (const { cpus } of boardCards(qemu10)) {
      expect(cpus.models.filter((model) => !model.fits && model.note === undefined)).toEqual([]);
    }
  });

  it('offers host where KVM can be used, and says why not elsewhere', () => {
    expect(fitting('virt')).not.toContain('host');
    const host = card('virt').cpus.models.find(({ name }) => name === 'host');
    expect(host).toMatchObject({ fits: false, note: expect.stringContaining('KVM') });
    expect(fitting('virt', withHardware(qemu10, 'kvm'))).toContain('host');
  });

  it('follows the version: another board’s name, a UART more, another policy', () => {
    expect(card('xlnx-versal-virt', qemu11).machine).toBe('amd-versal-virt');
    expect(card('virt').uarts).toHaveLength(2);
    const old = { ...qemu10, version: { ...qemu10.version, major: 8, minor: 2 } };
    expect(card('virt', old).uarts).toHaveLength(1);
    const a57 = card('vexpress-a9', old).cpus.models.find(({ name }) => name === 'cortex-a57');
    expect(a57?.note).toBe('QEMU refuses to start with it.');
    const bmc = card('ast2600-evb', old).cpus.models.find(({ name }) => name === 'cortex-a57');
    expect(bmc?.note).toBe('QEMU would ignore it and make cortex-a7.');
  });

  it('leaves out what this QEMU does not have', () => {
    expect(boardCards(qemu11).some(({ name }) => name === 'highbank')).toBe(false);
    expect(boardCards(qemu10).some(({ name }) => name === 'imx8mm-evk')).toBe(false);
  });

  it('shows a board that the table does not have, with nothing but what QEMU says', () => {
    const stranger = {
      name: 'toaster',
      description: 'A toaster',
      defaultCpu: 'cortex-m33-arm-cpu',
      maxVcpus: 2,
      deprecated: false,
    };
    const one = card('toaster', { ...qemu10, machines: [...qemu10.machines, stranger] });
    expect(one).toMatchObject({ title: 'A toaster', vcpus: { min: 1, max: 2 }, diskBuses: [] });
    expect(one.cpus.models.filter(({ fits }) => fits).map(({ name }) => name)).toEqual(['cortex-m33']);
  });

  it('lets the binary win over the table', () => {
    const machines = qemu10.machines.map((machine) =>
      machine.name === 'vexpress-a9' ? { ...machine, defaultCpu: 'cortex-a7-arm-cpu', maxVcpus: 2 } : machine,
    );
    const one = card('vexpress-a9', { ...qemu10, machines });
    expect(one.cpus.default).toBe('cortex-a7');
    expect(one.vcpus.max).toBe(2);
    expect(fitting('vexpress-a9', { ...qemu10, machines })).toContain('cortex-a7');
  });

  it('is made once for each answer of a QEMU', () => {
    expect(boardCards(qemu10)).toBe(boardCards(qemu10));
    expect(boardRow('virt-10.0')?.name).toBe('virt');
  });
});
