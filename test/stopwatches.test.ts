import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * Who may look at a clock of this machine, and what for. An age is measured by lifetime/ageClock.ts, and a moment that is
 * recorded, or compared with a deadline, is the database's: nobody else needs one (threats: clock).
 */
const clockReaders: Readonly<Record<string, string>> = {
  'lifetime/ageClock.ts': 'how old it is what this process remembers',
  'store/databaseClock.ts': "counts on between two measurements of the database's time",
  'approvals/policy/activePolicy.ts': 'when the active policy was last read: silence can only stop judging',
  'approvals/policy/heartbeat.ts':
    'when a notification of our own was last heard: silence can only stop judging',
  'anchors/newestOf.ts': 'how long an anchor full of rubbish is searched: what was not found by then is said',
  'approvals/ledger/anchors/anchoring.ts': 'how long an anchor has not taken what is new: it is only told',
  'approvals/ledger/sealing.ts': 'how long nothing was sealed: silence is only told',
  'approvals/streams/streaming.ts': 'how long a stream has not gone on: silence is only told',
  'approvals/shadow/writing.ts':
    'when a replica last said that it judges beside the active policy: it is only told',
  'approvals/wait.ts': 'how long a caller waits',
  'approvals/follow.ts': 'how long a follower has heard nothing, and when its time is over',
  'client/client.ts': 'how long a caller waits, in the process of an agent',
  'issuers/github/api.ts': 'how long GitHub wants to be left alone, where it names a moment',
  'issuers/github/check.ts':
    "how far GitHub's clock is from ours, and a token of the app that is dated by ours",
  'issuers/postgresql/check.ts': "how far a target's clock is from ours, for the doctor",
  'cli/doctor.ts': 'how old the signing keys are, for the person who looks',
  'jobs/observeTasks.ts': 'how long a job took, for the metrics',
  'jobs/worker.ts': 'when the workers last asked for work',
  'slack/outbound/clients.ts': 'how long a call took, for the metrics',
  'teams/outbound/watched.ts': 'how long a call took, for the metrics',
  'teams/outbound/tokens.ts': 'the times of an assertion, which Entra compares with its own clock',
  'channels/claims.ts': 'how long a click waits for its message',
  'channels/standingCard.ts': 'how long a click waits for its card',
  'store/pool.ts': 'how old a connection is, and how long it has rested',
  'store/trouble.ts': 'how long the database has been in trouble',
  'store/watchedSession.ts': 'how old a session is, and how long a statement took',
  'streams/webhookSink.ts': 'the timestamp of a message, which its receiver compares with its own clock',
  'cli/auditReport.ts':
    'where a report ends that is asked for until now: of what has not happened nothing is overdue',
  'server/sandboxAudit.ts': 'the same, in the sandbox',
  'cli/policy/activate.ts': 'how long other replicas are waited for, to tell which have confirmed',
  'store/embedded.ts': 'how long the database may take to be ready',
  'store/embedded/server.ts': 'how long the database may take to start',
  'sandbox/slack/delivery/http.ts': 'how long the app took, in a test Slack',
  'sandbox/slack/delivery/socket.ts': 'how long the app took, in a test Slack',
  'sandbox/teams/delivery.ts': 'how long the app took, in a test Teams',
  'server/composeSandbox.ts': 'the local Slack has a clock of its own, as Slack has',
  'server/toldToStop.ts': 'whether a second Ctrl-C is another wish',
  'cli/start.ts': 'how long the start took, for the greeting',
  'cli/policy/test.ts': 'how long it took, for the person who waits',
  'cli/policy/lint.ts': 'how long it took, for the person who waits',
  'cli/policy/shadow.ts': 'how long ago a replica was seen, for the person who looks',
  'cli/policy/simulate.ts': 'how long it took, and the moment to judge by without a database',
  'cli/policy/explain.ts': 'the moment to judge by without a database',
}
const clockRead = /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bhrtime\b|\buptime\(|\bcpuUsage\b/

test('a clock of this machine is read where it says why, and nowhere else', () => {
  // The page runs in somebody's browser, and shows them times.
  const ours = filesUnder('src').filter((file) => !file.path.startsWith('sandbox/page/'))
  const readers = ours.filter((file) => clockRead.test(codeOf(file.text))).map((file) => file.path)

  expect(readers.sort()).toEqual(Object.keys(clockReaders).sort())
  for (const code of [
    'now: Date.now',
    'new Date()',
    'performance.now()',
    'process.hrtime.bigint()',
    'process.cpuUsage()',
  ])
    expect(code).toMatch(clockRead)
})

/** What makes a test depend on how fast a machine is: a stopwatch, a fixed wait, a limit that is soon over. */
const impatient =
  /\bprocess\.(cpuUsage|hrtime)\b|\bperformance\.now\b|\bvi\.waitFor\b|\bAbortSignal\.timeout\b|\bsetTimeout\(|\bdelay\(|\btimeout: \d|^ *\}, (?:[12]\d\d|\d\d?)_000\)$/m
const patientTests: Readonly<Record<string, string>> = {
  'support/eventually.ts': 'waits as long as it takes',
  'store/pgbouncer.ts': 'looks again until it answers',
  'store/pool.test.ts': 'stands still on purpose, so that a pool finds its process was asleep',
  'e2e/starting.test.ts': 'somebody presses Ctrl-C again and again, at the pace of a person',
  'server/replicas.test.ts': 'presses again, as a person would, when the window does not come',
  'server/flood.test.ts': 'how much is allowed grows with the time that it took',
}

describe('nothing depends on how fast a machine is', () => {
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
    ['expect(performance.now() - began).toBeLessThan(1_000)'],
    ['await vi.waitFor(() => expect(seen).toBe(1))'],
    ['await expect.poll(seen, { timeout: 5_000 }).toBe(1)'],
    ['await new Promise((resolve) => setTimeout(resolve, 100))'],
    ['await delay(100)'],
    ['}, 60_000)'],
  ])('time in %s', (code) => {
    expect(impatient.test(codeOf(code))).toBe(true)
    expect(impatient.test(codeOf(`/** ${code} */`))).toBe(false)
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
