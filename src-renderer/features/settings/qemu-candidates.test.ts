// The offer of another QEMU names one that works, the bundled one first.
import { expect, test } from 'vitest';
import type { QemuCandidate } from '../../../src-main/contract/qemu.ts';
import { usableCandidate, versionNumber } from './qemu-candidates.ts';

const version = { major: 10, minor: 0, micro: 2, text: '10.0.2 (Debian 1:10.0.2+ds-2)' };
const fault = { code: 'qemu-too-old' as const, message: 'It is version 7.2.22.', remedy: 'Use another one.' };
const chosen: QemuCandidate = { path: '/home/me/qemu', origin: 'setting', version, fault };
const system: QemuCandidate = { path: '/usr/bin/qemu-system-aarch64', origin: 'path', version };
const bundled: QemuCandidate = { path: '/opt/armoire/qemu', origin: 'bundled', version };

test.each([
  ['the bundled one, wherever it stands', [chosen, system, bundled], bundled],
  ['the system’s where there is no other', [chosen, system], system],
  ['not one that is too old itself', [chosen, { ...bundled, fault }, system], system],
  ['not one that said nothing', [chosen, { path: '/x', origin: 'path' as const }], undefined],
  ['nothing where nothing was found', [], undefined],
])('%s', (_, candidates, expected) => {
  expect(usableCandidate(candidates)).toBe(expected);
});

test('a version is told without its distributor', () => {
  expect(versionNumber(version)).toBe('10.0.2');
});
