import { defineConfig } from 'vitest/config';

/** What takes long: built bundles, long fuzzing. */
export default defineConfig({
  test: {
    include: ['{shared,functions,cli,scripts,test}/**/*.slow.test.ts'],
    testTimeout: 120_000,
    maxWorkers: '100%',
    hookTimeout: 120_000,
  },
});
