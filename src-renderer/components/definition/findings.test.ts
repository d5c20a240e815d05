// Problems on their way to the fields.
import { expect, test } from 'vitest';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { Problem } from '../../../src-main/contract/problem.ts';
import { errorsOf, problemsAt, problemsBeside, schemaProblems } from './findings.ts';

const problem = (field: string, severity: Problem['severity'] = 'error'): Problem => ({
  rule: field,
  field,
  severity,
  message: '',
});

const problems = [
  problem('/disks/0/bus', 'hint'),
  problem('/disks/0/file'),
  problem('/disks/01'),
  problem('/cpu'),
];

test('a field has the problems of what is inside of it, worst first, and not those of its namesakes', () => {
  expect(problemsAt(problems, '/disks/0').map(({ field }) => field)).toEqual([
    '/disks/0/file',
    '/disks/0/bus',
  ]);
});

test('what no field shows is left over', () => {
  expect(problemsBeside(problems, '/disks/0', '/cpu').map(({ field }) => field)).toEqual(['/disks/01']);
});

test('errors stand in the way, hints do not', () => {
  expect(errorsOf([problem('/a', 'hint'), problem('/b', 'warning')])).toEqual([]);
  expect(errorsOf(problems)).toHaveLength(3);
});

test('the schema’s refusals name their field', () => {
  const found = schemaProblems({ name: '', vcpus: 0, disks: [{ file: '' }] } as unknown as VmDefinition);
  expect(found.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['/name', '/vcpus', '/disks/0/file']),
  );
  expect(found.find(({ field }) => field === '/vcpus')?.message).toBe('At least 1.');
});
