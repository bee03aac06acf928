import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sample } from './evidence.ts'
import type { Database } from './world/database.ts'
import type { Replica } from './world/replica.ts'

/** Milliseconds between two looks. */
const every = 2_000

/** Looks at the processes, the connections and the readiness until it is told to stop. */
export function watch(world: {
  readonly replicas: readonly Replica[]
  readonly database: Database
  readonly stopping: AbortSignal
}): { readonly samples: readonly Sample[]; stop(): Promise<void> } {
  const samples: Sample[] = []
  const ending = new AbortController()
  const signal = AbortSignal.any([ending.signal, world.stopping])
  const watching = (async () => {
    while (!signal.aborted) {
      const counts = await countsOf(world.database)
      samples.push(...(await Promise.all(world.replicas.map((one) => sample(one, counts)))).flat())
      await delay(every, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    samples,
    async stop() {
      ending.abort()
      await watching
    },
  }
}

interface Counts {
  readonly connections: number | null
  readonly jobs: number | null
  readonly unsealedSeconds: number | null
}

const unknown: Counts = { connections: null, jobs: null, unsealedSeconds: null }

async function countsOf(database: Database): Promise<Counts> {
  try {
    const [row] = await database.rows<Counts>(
      `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'countersign%') AS connections,
        (SELECT count(*)::int FROM graphile_worker._private_jobs) AS jobs,
        (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(ts)), 0)::float8 FROM unsealed_entries JOIN entries USING (position)) AS "unsealedSeconds"`,
    )
    return row ?? unknown
  } catch {
    return unknown // it is away, or not yet there
  }
}

async function sample(replica: Replica, counts: Counts): Promise<readonly Sample[]> {
  const pid = replica.pid()
  if (pid === null || !replica.isUp()) return []
  const askedAt = Date.now()
  const ready = await statusOf(`${replica.url}/readyz`)
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const residentMb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024
    const handles = readdirSync(`/proc/${pid}/fd`).length
    return [{ askedAt, at: Date.now(), replica: replica.name, pid, residentMb, handles, ready, ...counts }]
  } catch {
    return [] // it has just ended, or this system has no /proc
  }
}

/** Null when nothing answered within five seconds. */
async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}
