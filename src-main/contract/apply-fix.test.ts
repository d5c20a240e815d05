import { describe, expect, it } from 'vitest';
import { applyFix } from './apply-fix.ts';
import type { VmDefinition } from './definition.ts';
import { Fault } from './fault.ts';
import type { Fix } from './problem.ts';

const definition: VmDefinition = {
  name: 'Test',
  note: '',
  origin: 'disk',
  machine: 'virt-10.0',
  machineOptions: { secure: true },
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 1024,
  accelerator: 'auto',
  boot: { kind: 'uefi' },
  loaders: [],
  disks: [
    { id: 'a', file: 'disks/a', format: 'raw', media: 'disk', bus: 'virtio', readOnly: false },
    { id: 'b', file: 'disks/b', format: 'raw', media: 'disk', bus: 'virtio', readOnly: false },
  ],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

const apply = (...steps: Fix['steps']) => applyFix(definition, { label: 'Test', steps });

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Fault ? error.code : `not a Fault: ${String(error)}`;
  }
}

describe('applyFix', () => {
  it('sets a field and leaves the given definition alone', () => {
    const before = structuredClone(definition);
    expect(apply({ op: 'set', path: '/cpu', value: 'cortex-a53' })).toEqual({ ...before, cpu: 'cortex-a53' });
    expect(definition).toEqual(before);
  });

  it('sets a field that was left out', () => {
    expect(
      apply({ op: 'set', path: '/machineOptions/gicVersion', value: '3' }).machineOptions.gicVersion,
    ).toBe('3');
  });

  it('applies several steps in order', () => {
    const fixed = apply(
      { op: 'remove', path: '/disks/0' },
      { op: 'set', path: '/disks/0/bus', value: 'scsi' },
    );
    expect(fixed.disks.map(({ id, bus }) => [id, bus])).toEqual([['b', 'scsi']]);
  });

  it('removes a field, and does not mind when it is gone already', () => {
    expect(apply({ op: 'remove', path: '/machineOptions/secure' }).machineOptions).toEqual({});
    expect(apply({ op: 'remove', path: '/machineOptions/mte' }).machineOptions).toEqual({ secure: true });
  });

  it('adds behind the last element of a list', () => {
    const forward = { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestPort: 22 };
    expect(
      apply({ op: 'set', path: '/network/forwards/0', value: forward }).network.forwards[0]?.hostPort,
    ).toBe(2222);
    expect(apply({ op: 'set', path: '/network/forwards/-', value: forward }).network.forwards).toHaveLength(
      1,
    );
  });

  it.each<[string, Fix['steps'][number]]>([
    ['a place that is not there', { op: 'set', path: '/disks/7/bus', value: 'sd' }],
    ['an index far behind the end', { op: 'set', path: '/disks/9', value: {} }],
    ['an index that is no number', { op: 'remove', path: '/disks/first' }],
    ['the whole definition', { op: 'set', path: '', value: {} }],
    ['a field below a word', { op: 'set', path: '/cpu/model', value: 'x' }],
    ['a value that the schema refuses', { op: 'set', path: '/vcpus', value: 0 }],
    ['a needed field', { op: 'remove', path: '/cpu' }],
    ['the prototype', { op: 'set', path: '/__proto__/polluted', value: true }],
    ['the prototype below', { op: 'set', path: '/boot/__proto__', value: { polluted: true } }],
  ])('refuses %s', (_what, step) => {
    expect(codeOf(() => apply(step))).toBe('bad-input');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('reads escaped names', () => {
    expect(codeOf(() => apply({ op: 'remove', path: '/machineOptions/a~1b~0c' }))).toBeUndefined();
  });
});
