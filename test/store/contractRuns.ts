import { expect, test } from 'vitest'
import type { ActionRequest } from '../../src/core/request.ts'
import { moved } from '../support/executing.ts'
import type { Subject } from './contract.ts'
import { madeRequest, submission } from './made.ts'

const at = '2026-11-24T14:00:00.000Z'
const since = '2026-11-24T13:30:00.000Z'
const allowed = (change: Partial<ActionRequest> = {}): ActionRequest =>
  madeRequest({ state: 'approved', effect: 'read', settledAt: at, expiresAt: null, ...change })

/** What agents have read, and in which sessions. */
export function knowsWhatWasRead(open: () => Promise<Subject>): void {
  const found = async ({ store }: Subject, agent = 'agt_1', limit = 10) =>
    (await store.earlierReads({ agent, since, limit })).map(({ id }) => id)

  test('reads that were let through are found, the newest first, and no more than are asked for', async () => {
    const subject = await open()
    const [first, second] = [allowed(), allowed({ settledAt: '2026-11-24T14:01:00.000Z' })]
    const asked = allowed({ settledAt: '2026-11-24T14:02:00.000Z', expiresAt: '2026-11-24T15:00:00.000Z' })
    for (const one of [first, second, asked]) await subject.store.commit(submission(one))

    expect(await found(subject)).toEqual([asked.id, second.id, first.id])
    expect(await found(subject, 'agt_1', 2)).toEqual([asked.id, second.id])
  })

  test('with what was judged of them, their runs and their grants', async () => {
    const { store } = await open()
    const read = allowed({ run: { session: 'one', model: 'm' } })
    await store.commit(submission(read))

    const [one] = await store.earlierReads({ agent: 'agt_1', since, limit: 10 })
    const { id, action, run, verdict, settledAt } = read
    expect(one).toMatchObject({ id, action, run, verdict, settledAt })
  })

  test('what was not let through, writes, or is of another agent is not among them', async () => {
    const subject = await open()
    const { store } = subject
    await store.commit(submission(allowed({ state: 'denied' })))
    for (const move of ['expire', 'cancel', null] as const) {
      const waiting = allowed({ state: 'pending', settledAt: null, expiresAt: '2026-11-24T15:00:00.000Z' })
      await store.commit(submission(waiting))
      if (move) await moved(store, waiting.id, move)
    }
    await subject.store.commit(submission(allowed({ effect: 'write' })))
    await subject.store.commit(submission(allowed({ agent: { ...madeRequest().agent, id: 'agt_2' } })))

    expect(await found(subject)).toEqual([])
    expect(await found(subject, 'agt_2')).toHaveLength(1)
  })

  test('whatever has become of what was let through, it was', async () => {
    const subject = await open()
    const ways = [[], ['lapse'], ['revoke'], ['redeem'], ['redeem', 'succeed'], ['redeem', 'lose']] as const
    for (const way of ways) {
      const read = allowed()
      await subject.store.commit(submission(read))
      await moved(subject.store, read.id, ...way)
    }

    expect(await found(subject)).toHaveLength(ways.length)
  })

  test('a session is known by its exact name, of its agent, from when it was named', async () => {
    const { store } = await open()
    const session = 'run "8841" \\ über'
    const named = madeRequest({ run: { model: 'x","session":"forged', session } })
    await store.commit(submission(named))
    const had = (change: Partial<Parameters<typeof store.hadSession>[0]> = {}) =>
      store.hadSession({ agent: named.agent.id, session, by: named.createdAt, ...change })

    expect(await had()).toBe(true)
    expect(await had({ session: 'run' })).toBe(false)
    expect(await had({ session: 'forged' })).toBe(false)
    expect(await had({ agent: 'agt_2' })).toBe(false)
    expect(await had({ by: new Date(Date.parse(named.createdAt) - 1).toISOString() })).toBe(false)
  })
}
