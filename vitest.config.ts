import { defineConfig } from 'vitest/config';

/** `unit` needs Node only; `system` runs the built product as real processes, and a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'src/**/*.test.tsx',
            'simulator/**/*.test.ts',
            'test/*.test.ts',
            'test/conformance/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/faults/**/*.test.ts', 'test/end-to-end/**/*.test.ts', 'test/package/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
