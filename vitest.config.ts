import { defineConfig } from 'vitest/config';

/** Real processes need longer than functions, and the two cores to themselves. */
const slow = { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false };

/**
 * `unit` needs Node only; `system` runs the built product as real processes; `browser` looks at it with a real
 * browser. One project after the other.
 */
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
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/faults/**/*.test.ts', 'test/package/**/*.test.ts', 'test/upgrades/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          ...slow,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/end-to-end/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          ...slow,
        },
      },
    ],
  },
});
