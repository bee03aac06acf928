import { Refusal } from '../core/refusal.ts'
import { requestEntry } from './newEntry.ts'
import type { Ports } from './ports.ts'
import { refreshJob } from './settle.ts'

/**
 * The time to review a broken glass is over. If nobody has, that is recorded, once; the thread under the card says so,
 * and whoever heard the alarm hears it again. One that is not due yet (a clock went back) gets its job again.
 *
 * @throws Refusal `unknown_request`
 */
export async function overdueReview(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'a review of a request that does not exist')
  const { brokenGlass } = request
  if (!brokenGlass || brokenGlass.review) return
  if (ports.clock().toISOString() < brokenGlass.reviewBy) {
    await ports.store.commit({
      entries: [],
      jobs: [{ task: 'review', request: id, at: brokenGlass.reviewBy }],
    })
    return
  }
  const entry = requestEntry(ports, request, {
    type: 'review.overdue',
    actor: { kind: 'system', id: 'deadline', via: 'clock' },
    data: { review_by: brokenGlass.reviewBy },
  })
  await ports.store.commit({
    entries: [entry],
    jobs: [...refreshJob(request), { task: 'alarm', request: id, why: 'overdue' }],
    delivery: `review:${id}`,
  })
}
