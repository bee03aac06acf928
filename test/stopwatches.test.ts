import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What tells time. */
const stopwatch = /\bprocess\.(cpuUsage|hrtime)\b|\bperformance\b|\bDate\.now\b/

/**
 * The only files that may ask for the time, and what for. Nothing else does, so that no decision depends on how fast or how
 * busy a machine is. `lifetime/` is where ages and limits of time are made.
 */
const timekeepers: Readonly<Record<string, string>> = {
  'lifetime/': 'ages, and limits of time, for everybody',
  'approvals/activePolicy.ts': 'when the active policy was last heard of: silence can only stop judging',
  'approvals/heartbeat.ts': 'when a notification of our own was last heard: silence can only stop judging',
  'approvals/wait.ts': 'a waiting call is answered with what is true when its time is over',
  'cli/policy/activate.ts': 'how long other replicas are waited for, to tell which have confirmed',
  'cli/start.ts': 'prints how long the start took',
  'cli/policy/lint.ts': 'prints how long it took',
  'cli/policy/simulate.ts': 'prints how long it took',
  'cli/policy/test.ts': 'prints how long it took',
  'compose.ts': 'hands a clock to the directory, for the age of what it has heard',
  'composeSandbox.ts': 'hands a clock to the Slack of the sandbox',
  'sandbox/page/': 'shows people how long ago something was',
  'sandbox/slack/delivery/': 'shows people how long an acknowledgement took',
  'store/databaseClock.ts': 'counts on between two readings of the time of the database',
  'store/embedded.ts': 'how long a database of our own is waited for',
  'store/embedded/server.ts': 'how long a database of our own is waited for',
}

/** The same for tests: none expects a speed, or waits for a fixed time. */
const impatient =
  /\bprocess\.(cpuUsage|hrtime)\b|\bperformance\.now\b|\bvi\.waitFor\b|\bAbortSignal\.timeout\b|\bsetTimeout\(|\bdelay\(|\btimeout: \d/
const patientTests: Readonly<Record<string, string>> = {
  'support/eventually.ts': 'waits as long as it takes',
  'store/pgbouncer.ts': 'looks again until it answers',
  'server/flood.test.ts': 'how much is allowed grows with the time that it took',
}

describe('nothing depends on how fast a machine is', () => {
  test('only a handful of files ask for the time, each for a reason that decides nothing', () => {
    const found = filesUnder('src').filter(
      (file) => stopwatch.test(codeOf(file.text)) && !isListed(file, timekeepers),
    )

    expect(found.map((file) => file.path)).toEqual([])
  })

  test('no test looks at a stopwatch, waits for a fixed time, or gives up soon: wait with test/support/eventually.ts', () => {
    const found = filesUnder('test').filter(
      (file) => impatient.test(withoutTexts(codeOf(file.text))) && !isListed(file, patientTests),
    )

    expect(found.map((file) => file.path)).toEqual([])
  })

  function isListed({ path }: SourceFile, list: Readonly<Record<string, string>>): boolean {
    return Object.keys(list).some((one) => (one.endsWith('/') ? path.startsWith(one) : path === one))
  }
})

describe('the test itself notices', () => {
  test.each([
    ['const now = () => process.cpuUsage()', stopwatch],
    ['const began = performance.now()', stopwatch],
    ['createDirectory({ client, now: Date.now })', stopwatch],
    ['const began = process.hrtime.bigint()', stopwatch],
    ['expect(performance.now() - began).toBeLessThan(1_000)', impatient],
    ['await vi.waitFor(() => expect(seen).toBe(1))', impatient],
    ['await expect.poll(seen, { timeout: 5_000 }).toBe(1)', impatient],
    ['await new Promise((resolve) => setTimeout(resolve, 100))', impatient],
    ['await delay(100)', impatient],
  ])('time in %s', (code, pattern) => {
    expect(pattern.test(codeOf(code))).toBe(true)
    expect(pattern.test(codeOf(`/** ${code} */`))).toBe(false)
  })
})

interface SourceFile {
  /** From the folder on: `core/lifecycle.ts`. */
  readonly path: string
  readonly text: string
}

function filesUnder(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('store/prisma/'))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
}

/** What stands in quotes or slashes is not done. */
function withoutTexts(code: string): string {
  return code.replace(/'[^'\n]*'|\/[^/\n]+\/[a-z]*(?=[,\s)\]])/g, "''")
}

/** The text without comments, so that prose about clocks is not a clock. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
