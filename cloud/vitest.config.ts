import { defineConfig } from 'vitest/config';

/** Servers, Spark and synthesis take their time; one file at a time leaves it to them. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
