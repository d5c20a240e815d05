// Two lanes of vitest: pure unit tests, and integration tests with the real QEMU and a real guest.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
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
        },
      },
    ],
  },
});
