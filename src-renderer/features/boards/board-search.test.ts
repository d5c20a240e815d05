// Finding boards, and the order they are shown in.
import { expect, test } from 'vitest';
import type { BoardCard, MemoryRule } from '../../../src-main/contract/board.ts';
import { bootWords, cpuWords, memoryWords, uartWords } from './board-facts.ts';
import { byFamily, searchBoards } from './board-search.ts';

const board = (name: string, family: string, more: Partial<BoardCard> = {}): BoardCard => ({
  name,
  machine: name,
  title: `Board ${name}`,
  family,
  summary: 'A board.',
  recommended: false,
  profiles: ['A64'],
  cpus: {
    default: 'cortex-a53',
    recommended: 'cortex-a53',
    fixed: true,
    models: [{ name: 'cortex-a53', bits: 64, fits: true }],
  },
  vcpus: { min: 4, max: 4, default: 4 },
  memory: { kind: 'fixed', MiB: 1024 },
  boot: ['kernel', 'sd'],
  uarts: [{ label: 'UART0', guestName: 'ttyAMA0' }],
  diskBuses: ['sd'],
  networkModels: ['onboard'],
  needs: [],
  sources: [],
  ...more,
});

const virt = board('virt', 'Virtual', { recommended: true });
const pi3 = board('raspi3b', 'Raspberry Pi');
const pi10 = board('raspi10', 'Raspberry Pi', { deprecated: 'Too new.' });
const stm = board('netduino2', 'STM32', { profiles: ['M'] });

test('every word must be found somewhere', () => {
  const all = [virt, pi3, stm];
  expect(searchBoards(all, 'raspberry ttyama0')).toEqual([pi3]);
  expect(searchBoards(all, 'Cortex-M')).toEqual([stm]);
  expect(searchBoards(all, 'raspberry cortex-m')).toEqual([]);
  expect(searchBoards(all, '  ')).toEqual(all);
});

test('a board is found by any CPU that fits it, and by no other', () => {
  const model = (name: string, fits: boolean) => ({ name, bits: 64 as const, fits });
  const models = [model('cortex-a72', true), model('neoverse-n1', true), model('cortex-a9', false)];
  const free = { ...virt, cpus: { ...virt.cpus, default: 'cortex-a15', models } };
  expect(searchBoards([free, pi3], 'neoverse')).toEqual([free]);
  expect(searchBoards([free, pi3], 'cortex-a9')).toEqual([]);
});

test('the family with the recommended board is first, deprecated boards are last in theirs', () => {
  const families = byFamily([stm, pi10, pi3, virt]);
  expect(families.map(({ name }) => name)).toEqual(['Virtual', 'Raspberry Pi', 'STM32']);
  expect(families[1]?.boards).toEqual([pi3, pi10]);
});

test('facts at a glance', () => {
  expect(cpuWords(pi3)).toBe('4 × cortex-a53');
  const clusters = { ...pi3.cpus, clusters: '4 × cortex-a53, 2 × cortex-r5f' };
  expect(cpuWords({ ...pi3, cpus: clusters })).toBe('4 × cortex-a53, 2 × cortex-r5f');
  const two = ['cortex-a53', 'cortex-a72'].map((name) => ({ name, bits: 64 as const, fits: true }));
  const free = { ...virt, cpus: { ...virt.cpus, fixed: false, models: two } };
  expect(cpuWords({ ...free, vcpus: { min: 1, max: 8, default: 2 } })).toBe('up to 8 × any of 2 models');
  expect(bootWords(pi3)).toBe('Linux kernel, SD card');
  expect(uartWords(pi3)).toBe('ttyAMA0');
  expect(uartWords({ ...pi3, uarts: [] })).toBe('none');
});

const memories: [MemoryRule, string][] = [
  [{ kind: 'range', minMiB: 1, maxMiB: 8192, defaultMiB: 2048 }, 'up to 8 GiB'],
  [{ kind: 'list', sizesMiB: [512, 1024], defaultMiB: 512 }, '512 MiB or 1 GiB'],
  [{ kind: 'fixed', MiB: 1024 }, '1 GiB'],
  [{ kind: 'ignored', MiB: 0.0625 }, '64 KiB, its own'],
];
test.each(memories)('memory %j', (rule, words) => {
  expect(memoryWords(rule)).toBe(words);
});
