import { defineConfig } from 'vitest/config'

/** The browser tests: they need Chromium, and the build (`npm run build`). */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
})
