import { readBacklog } from '../jobs/backlog.ts'
import { within } from '../lifetime/limit.ts'
import type { Glance, Stored } from '../metrics/glance.ts'
import { readStanding } from '../store/read/standing.ts'
import type { Parts } from './compose.ts'

/** Milliseconds that the database has to answer a scrape; scrapers give up after ten seconds. */
const limitMs = 2_000

/** How things stand with this replica, for its metrics. Never rejects, and takes some two seconds at most. */
export function glancer(
  { store, anchors, policy }: Pick<Parts, 'store' | 'anchors' | 'policy'>,
  {
    conditions,
    streams,
  }: {
    readonly conditions: () => Promise<Glance['conditions']>
    /** The names of those that are configured. */
    readonly streams: readonly string[]
  },
): () => Promise<Glance> {
  let reading: Promise<Stored> | null = null
  const stored = () => {
    // One that was given up may still wait for its answer: scrapes must not pile up in a database that is slow.
    reading ??= read(store, { anchors, streams }).finally(() => {
      reading = null
    })
    return reading
  }
  return async () => {
    const [wrong, found] = await Promise.all([
      conditions(),
      // Health says what is wrong with the database; here there is nothing to say then.
      within(limitMs, 'reading how things stand', stored).catch(() => null),
    ])
    const judging = { files: policy.files(), confirmedSeconds: policy.confirmedAgo() / 1_000 }
    return { conditions: wrong, judging, stored: found }
  }
}

interface Watched {
  readonly anchors: Parts['anchors']
  readonly streams: readonly string[]
}

async function read({ pool, store, feed, anchored }: Parts['store'], watched: Watched): Promise<Stored> {
  const { anchors, streams } = watched
  const [taken, standing, replicas, jobs, streamLag] = await Promise.all([
    anchored.newest(),
    readStanding(pool),
    store.replicas(),
    readBacklog(pool),
    feed.lag(streams),
  ])
  const ages = anchors.flatMap(({ name }) => taken.get(name)?.agoSeconds ?? [])
  const anchoredSeconds = ages.length > 0 ? Math.max(...ages) : null
  return { ...standing, anchoredSeconds, replicas, jobs, streamLag }
}
