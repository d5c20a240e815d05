// Reads how many tests passed, failed and were skipped from the reports of vitest and Playwright.
import { z } from 'zod';

export interface SkippedTest {
  name: string;
  /** As the test gave it; undefined when it gave none. */
  reason?: string;
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: SkippedTest[];
}

const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** From vitest's `json` reporter. A file that fails outside of its tests (an import, a hook) counts as one failure. */
export function countVitest(report: unknown): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: [] };
  for (const file of vitestReport.parse(report).testResults) {
    const failedBefore = counts.failed;
    for (const { fullName, status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') counts.failed += 1;
      else counts.skipped.push({ name: fullName });
    }
    if (file.status === 'failed' && counts.failed === failedBefore) counts.failed += 1;
  }
  return counts;
}

interface PlaywrightSuite {
  title: string;
  specs: {
    title: string;
    tests: {
      status: string;
      projectName: string;
      annotations: { type: string; description?: string | undefined }[];
    }[];
  }[];
  suites?: PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  title: z.string(),
  specs: z.array(
    z.object({
      title: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          projectName: z.string(),
          annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});

const playwrightReport = z.object({ suites: z.array(playwrightSuite), errors: z.array(z.unknown()) });

function countSuite(suite: PlaywrightSuite, titles: readonly string[], counts: TestCounts): void {
  for (const spec of suite.specs) {
    for (const { status, projectName, annotations } of spec.tests) {
      // A flaky test passed on a later try.
      if (status === 'expected' || status === 'flaky') counts.passed += 1;
      else if (status === 'unexpected') counts.failed += 1;
      else {
        const reason = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        const name = [projectName, ...titles, spec.title].filter((title) => title !== '').join(' › ');
        counts.skipped.push(reason === undefined ? { name } : { name, reason });
      }
    }
  }
  for (const inner of suite.suites ?? []) countSuite(inner, [...titles, inner.title], counts);
}

/** From Playwright's `json` reporter. An error outside of all tests (a set-up, a config) counts as one failure. */
export function countPlaywright(report: unknown): TestCounts {
  const { suites, errors } = playwrightReport.parse(report);
  const counts: TestCounts = { passed: 0, failed: errors.length, skipped: [] };
  for (const suite of suites) countSuite(suite, [suite.title], counts);
  return counts;
}
