import { availableParallelism } from 'node:os'
import type { PoolClient } from 'pg'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { patientLimits, type SessionPool } from '../pool.ts'
import { type CheckThread, startCheckThread } from './checkThreads.ts'
import { checkerOn, type PageChecker } from './ledgerPages.ts'
import { joinMoment } from './moment.ts'

interface Place {
  readonly databaseUrl: string
  readonly log: Log
}

/** Connections of each thread, and of this one where it checks alone: one page is read while another is verified. */
export const connectionsEach = 2

/** From so many pages on, threads are worth their start; and never more of them, since each has its connections. */
const [worthThreads, mostThreads] = [32, 4]

/** Who checks pages of one moment: in threads where there are many, otherwise here. Nobody where nothing can be had: the first connection goes on alone. */
export function pageCheckers(place: Place) {
  const threads: CheckThread[] = []
  const here: { pool: SessionPool; clients: PoolClient[] }[] = []
  return {
    start: async (snapshot: string, pages: number): Promise<readonly PageChecker[]> => {
      const count = pages < worthThreads ? 0 : Math.min(availableParallelism(), mostThreads)
      const starts = Array.from({ length: count }, () => startCheckThread({ ...place, snapshot }))
      for (const started of await Promise.all(starts)) if (started) threads.push(started)
      if (threads.length > 0) return alternately(threads.map(({ checkers }) => checkers))
      try {
        const pool = await connect(place.databaseUrl, place.log, { ...patientLimits, size: connectionsEach })
        const clients: PoolClient[] = []
        here.push({ pool, clients })
        return await checkersOf({ pool, clients, snapshot })
      } catch {
        return []
      }
    },
    end: async (): Promise<void> => {
      await Promise.all(threads.map((thread) => thread.end()))
      for (const { pool, clients } of here) {
        for (const client of clients) client.release(true)
        await pool.end()
      }
    },
  }
}

/** All connections of a pool, each with the same moment; `clients` has those that are to be given back, also when it fails. */
export async function checkersOf({
  pool,
  clients,
  snapshot,
}: {
  readonly pool: SessionPool
  readonly clients: PoolClient[]
  readonly snapshot: string
}): Promise<readonly PageChecker[]> {
  for (let nth = 0; nth < connectionsEach; nth += 1) {
    const client = await pool.connect()
    clients.push(client)
    await joinMoment(client, snapshot)
  }
  return clients.map(checkerOn)
}

/** The first of each, then the second of each: pages that follow each other are checked by different threads. */
function alternately<T>(all: readonly (readonly T[])[]): readonly T[] {
  return Array.from({ length: connectionsEach }, (_, nth) =>
    all.flatMap((some) => some.slice(nth, nth + 1)),
  ).flat()
}
