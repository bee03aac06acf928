import type { WorkerEvents } from 'graphile-worker'
import type { PoolClient } from 'pg'
import { dueTopic } from '../approvals/job.ts'
import type { Store } from '../approvals/ports.ts'

/** What a runner hears of jobs by, and whose hands it has. */
interface Hearing {
  readonly watch: Store['watch']
  readonly events: WorkerEvents
  readonly tasks: Iterable<string>
  readonly hands: number
}

/**
 * Wakes as many hands of a runner as jobs of its own tasks became due. By itself it hears of every job, also of one for later and of
 * one for others, and for each of them a hand asks the database. Where something may have been missed, all hands look.
 *
 * @returns how to stop
 */
export function hearOfDue({ watch, events, tasks, hands }: Hearing): () => void {
  let ear: PoolClient | null = null
  const wake = (jobs = hands): void => {
    // As if the database had announced so many: it looks itself whether it is still at work.
    const payload = JSON.stringify({ count: jobs })
    ear?.emit('notification', { channel: announcing, payload, processId: 0 })
  }
  events.on('pool:listen:success', ({ client }) => {
    ear = client
    // After the runner's own words to this session, which it says in this turn.
    queueMicrotask(() => {
      client.query(`UNLISTEN "${announcing}"`).catch(() => undefined) // then it hears of more than it has to
      wake()
    })
  })
  const ends = [...tasks].map((task) => watch(dueTopic(task), wake))
  return () => {
    for (const end of ends) end()
  }
}

/** The channel on which graphile-worker announces jobs. */
const announcing = 'jobs:insert'
