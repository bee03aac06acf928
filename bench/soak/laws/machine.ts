import type { Evidence, Heard, Sample } from '../evidence.ts'
import { by, type Finding, inTrouble, type Law } from './law.ts'

/** Milliseconds after trouble with the database in which its last connections may still be found out. */
const aftermath = 20_000

/** Nothing is held by a worker that died, given up, nameless, or still waiting when everything was well for long enough. */
export const noJobIsStuckOrDead: Law = ({ jobs }) =>
  jobs.flatMap((job) => {
    const about = `job ${job.id} ${job.key ?? job.task}`
    if (job.attempts >= job.maxAttempts)
      return [{ about, says: `has failed ${job.attempts} times and will not be tried again: ${job.error}` }]
    if (job.lockedBy !== null)
      return [{ about, says: `is held by ${job.lockedBy}, attempt ${job.attempts}: ${job.error}` }]
    if (job.key === null) return [{ about, says: 'has no key: nobody can replace or drop it' }]
    if (job.due) return [{ about, says: `waits although it is due, attempt ${job.attempts}: ${job.error}` }]
    return []
  })

/** How much more the second half of the load may have than the first: a part of it, and a little beside. */
const tolerance: Readonly<
  Record<'residentMb' | 'handles' | 'connections', readonly [part: number, more: number]>
> = {
  residentMb: [1.35, 40],
  handles: [1.35, 20],
  connections: [1.25, 8],
}

/**
 * The second half of the load has no more memory, handles and connections than the first, by the upper quarter of the
 * samples: what has to grow with the number of requests stands in the database, not in the processes.
 */
export const nothingGrowsWithoutBound: Law = (evidence) => {
  const middle = (evidence.loadBegan + evidence.loadEnded) / 2
  const loaded = evidence.samples.filter(({ at }) => at >= evidence.loadBegan && at <= evidence.loadEnded)
  return (Object.keys(tolerance) as (keyof typeof tolerance)[]).flatMap(
    (
      what, // keys of the table above
    ) =>
      [...by(loaded, ({ replica }) => replica)].flatMap(([replica, samples]): readonly Finding[] => {
        const before = upper(samples, what, (at) => at < middle)
        const after = upper(samples, what, (at) => at >= middle)
        if (before === null || after === null) return []
        const [part, more] = tolerance[what]
        return after > before * part + more
          ? [{ about: `${replica} ${what}`, says: `grew from ${before.toFixed(0)} to ${after.toFixed(0)}` }]
          : []
      }),
  )
}

/** The upper quartile; null with too few samples to say anything. */
function upper(
  samples: readonly Sample[],
  what: keyof typeof tolerance,
  within: (at: number) => boolean,
): number | null {
  const values = samples
    .filter(({ at }) => within(at))
    .flatMap((one) => one[what] ?? [])
    .sort((a, b) => a - b)
  return values.length < 4 ? null : (values[Math.floor(values.length * 0.75)] ?? null)
}

/** Only so many rows of jobs are left as there are things to come: at most a dozen for each request that waits. */
export const theQueueIsEmptyAtTheEnd: Law = ({ jobs, requests }) => {
  const waiting = requests.filter(({ state }) => state === 'pending').length
  return jobs.length > waiting * 12
    ? [{ about: `${jobs.length} jobs`, says: `are left for ${waiting} requests that wait` }]
    : []
}

/** No server ends unless it is told to. One may refuse to start while its database is away, and only then. */
export const noServerEndsByItself: Law = (evidence) =>
  evidence.servers.flatMap((life) => {
    if (!life.ended || life.ended.byUs) return []
    if (life.readyAt === null && inTrouble(evidence, 'database', life.startedAt, aftermath)) return []
    const last = life.said.at(-1)?.text.slice(0, 200) ?? 'it said nothing'
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

/** A replica that cannot write says so, when it has had time enough to notice. */
export const notReadyWhileItCannotWrite: Law = (evidence: Evidence) =>
  evidence.samples.flatMap((sample) => {
    const spell = evidence.trouble.find(
      (one) => one.kind === 'read-only' && sample.at > one.from + 5_000 && sample.at < one.to - 250,
    )
    return spell && sample.ready === 200
      ? [
          {
            about: sample.replica,
            says: `said that it was ready ${Math.round((sample.at - spell.from) / 1000)} s into a read-only spell`,
          },
        ]
      : []
  })
