import { expect, test } from 'vitest'
import type { Mention } from '../../src/approvals/records.ts'
import type { Subject } from './contract.ts'
import { approved, at, madeAgent, madeRequest, newId, submission } from './made.ts'

const dayBefore = new Date(Date.parse(at) - 86_400_000).toISOString()

/** One message that calls somebody, three times a day at most and twice for one agent. */
function calling(account: string, change: Partial<Mention> = {}) {
  const mention = { account, name: newId('msg'), agent: 'agt_1', at, atMost: 3, ofAgentAtMost: 2, ...change }
  return { mentions: [mention], entries: [] }
}

export function countsMentions(open: () => Promise<Subject>): void {
  const calledBy = async ({ store }: Subject, account: string, name = '') =>
    (await store.called({ accounts: [account], agent: 'agt_1', name, since: dayBefore }))[0]

  test('somebody is called so often by one agent, and so often by all', async () => {
    const subject = await open()
    const bob = newId('slack:U')
    const { store } = subject
    expect(await store.commit(calling(bob))).toBe('applied')
    expect(await store.commit(calling(bob))).toBe('applied')

    expect(await store.commit(calling(bob))).toBe('conflict')
    expect(await store.commit(calling(bob, { agent: 'agt_2' }))).toBe('applied')
    expect(await store.commit(calling(bob, { agent: 'agt_2' }))).toBe('conflict')

    expect(await calledBy(subject, bob)).toEqual({ account: bob, byAll: 3, byAgent: 2, already: false })
    expect(await store.commit(calling(newId('slack:U')))).toBe('applied')
  })

  test('of twenty messages at once as many call as may', async () => {
    const subject = await open()
    const bob = newId('slack:U')
    const call = () => subject.store.commit(calling(bob, { ofAgentAtMost: 3 }))

    const outcomes = await Promise.all(Array.from({ length: 20 }, call))

    expect(outcomes.filter((one) => one === 'applied')).toHaveLength(3)
    expect((await calledBy(subject, bob))?.byAll).toBe(3)
  })

  test('the same message calls once, however often it is tried, also when nobody else may call any more', async () => {
    const subject = await open()
    const bob = newId('slack:U')
    const once = calling(bob)
    await subject.store.commit(once)
    await subject.store.commit(calling(bob))

    expect(await subject.store.commit(once)).toBe('applied')

    const name = once.mentions[0]?.name
    expect(await calledBy(subject, bob, name)).toMatchObject({ byAll: 2, already: true })
  })

  test('what has no bound is counted and never refused; a day later nothing of it counts', async () => {
    const subject = await open()
    const bob = newId('slack:U')
    const { atMost: _, ofAgentAtMost: __, ...unbound } = calling(bob).mentions[0] ?? { account: '' }
    for (let nth = 0; nth < 5; nth += 1) {
      const mention = { ...unbound, name: newId('msg'), agent: 'agt_1', at }
      expect(await subject.store.commit({ mentions: [mention], entries: [] })).toBe('applied')
    }
    expect(await subject.store.commit(calling(bob))).toBe('conflict')

    const later = new Date(Date.parse(at) + 86_400_000).toISOString()
    expect(await subject.store.commit(calling(bob, { at: later }))).toBe('applied')
  })

  test('nothing of a change is written where somebody of it may not be called', async () => {
    const subject = await open()
    const [bob, ann] = [newId('slack:U'), newId('slack:U')]
    await subject.store.commit(calling(bob, { atMost: 1 }))
    const mentions = [...calling(ann).mentions, ...calling(bob, { atMost: 1 }).mentions]

    expect(await subject.store.commit({ mentions, entries: [] })).toBe('conflict')

    expect((await calledBy(subject, ann))?.byAll).toBe(0)
  })

  test('what people were asked about is found by its time, newest first, with whom it asked and what they said', async () => {
    const { store } = await open()
    const agent = madeAgent()
    const madeBy = (given: Parameters<typeof madeRequest>[0]) => {
      const made = madeRequest(given)
      return { ...made, agent: { ...made.agent, id: agent.id } }
    }
    const [first, second] = [madeBy({}), madeBy({})]
    const flowed = madeBy({ state: 'approved', requirement: null, expiresAt: null })
    await store.commit({ agents: [{ expected: null, next: agent }], entries: [] })
    for (const request of [first, second, flowed]) await store.commit(submission(request))
    await store.commit({ request: { expected: 1, next: approved(first) }, entries: [] })
    const before = new Date(Date.parse(at) - 1).toISOString()
    const asked = ({ requirement, escalations, createdAt }: typeof first) =>
      expect.objectContaining({ requirement, escalations, createdAt })

    const found = await store.askedOf(before, 3)

    expect(found).toEqual([asked(second), asked(first)])
    expect(found.map(({ decisions }) => decisions)).toEqual([[], approved(first).decisions])
    // What was allowed is looked at as well.
    expect(await store.askedOf(before, 2)).toEqual([asked(second)])
    expect(await store.askedOf(at, 3)).toEqual([])
  })

  test('a card keeps whom it spares', async () => {
    const { store } = await open()
    const card = {
      id: newId('crd'),
      version: 1,
      request: newId('req'),
      conversation: 'slack:C0X',
      status: 'posting',
      message: null,
      shown: null,
      told: 0,
    } as const
    const spared = { 'slack:S0DATA': ['slack:U0BOB'] }
    await store.commit({ cards: [{ expected: null, next: { ...card, spared } }], entries: [] })
    const next = { ...card, spared, version: 2, status: 'posted', message: '1.1' } as const
    await store.commit({ cards: [{ expected: 1, next }], entries: [] })

    expect(await store.card(card.id)).toEqual(next)
  })
}
