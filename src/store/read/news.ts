import type { Pool } from 'pg'
import type { NewsJob } from '../../approvals/news/records.ts'
import type { Store } from '../../approvals/ports.ts'

/** What waits in the job queue to be told to people. */
export function readNews(pool: Pool): Pick<Store, 'waitingNews'> {
  return {
    async waitingNews(person) {
      const { rows } = await pool.query<{ payload: Omit<NewsJob, 'task'> }>(waiting, [person])
      return rows.map(({ payload }) => ({ task: 'news', ...payload }) as NewsJob) // as it was committed
    },
  }
}

/** Also what somebody has in hand; of what lost its key to whoever told it nothing is left to tell. */
const waiting = `
  SELECT jobs.payload FROM graphile_worker._private_jobs AS jobs
  WHERE jobs.task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'news')
    AND jobs.key IS NOT NULL AND jobs.payload ->> 'person' = $1
  ORDER BY jobs.id`
