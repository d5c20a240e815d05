// Counting tests from the runners' reports, failures outside of tests included.
import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest } from './test-counts.ts';

describe('countVitest', () => {
  it('counts tests, and a file that failed without one', () => {
    const report = {
      success: false,
      testResults: [
        {
          status: 'failed',
          assertionResults: [
            { fullName: 'a adds', status: 'passed' },
            { fullName: 'a fails', status: 'failed' },
            { fullName: 'a waits', status: 'skipped' },
          ],
        },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{ fullName: 'b adds', status: 'passed' }] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 2, skipped: [{ name: 'a waits' }] });
  });
});

describe('countPlaywright', () => {
  it('counts nested suites, gives reasons, and counts errors outside of tests', () => {
    const test = (status: string, description?: string) => ({
      status,
      projectName: 'web',
      annotations: description === undefined ? [] : [{ type: 'skip', description }],
    });
    const report = {
      errors: [{ message: 'global setup' }],
      suites: [
        {
          title: 'a.spec.ts',
          specs: [{ title: 'opens', tests: [test('expected'), test('flaky')] }],
          suites: [
            {
              title: 'desktop',
              specs: [
                { title: 'starts', tests: [test('skipped', 'there is no display')] },
                { title: 'ends', tests: [test('unexpected')] },
              ],
            },
          ],
        },
      ],
    };
    expect(countPlaywright(report)).toEqual({
      passed: 2,
      failed: 2,
      skipped: [{ name: 'web › a.spec.ts › desktop › starts', reason: 'there is no display' }],
    });
  });
});
