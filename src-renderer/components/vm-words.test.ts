// What a VM is called, and how it is found.
import { describe, expect, test } from 'vitest';
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import type { VmView } from '../../src-main/contract/vm.ts';
import { boardName, factLine, matchesQuery, sortVms, vmTitle } from './vm-words.ts';

const definition: VmDefinition = {
  name: 'Debian build host',
  note: 'for the nightly images',
  origin: 'iso',
  machine: 'virt-10.0',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 2048,
  accelerator: 'auto',
  boot: { kind: 'uefi' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

const vm = (changes: Partial<VmView> = {}): VmView => ({
  id: '6c1d0f6e-8a55-4f0f-9a53-5a8e0d5f6f10',
  revision: 1,
  createdAt: '2026-01-01T00:00:00Z',
  definition,
  state: 'running',
  consoles: [],
  snapshots: 0,
  ...changes,
});

test('the version of a machine type is no part of the name of its board', () => {
  expect(
    ['virt-10.0', 'virt', 'raspi3b', 'xlnx-zcu102', 'ast2600-evb', 'vexpress-a9'].map(boardName),
  ).toEqual(['virt', 'virt', 'raspi3b', 'xlnx-zcu102', 'ast2600-evb', 'vexpress-a9']);
});

test('the line of facts', () => {
  expect(factLine(definition)).toBe('virt · cortex-a72 · 2 vCPU · 2 GiB');
});

describe('search', () => {
  test.each(['', '  ', 'deb', 'DEBIAN host', 'a72 running', 'virt nightly', '6c1d'])(
    '%j finds it',
    (query) => {
      expect(matchesQuery(vm(), query)).toBe(true);
    },
  );

  test.each(['fedora', 'debian stopped'])('%j does not', (query) => {
    expect(matchesQuery(vm(), query)).toBe(false);
  });

  test('a damaged VM is found by its directory and by what is wrong with it', () => {
    const damaged = vm({
      definition: null,
      state: 'damaged',
      damage: { reason: 'Half a file.', file: 'vm.json' },
    });
    expect(vmTitle(damaged)).toBe(damaged.id);
    expect(matchesQuery(damaged, 'half')).toBe(true);
  });
});

test('names sort as a person counts', () => {
  const named = (name: string) => vm({ id: name, definition: { ...definition, name } });
  const sorted = sortVms([named('node-10'), named('Node-2'), named('alpha'), named('node-1')]);
  expect(sorted.map(vmTitle)).toEqual(['alpha', 'node-1', 'Node-2', 'node-10']);
});
