import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          // Two hundred files import the same sources: read and compiled once for each process, they take a third less time. No test replaces a module.
          isolate: false,
          pool: 'forks',
          // A third of them is waiting: also on two cores there is work for two. In processes of their own, as some count their descriptors.
          maxWorkers: '100%',
          include: ['test/**/*.test.ts'],
          exclude: ['test/interop/**', 'test/browser/**'],
          // Properties take a second or two; on a machine that has other work they must not fail for that.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          // Each file owns the machine's network namespaces and firmware; two at a time would only fight for the cores.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: './test/browser/support/built-page.ts',
          // A browser takes both cores by itself.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
