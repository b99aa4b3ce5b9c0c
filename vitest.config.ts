import { defineConfig } from 'vitest/config';

/** Everything that is quick enough for every change; what takes long is in vitest.full.config.ts. */
export default defineConfig({
  test: {
    include: ['{shared,functions,cli,scripts,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.slow.test.ts'],
    testTimeout: 20_000,
    // Many tests wait for other programs: with one worker for two cores, as is the default, half of the time nobody works.
    maxWorkers: '100%',
  },
});
