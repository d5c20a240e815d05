import { expect, test } from 'vitest';
import { applyFix } from '../contract/apply-fix.ts';
import { definitionWith } from './testing.ts';
import { compareCpus } from './verify-run.ts';

test('says nothing when QEMU made what was asked for', () => {
  expect(compareCpus({ cpu: 'cortex-a72', vcpus: 2 }, ['cortex-a72', 'cortex-a72'])).toEqual([]);
});

test('another CPU is an error with a fix that makes the definition true', () => {
  const [problem] = compareCpus({ cpu: 'cortex-a72', vcpus: 4 }, Array(4).fill('cortex-a53'));
  expect(problem).toMatchObject({ rule: 'cpu-made-differs', field: '/cpu', severity: 'error' });
  expect(problem?.message).toContain('4 × cortex-a53, not the cortex-a72');
  if (!problem?.fix) throw new Error('no fix');
  expect(applyFix(definitionWith({ cpu: 'cortex-a72' }), problem.fix).cpu).toBe('cortex-a53');
});

test('cores of another kind beside the right ones are told, not alarmed about', () => {
  const made = [...Array(4).fill('cortex-a53'), 'cortex-r5f'];
  const [problem, ...more] = compareCpus({ cpu: 'cortex-a53', vcpus: 5 }, made);
  expect(problem).toMatchObject({ rule: 'cpus-mixed', severity: 'hint' });
  expect(problem?.message).toContain('4 × cortex-a53 and one cortex-r5f');
  expect(more).toEqual([]);
});

test('another number of cores is an error', () => {
  expect(compareCpus({ cpu: 'cortex-a9', vcpus: 1 }, ['cortex-a9', 'cortex-a9'])).toMatchObject([
    { rule: 'vcpus-made-differ', field: '/vcpus', fix: { steps: [{ value: 2 }] } },
  ]);
});
