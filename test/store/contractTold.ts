import { describe, expect, test } from 'vitest'
import type { NewsJob } from '../../src/approvals/news/records.ts'
import type { Subject } from './contract.ts'
import { at, madeCard, madeLine, madeRequest, submission } from './made.ts'

const here = 'slack:C0CROWD'
const later = '2026-11-24T15:00:00.000Z'

/** What waits to be told to people, and the cards that stand for many. */
export function keepsWhatIsTold(open: () => Promise<Subject>): void {
  describe('news', () => {
    test('all of one person, in order, and none of others; what was dropped is none', async () => {
      const { store } = await open()
      const job = (person: string, version: number): NewsJob => ({
        task: 'news',
        person,
        about: { request: 'req_1', version },
        since: at,
        at: later,
      })
      await store.commit({ entries: [], jobs: [job('per_a', 1), job('per_b', 1)] })
      await store.commit({ entries: [], jobs: [job('per_a', 2)] })
      expect(await store.waitingNews('per_a')).toEqual([job('per_a', 1), job('per_a', 2)])
      expect(await store.waitingNews('per_c')).toEqual([])

      await store.commit({ entries: [], dropJobs: ['news:per_a:req_1:1'] })

      expect(await store.waitingNews('per_a')).toEqual([job('per_a', 2)])
      expect(await store.waitingNews('per_b')).toHaveLength(1)
    })
  })

  describe('a card that stands for many', () => {
    const made = { id: here, version: 1, message: null, shown: null, next: at, reminded: false }

    test('is kept by its version, once, and removed by it', async () => {
      const { store } = await open()
      const put = () => store.keepCrowdCard({ expected: null, next: made })
      expect((await Promise.all([put(), put()])).toSorted()).toEqual([false, true])
      const next = { ...made, version: 2, message: '1.5', shown: 'ab', next: later, reminded: true }
      const move = () => store.keepCrowdCard({ expected: 1, next })
      expect([await move(), await move()]).toEqual([true, false])
      expect(await store.crowdCard(here)).toEqual(next)
      expect(await store.crowdCard('slack:C0OTHER')).toBeNull()

      expect([await store.dropCrowdCard({ id: here, version: 1 }), await store.crowdCard(here)]).toEqual([
        false,
        next,
      ])
      expect(await store.dropCrowdCard({ id: here, version: 2 })).toBe(true)
      expect(await store.crowdCard(here)).toBeNull()
    })

    test('what asks in a conversation: those that wait, with what stands there for each', async () => {
      const { store } = await open()
      const requirement = madeRequest().requirement
      if (!requirement) throw new Error('it asks people')
      const asking = (channels: readonly string[], remindAfterSeconds: readonly number[] = []) =>
        madeRequest({ requirement: { ...requirement, notify: { channels, remindAfterSeconds } } })
      const [bare, posted, elsewhere] = [asking([here], [60]), asking([here]), asking(['slack:C0OTHER'])]
      for (const one of [bare, posted, elsewhere]) await store.commit(submission(one))
      const of = (request: string, type: 'card.posted' | 'card.listed', ts: string) =>
        madeLine({ type, request, ts, data: { conversation: here, message: '1.5' } })
      await store.commit({
        cards: [
          {
            expected: null,
            next: madeCard(posted.id, { conversation: here, status: 'posted', message: '1.5' }),
          },
        ],
        entries: [of(posted.id, 'card.posted', later), of(bare.id, 'card.listed', later)],
      })

      const found = await store.askingIn(here)

      const byId = new Map(found.map((one) => [one.id, one]))
      expect([...byId.keys()].toSorted()).toEqual([bare.id, posted.id].toSorted())
      expect(byId.get(bare.id)).toMatchObject({
        ...{ agent: bare.agent.name, createdAt: bare.createdAt, expiresAt: bare.expiresAt },
        ...{ escalated: false, postedAt: null, listed: true },
        remindAt: new Date(Date.parse(bare.createdAt) + 60_000).toISOString(),
      })
      expect(byId.get(posted.id)).toMatchObject({ postedAt: later, listed: false, remindAt: null })
      expect(await store.askingIn('slack:C0NOTHING')).toEqual([])
    })
  })
}
