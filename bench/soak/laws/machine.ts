import type { Heard, JobRow, Sample } from '../evidence.ts'
import { by, type Finding, inTrouble, type Law } from './law.ts'

/** Milliseconds after trouble with the database in which its last connections may still be found out. */
const aftermath = 20_000

/** What waits for a time of its own: a deadline that is hours away is no unfinished work. Reminders are near: they count. */
const ofItsOwnTime: ReadonlySet<string> = new Set([
  'expire',
  'escalate',
  'review',
  'unredeemed',
  'unreported',
  'keys',
  'endLease',
  'sweepTargets',
  'prune',
  'lookAtAccounts',
  'news',
  'trouble',
  'crowd',
])

/** What a settled request wants no more: nothing waits for it, and it should have been dropped. */
const forPendingOnly: ReadonlySet<string> = new Set(['announce', 'preview', 'remind', 'expire', 'escalate'])

const isInVain = ({ task, settled }: JobRow) => settled && forPendingOnly.has(task)

/** Whether a job is work that has begun, or should have. */
export function isUnfinished(job: JobRow): boolean {
  if (job.due || job.lockedBy !== null || job.attempts > 0) return true
  return !ofItsOwnTime.has(job.task) && !isInVain(job)
}

/** Nothing is held by a worker that died, given up, nameless, or still waiting when everything was well for long enough. */
export const noJobIsStuckOrDead: Law = ({ jobs }) =>
  jobs.flatMap((job) => {
    const about = `job ${job.id} ${job.key ?? job.task}`
    if (job.attempts >= job.maxAttempts)
      return [{ about, says: `has failed ${job.attempts} times and will not be tried again: ${job.error}` }]
    if (job.lockedBy !== null)
      return [{ about, says: `is held by ${job.lockedBy}, attempt ${job.attempts}: ${job.error}` }]
    if (job.key === null) return [{ about, says: 'has no key: nobody can replace or drop it' }]
    if (isUnfinished(job))
      return [{ about, says: `is not done when all is quiet, attempt ${job.attempts}: ${job.error}` }]
    return []
  })

type Measure = 'residentMb' | 'handles' | 'connections'

/**
 * `more`: how much more the second half of the load may have than the first, as a part of it and a little beside. `rest`:
 * what is left when everything has been quiet for a while: a server with nothing to do, two of them for connections.
 */
const bounds: Readonly<
  Record<Measure, { readonly more: readonly [part: number, beside: number]; readonly rest: number }>
> = {
  residentMb: { more: [1.3, 60], rest: 500 },
  handles: { more: [1.5, 60], rest: 100 },
  connections: { more: [1.3, 10], rest: 50 },
}

/** A shorter load says nothing about growth: its halves differ by what happened to break in them. Milliseconds. */
const longEnough = 4 * 60_000

/** After the last agent has hung up, connections that are kept alive take a moment to go. Milliseconds. */
const restAfter = 15_000

/**
 * Memory, handles and connections do not grow with time: by their medians, the second half of the load has no more than
 * the first; and in the quiet after it they are back within bounds. What has to grow with the number of requests stands
 * in the database, not in the processes.
 */
export const nothingGrowsWithoutBound: Law = (evidence) => {
  const { samples, loadBegan, loadEnded } = evidence
  const middle = (loadBegan + loadEnded) / 2
  return [...by(samples, ({ replica }) => replica)].flatMap(([replica, mine]) =>
    (Object.keys(bounds) as Measure[]).flatMap((what): readonly Finding[] => {
      // keys of the table above
      const { more, rest } = bounds[what]
      const over = (from: number, to: number) => median(mine, what, [from, to])
      const [first, second] = [over(loadBegan, middle), over(middle, loadEnded)]
      const atRest = over(loadEnded + restAfter, Number.POSITIVE_INFINITY)
      const about = `${replica} ${what}`
      const grew =
        loadEnded - loadBegan >= longEnough &&
        first !== null &&
        second !== null &&
        second > first * more[0] + more[1]
      return [
        ...(grew ? [{ about, says: `grew from ${first?.toFixed(0)} to ${second?.toFixed(0)}` }] : []),
        ...(atRest !== null && atRest > rest
          ? [{ about, says: `is ${atRest.toFixed(0)} with nothing to do; at most ${rest} is fine` }]
          : []),
      ]
    }),
  )
}

/** Null with too few samples to say anything. */
function median(
  samples: readonly Sample[],
  what: Measure,
  [from, to]: readonly [number, number],
): number | null {
  const values = samples
    .filter(({ at }) => at >= from && at < to)
    .flatMap((one) => one[what] ?? [])
    .sort((a, b) => a - b)
  return values.length < 4 ? null : (values[Math.floor(values.length / 2)] ?? null)
}

/** People are told of what is settled within the minute after it, all at once. */
const toBeTold: ReadonlySet<string> = new Set(['news', 'trouble'])

/** Jobs that there always are: the signing keys have one, and so have old messages. */
const ofTheInstallation = 3

/**
 * Only so many rows of jobs are left as there are things to come: at most a dozen for each request that waits, one for each
 * approval that can still be used or has still to be reported on, and none
 * that would speak to people about one that is settled.
 */
export const theQueueIsEmptyAtTheEnd: Law = ({ jobs, requests }) => {
  const lasting = jobs.filter(({ task }) => !toBeTold.has(task))
  const waiting = requests.filter(({ state }) => state === 'pending').length
  const usable = requests.filter(({ state }) => state === 'approved' || state === 'executing').length
  return [
    ...(lasting.length > waiting * 12 + usable + ofTheInstallation
      ? [
          {
            about: `${lasting.length} jobs`,
            says: `are left for ${waiting} requests that wait and ${usable} whose approval has its time`,
          },
        ]
      : []),
    ...jobs
      .filter(isInVain)
      .map(({ id, key }) => ({ about: `job ${id} ${key}`, says: 'is left for a request that is settled' })),
  ]
}

/** No server ends unless it is told to. One may refuse to start while its database is away, and only then. */
export const noServerEndsByItself: Law = (evidence) =>
  evidence.servers.flatMap((life) => {
    if (!life.ended || life.ended.byUs) return []
    const { at } = life.ended
    const wasAway = evidence.trouble.some(
      ({ what, from, to }) => what === 'database' && life.startedAt < to + aftermath && at > from,
    )
    if (life.readyAt === null && wasAway) return []
    const last =
      life.said
        .slice(-3)
        .map(({ text }) => inShort(text))
        .join(' / ') || 'it said nothing'
    const when = life.readyAt === null ? 'while it started' : 'after it was ready'
    return [
      { about: `${life.replica} ${life.pid}`, says: `ended by itself ${when} (${life.ended.how}): ${last}` },
    ]
  })

/** Bugs that escaped, and errors that no trouble of the database explains. */
export const noServerLogsAFaultOfItsOwn: Law = (evidence) =>
  evidence.servers.flatMap((life) =>
    life.said
      .filter(({ at, level, text }) => {
        if (/unhandled|uncaught/i.test(text) || /"msg":"(call|mount) failed"/.test(text)) return true
        if (level < 50 || !/"err":/.test(text)) return false
        return !inTrouble(evidence, 'database', at, aftermath) && life.readyAt !== null && at > life.readyAt
      })
      .map(({ at, text }) => ({
        about: `${life.replica} ${life.pid}`,
        says: `${new Date(at).toISOString()} ${inShort(text)}`,
      })),
  )

/** Of a log line: the message, and the error's own. */
function inShort(line: string): string {
  const message = /"msg":"([^"]*)"/.exec(line)?.[1]
  const error = /"err":\{"type":"(\w+)","message":"((?:[^"\\]|\\.)*)"/.exec(line)
  if (message === undefined) return line.slice(0, 300)
  return error ? `${message}: ${error[1]}: ${error[2]?.replaceAll('\\n', ' ').slice(0, 200)}` : message
}

/** What an agent may hear besides an answer: 503 that says when to come back, 429 likewise, and what it asked for. */
export const everyAnswerIsOneThatTheDocsPromise: Law = ({ promises }) =>
  promises.flatMap((ask) =>
    ask.heard.flatMap((heard) => {
      const wrong = wrongWith(heard)
      const call = `${heard.call} ${ask.key} at ${heard.replica}`
      return wrong ? [{ about: call, says: `${new Date(heard.at).toISOString()} ${wrong}` }] : []
    }),
  )

function wrongWith({ call, status, code, id, retryAfter }: Heard): string | null {
  if (status === 503 || status === 429)
    return retryAfter ? null : `was answered ${status} ${code} without Retry-After`
  if (call === 'mismatch')
    return status === 422 && code === 'idempotency_mismatch' ? null : `another body got ${status} ${code}`
  if (call === 'revise' && status === 409 && code === 'not_revisable') return null
  if (call === 'cancel' && status === 409 && code === 'wrong_state') return null
  if (status < 200 || status > 299) return `was answered ${status} ${code}`
  return id === null ? `was answered ${status} without an id` : null
}

/** When all is well again, both replicas say so and do their work. */
export const bothReplicasWorkAtTheEnd: Law = ({ atTheEnd }) =>
  atTheEnd.flatMap(({ replica, ready, asked }) => [
    ...(ready === '200 ready' ? [] : [{ about: replica, says: `its readiness is ${ready}` }]),
    ...(asked === '201 approved' ? [] : [{ about: replica, says: `an allowed request got ${asked}` }]),
  ])

/** So many looks into a spell may find a replica that has not noticed yet: each makes it prove that it can write. */
const looksToNotice = 2

/** A replica that cannot write says so. How long it took is not asked: a busy machine takes its time for everything. */
export const notReadyWhileItCannotWrite: Law = ({ trouble, samples }) =>
  trouble
    .filter((one) => one.kind === 'read-only')
    .flatMap((spell) => {
      const inside = samples.filter((one) => one.askedAt > spell.from && one.at < spell.to - 250)
      return [...by(inside, (one) => `${one.replica} ${one.pid}`).values()].flatMap((looks) =>
        looks.slice(looksToNotice).flatMap((look, nth) =>
          look.ready === 200
            ? [
                {
                  about: look.replica,
                  says: `said that it was ready at look ${nth + looksToNotice + 1} into a read-only spell`,
                },
              ]
            : [],
        ),
      )
    })
