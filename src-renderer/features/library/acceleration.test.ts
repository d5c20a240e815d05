// Which accelerator is named as this computer's.
import { expect, test } from 'vitest';
import type { AcceleratorReport } from '../../../src-main/contract/qemu.ts';
import { acceleration } from './acceleration.ts';

const report = (name: AcceleratorReport['name'], usable: boolean): AcceleratorReport => ({
  name,
  usable,
  reason: '',
});

test('hardware virtualisation where it can be used, else emulation', () => {
  expect(acceleration([report('tcg', true), report('kvm', true)]).name).toBe('kvm');
  expect(acceleration([report('kvm', false), report('tcg', true)]).name).toBe('tcg');
});

test('when none can be used it says so', () => {
  expect(acceleration([]).usable).toBe(false);
  expect(acceleration([report('kvm', false)])).toEqual(report('kvm', false));
});
