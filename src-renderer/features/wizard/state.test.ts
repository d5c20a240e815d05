// The wizard's memory: going back loses nothing, and changing one's mind keeps what was made one's own.
import { expect, test } from 'vitest';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { Suggestion, WizardSource } from '../../../src-main/contract/vm.ts';
import { sourceOf } from './source.ts';
import { initialWizard, isSettled, neighbour, reduceWizard, type WizardAction } from './state.ts';

const definition: VmDefinition = {
  name: 'Linux',
  note: '',
  origin: 'kernel',
  machine: 'virt-10.0',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 1024,
  accelerator: 'auto',
  boot: { kind: 'kernel', kernel: '/k/Image', cmdline: 'console=ttyAMA0' },
  loaders: [],
  disks: [],
  network: { mode: 'user', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

const kernelSource: WizardSource = { kind: 'kernel', kernel: '/k/Image' };

const suggestion = (change: Partial<VmDefinition> = {}): Suggestion => ({
  request: { definition: { ...definition, ...change }, provisions: [] },
  reasons: {},
});

function play(...actions: WizardAction[]) {
  return actions.reduce(reduceWizard, initialWizard);
}

const begun: WizardAction[] = [
  { type: 'choose', kind: 'kernel' },
  { type: 'draft', kind: 'kernel', change: { kernel: '/k/Image' } },
  { type: 'suggested', source: kernelSource, suggestion: suggestion() },
];

test('drafts of another kind are still there after looking elsewhere', () => {
  const state = play(...begun, { type: 'choose', kind: 'iso' }, { type: 'choose', kind: 'kernel' });
  expect(state.drafts.kernel.kernel).toBe('/k/Image');
  expect(state.request).toBeNull();
});

test('a new suggestion brings its own hardware while nothing was touched', () => {
  const state = play(...begun, {
    type: 'suggested',
    source: kernelSource,
    suggestion: suggestion({ cpu: 'cortex-a76' }),
  });
  expect(state.request?.definition.cpu).toBe('cortex-a76');
});

test('touched hardware, name and network outlive a new suggestion; boot is the new one', () => {
  const state = play(
    ...begun,
    { type: 'define', definition: { ...definition, name: 'Mine', cpu: 'max', memoryMiB: 4096 } },
    {
      type: 'suggested',
      source: { ...kernelSource, initrd: '/k/initrd' },
      suggestion: suggestion({
        cpu: 'cortex-a76',
        boot: { kind: 'kernel', kernel: '/k/Image', initrd: '/k/initrd', cmdline: 'console=ttyAMA0' },
      }),
    },
  );
  expect(state.request?.definition).toMatchObject({ name: 'Mine', cpu: 'max', memoryMiB: 4096 });
  expect(state.request?.definition.boot).toMatchObject({ initrd: '/k/initrd' });
});

test('the console= of another board stays when the suggestion is made for the first one', () => {
  const raspi: VmDefinition = {
    ...definition,
    machine: 'raspi3b',
    boot: { kind: 'kernel', kernel: '/k/Image', cmdline: 'console=ttyS1' },
  };
  const state = play(
    ...begun,
    { type: 'refitted', result: { definition: raspi, changes: [] } },
    { type: 'suggested', source: kernelSource, suggestion: suggestion() },
  );
  expect(state.request?.definition.boot).toMatchObject({ cmdline: 'console=ttyS1' });
});

test('an added disk stays, with what makes it; a removed one goes with it', () => {
  const disk = {
    id: 'data',
    file: 'disks/data.qcow2',
    format: 'qcow2',
    media: 'disk',
    bus: 'virtio',
    readOnly: false,
  } as const;
  const provision = { kind: 'new-disk', diskId: 'data', sizeBytes: 1024 ** 3 } as const;
  const added: WizardAction = { type: 'add-disk', disk, provision };
  const again: WizardAction = { type: 'suggested', source: kernelSource, suggestion: suggestion() };
  const kept = play(...begun, added, again);
  expect(kept.request?.definition.disks).toEqual([disk]);
  expect(kept.request?.provisions).toEqual([provision]);
  const gone = play(...begun, added, { type: 'remove-disk', id: 'data' });
  expect(gone.request).toEqual({ definition, provisions: [] });
});

test('the size given to a suggested disk outlives another installer image', () => {
  const withDisk: Suggestion = {
    request: {
      definition: {
        ...definition,
        disks: [
          {
            id: 'disk0',
            file: 'disks/disk0.qcow2',
            format: 'qcow2',
            media: 'disk',
            bus: 'virtio',
            readOnly: false,
          },
        ],
      },
      provisions: [{ kind: 'new-disk', diskId: 'disk0', sizeBytes: 20 * 1024 ** 3 }],
    },
    reasons: {},
  };
  const suggested: WizardAction = { type: 'suggested', source: kernelSource, suggestion: withDisk };
  const state = play(
    { type: 'choose', kind: 'iso' },
    suggested,
    { type: 'resize-disk', id: 'disk0', sizeBytes: 64 * 1024 ** 3 },
    suggested,
  );
  expect(state.request?.provisions).toEqual([
    { kind: 'new-disk', diskId: 'disk0', sizeBytes: 64 * 1024 ** 3 },
  ]);
  expect(state.request?.definition.disks).toHaveLength(1);
});

test('a change of board can be undone whole', () => {
  const refitted: WizardAction = {
    type: 'refitted',
    result: {
      definition: { ...definition, machine: 'raspi3b', cpu: 'cortex-a53', vcpus: 4 },
      changes: [
        { field: '/machine', from: 'virt-10.0', to: 'raspi3b', why: 'Chosen.' },
        { field: '/vcpus', from: '2', to: '4', why: 'The SoC has four cores.' },
      ],
    },
  };
  const state = play(...begun, refitted);
  expect(state.refit?.changes.map(({ field }) => field)).toEqual(['/vcpus']);
  expect(reduceWizard(state, { type: 'undo-refit' }).request?.definition).toEqual(definition);
});

test('is settled only while the machine answers what the first page says', () => {
  const state = play(...begun);
  expect(isSettled(state, sourceOf(state.kind, state.drafts))).toBe(true);
  const changed = reduceWizard(state, { type: 'draft', kind: 'kernel', change: { initrd: '/k/i' } });
  expect(isSettled(changed, sourceOf(changed.kind, changed.drafts))).toBe(false);
});

test('pages follow each other and end', () => {
  expect(neighbour('what', -1)).toBeUndefined();
  expect(neighbour('what', 1)).toBe('hardware');
  expect(neighbour('review', 1)).toBeUndefined();
});

test('a typed command line is mended by a fix in its field too', () => {
  const typed = play(...begun, { type: 'draft', kind: 'kernel', change: { cmdline: 'console=ttyS0' } });
  const fixed: VmDefinition = {
    ...definition,
    boot: { kind: 'kernel', kernel: '/k/Image', cmdline: 'console=ttyAMA0' },
  };
  const state = reduceWizard(typed, { type: 'define', definition: fixed });
  expect(state.drafts.kernel.cmdline).toBe('console=ttyAMA0');
});

test('a command line typed for another board than the suggested one is kept', () => {
  const refitted: VmDefinition = { ...definition, machine: 'raspi3b' };
  const cmdline = 'console=ttyAMA1 quiet';
  const state = play(
    ...begun,
    { type: 'refitted', result: { definition: refitted, changes: [] } },
    { type: 'draft', kind: 'kernel', change: { cmdline } },
    {
      type: 'suggested',
      source: { ...kernelSource, cmdline },
      suggestion: suggestion({ boot: { kind: 'kernel', kernel: '/k/Image', cmdline } }),
    },
  );
  expect(state.request?.definition.boot).toMatchObject({ cmdline });
});
