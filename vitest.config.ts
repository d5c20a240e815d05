// Two lanes of vitest: pure unit tests, and integration tests with the real QEMU and a real guest.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A crash at every step of every operation: minutes each. */
const longest = /snapshots-(kill|full)[^/]*$/;

/** The longest first: begun last, one of them would have the other processor wait for it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => (longest.test(moduleId) ? 0 : 1);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src-*/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', 'node_modules/**'],
          environment: 'node',
          // Pure: none leaves anything behind that another could see, and most of the time went into new processes.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['src-*/**/*.int.test.ts', 'build/**/*.int.test.ts'],
          environment: 'node',
          globalSetup: 'src-main/fixtures.setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          isolate: false,
        },
      },
    ],
  },
});
