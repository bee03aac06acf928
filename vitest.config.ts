import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    maxWorkers: 3, // two are not enough: many tests wait
    globalSetup: ['test/support/globalSetup.ts'],
    setupFiles: ['test/support/cases.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
