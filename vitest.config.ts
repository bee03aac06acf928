import {
  configDefaults,
  defineConfig,
  type TestProjectInlineConfiguration as ProjectConfig,
} from 'vitest/config'
import { announcing } from './test/support/announcing.ts'
import { filesByNeed } from './test/support/filesByNeed.ts'

const { database, pure } = filesByNeed('test')

/** Long enough for a machine that does ten other things: a limit ends what hangs, it never says that something is slow. */
const patience = 600_000

const common: ProjectConfig['test'] = {
  exclude: [...configDefaults.exclude, 'test/e2e/**'],
  setupFiles: ['test/support/cases.ts'],
  testTimeout: patience,
  hookTimeout: patience,
  expect: { poll: { timeout: patience / 5, interval: 20 } },
  // Files share a worker and what it has imported: importing would be most of the work. A file that changes what others
  // see puts it back itself.
  isolate: false,
  pool: 'forks',
}

/**
 * Two projects: `pure` needs nothing but Node, `database` gets a PostgreSQL of its own. A file belongs where its imports
 * lead: no list is kept. One alone: `npx vitest run --project pure`.
 */
export default defineConfig({
  test: {
    maxWorkers: 3, // two are not enough: many tests wait
    reporters: [['default', { summary: false }], announcing()],
    slowTestThreshold: 10_000,
    // What the jobs' library says of databases that the tests take away would be most of what is printed.
    onConsoleLog: (text) => !/graphile-worker|err\.red/.test(text),
    projects: [
      { test: { ...common, name: 'pure', include: pure } },
      {
        test: {
          ...common,
          name: 'database',
          include: database,
          globalSetup: ['test/support/globalSetup.ts'],
        },
      },
    ],
  },
})
