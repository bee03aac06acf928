import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What tells time. */
const stopwatch = /\bprocess\.(cpuUsage|hrtime|uptime)\b|\bperformance\b|\bDate\.now\b|\bnew Date\(\)/

/**
 * The only files that may look at a clock of this machine, and what for. Nothing else does: no decision depends on how fast
 * or how busy a machine is, an age is measured by lifetime/ageClock.ts, and a moment that is recorded, or compared with a
 * deadline, is the database's (threats: clock, busy-machine).
 */
const timekeepers: Readonly<Record<string, string>> = {
  'approvals/activePolicy.ts': 'when the active policy was last heard of: silence can only stop judging',
  'approvals/heartbeat.ts': 'when a notification of our own was last heard: silence can only stop judging',
  'approvals/wait.ts': 'a waiting call is answered with what is true when its time is over',
  'cli/policy/activate.ts': 'how long other replicas are waited for, to tell which have confirmed',
  'cli/policy/explain.ts': 'the moment to judge by, without a database',
  'cli/policy/lint.ts': 'prints how long it took',
  'cli/policy/simulate.ts': 'prints how long it took, and the moment to judge by without a database',
  'cli/policy/test.ts': 'prints how long it took',
  'cli/start.ts': 'prints how long the start took',
  'cli/toldToStop.ts': 'whether a second Ctrl-C is another wish, or the first that npm passes on',
  'composeSandbox.ts': 'hands a clock to the Slack of the sandbox, as Slack has one of its own',
  'jobs/worker.ts': 'when the workers were last given work: silence can only make them start again',
  'lifetime/ageClock.ts': 'how old it is what this process remembers',
  'sandbox/page/': 'shows people how long ago something was',
  'sandbox/slack/delivery/': 'shows people how long an acknowledgement took',
  'slack/standingCard.ts': 'how long a click waits for the record of its card before the person is told',
  'store/databaseClock.ts': 'counts on between two readings of the time of the database',
  'store/embedded.ts': 'how long a database of our own is waited for',
  'store/embedded/server.ts': 'how long a database of our own is waited for',
  'store/pool.ts': 'how long a connection has rested, and how old it is',
  'store/trouble.ts': 'how long the last word of a failing database is believed',
  'store/watchedSession.ts': 'how old a connection is',
}

/** The same for tests: none expects a speed, or waits for a fixed time. */
const impatient =
  /\bprocess\.(cpuUsage|hrtime)\b|\bperformance\.now\b|\bvi\.waitFor\b|\bAbortSignal\.timeout\b|\bsetTimeout\(|\bdelay\(|\btimeout: \d/
const patientTests: Readonly<Record<string, string>> = {
  'support/eventually.ts': 'waits as long as it takes',
  'store/pgbouncer.ts': 'looks again until it answers',
  'store/pool.test.ts': 'keeps the process busy on purpose, while an answer waits to be read',
  'server/flood.test.ts': 'how much is allowed grows with the time that it took',
}

describe('nothing depends on how fast a machine is', () => {
  test('only a handful of files ask for the time, each for a reason that decides nothing', () => {
    const found = filesUnder('src').filter(
      (file) => stopwatch.test(codeOf(file.text)) && !isListed(file, timekeepers),
    )

    expect(found.map((file) => file.path)).toEqual([])
    const idle = Object.keys(timekeepers).filter(
      (one) =>
        !filesUnder('src').some((file) => isListed(file, { [one]: '' }) && stopwatch.test(codeOf(file.text))),
    )
    expect(idle, 'listed, and needs no clock').toEqual([])
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
