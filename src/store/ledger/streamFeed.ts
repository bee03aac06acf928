import type { Pool } from 'pg'
import type { Standing, StreamFeed } from '../../approvals/streams/streamFeed.ts'
import { unavailableIn } from '../unavailable.ts'
import { recordedPages } from './recordedEntries.ts'

/** Seconds: longer than a receiver is waited for before the turn is made longer, and as long as a stream rests when a replica died in its turn. */
const turnSeconds = 30

/** The `StreamFeed` port on PostgreSQL. */
export function streamFeedOn(pool: Pool): StreamFeed {
  return {
    ...cursorsOn(pool),
    async *pages(range) {
      try {
        yield* recordedPages(pool, range)
      } catch (error) {
        throw unavailableIn(error) ?? error
      }
    },
    async lag(streams) {
      const { rows } = await told(() =>
        pool.query<{ lag: string }>(
          `SELECT greatest(0, coalesce(max(${sealed} - next_index), 0)) AS lag FROM stream_cursors WHERE name = ANY ($1)`,
          [streams],
        ),
      )
      return Number(rows[0]?.lag ?? 0)
    },
    async entryAt(index) {
      const { rows } = await told(() =>
        pool.query<{ id: string }>('SELECT entry_id AS id FROM ledger_leaves WHERE index = $1', [index]),
      )
      return rows[0]?.id ?? null
    },
  }
}

const sealed = '(SELECT coalesce(max(size), 0) FROM ledger_head)'

function cursorsOn(pool: Pool): Omit<StreamFeed, 'pages' | 'entryAt' | 'lag'> {
  const one = async (text: string, values: readonly unknown[]): Promise<Standing | null> => {
    const { rows } = await told(() => pool.query<Row>(text, [...values]))
    return rows[0] ? standingOf(rows[0]) : null
  }
  return {
    async begin(stream, at) {
      await one(
        `INSERT INTO stream_cursors (name, next_index, advanced_at)
         SELECT $1, CASE $2 WHEN 'now' THEN ${sealed} ELSE 0 END, clock_timestamp() ON CONFLICT DO NOTHING`,
        [stream, at],
      )
    },
    async standing(stream) {
      const found = await one(
        `SELECT next_index AS next, ${sealed} AS size FROM stream_cursors WHERE name = $1`,
        [stream],
      )
      if (!found) throw new Error(`the cursor of the stream ${stream} is gone`)
      return found
    },
    take: (stream, holder) =>
      one(
        `UPDATE stream_cursors SET holder = $2, held_until = clock_timestamp() + make_interval(secs => $3)
         WHERE name = $1 AND (holder IS NULL OR holder = $2 OR held_until < clock_timestamp())
         RETURNING next_index AS next, ${sealed} AS size`,
        [stream, holder, turnSeconds],
      ),
    async keep(stream, holder) {
      const kept = await one(
        `UPDATE stream_cursors SET held_until = clock_timestamp() + make_interval(secs => $3)
         WHERE name = $1 AND holder = $2 RETURNING next_index AS next, 0 AS size`,
        [stream, holder, turnSeconds],
      )
      return kept !== null
    },
    async advance(stream, { holder, from, to }) {
      const moved = await one(
        `UPDATE stream_cursors SET next_index = $4, advanced_at = clock_timestamp(),
           held_until = clock_timestamp() + make_interval(secs => $5)
         WHERE name = $1 AND holder = $2 AND next_index = $3 AND $4 > $3 RETURNING next_index AS next, 0 AS size`,
        [stream, holder, from, to, turnSeconds],
      )
      return moved !== null
    },
    async release(stream, holder) {
      await one(
        'UPDATE stream_cursors SET holder = NULL, held_until = NULL WHERE name = $1 AND holder = $2',
        [stream, holder],
      )
    },
  }
}

interface Row {
  readonly next: string
  readonly size: string
}

function standingOf({ next, size }: Row): Standing {
  return { next: Number(next), size: Number(size) }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}
