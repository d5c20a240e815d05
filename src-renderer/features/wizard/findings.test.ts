// Problems find their page.
import { expect, test } from 'vitest';
import type { Problem } from '../../../src-main/contract/problem.ts';
import { leftOver, pageOf } from './findings.ts';

const problem = (field: string): Problem => ({ rule: 'r', field, severity: 'error', message: field });

test.each([
  ['/cpu', 'hardware'],
  ['/machineOptions/gicVersion', 'hardware'],
  ['/disks/0/file', 'storage'],
  ['/network/forwards/0/hostPort', 'storage'],
  ['/boot/kernel', 'what'],
  ['', 'review'],
])('%s is on page %s', (field, page) => {
  expect(pageOf(field)).toBe(page);
});

test('a problem that no field shows is left over for its page', () => {
  const all = [problem('/cpu'), problem('/machineOptions'), problem('/disks/0')];
  expect(leftOver(all, 'hardware', '/cpu')).toEqual([problem('/machineOptions')]);
});
