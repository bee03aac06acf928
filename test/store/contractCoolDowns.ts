import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { CoolDown } from '../../src/approvals/records.ts'
import type { Subject } from './contract.ts'
import { approval, at, madeRequest, submission } from './made.ts'

const about = { agent: 'agt_1', digest: 'sha256:d' } as const
const denial = (request: string, change: Partial<CoolDown> = {}): Change => ({
  coolDowns: [{ ...about, request, person: 'per_bob', at, ...change }],
  entries: [],
})
const asking = (request: string | null, change: Partial<CoolDown> = {}) =>
  submission(madeRequest(), { coolDownReads: [{ ...about, ...change, request }] })

/** Which denial stands for an action of an agent, and that who asks people is conditional on it. */
export function keepsCoolDowns(open: () => Promise<Subject>): void {
  test('the newest denial for an agent and an action stands, and is read as it was written', async () => {
    const { store } = await open()
    expect(await store.coolDown('agt_1', 'sha256:d')).toBeNull()

    await store.commit(denial('req_1'))
    await store.commit(denial('req_2', { person: 'per_sam', at: '2026-11-24T14:05:00.000Z' }))
    await store.commit(denial('req_3', { agent: 'agt_2' }))
    await store.commit(denial('req_4', { digest: 'sha256:e' }))

    expect(await store.coolDown('agt_1', 'sha256:d')).toEqual({
      ...about,
      request: 'req_2',
      person: 'per_sam',
      at: '2026-11-24T14:05:00.000Z',
    })
  })

  test.each([
    ['the denial that stands', 'req_1', {}, 'applied'],
    ['none, where one stands', null, {}, 'conflict'],
    ['an older one', 'req_0', {}, 'conflict'],
    ['none, of another agent', null, { agent: 'agt_2' }, 'applied'],
    ['none, of another action', null, { digest: 'sha256:e' } as const, 'applied'],
    ['one, where none stands', 'req_1', { agent: 'agt_2' }, 'conflict'],
  ] as const)('judged by %s (%s): %s → %s', async (_, read, change, outcome) => {
    const { store } = await open()
    await store.commit(denial('req_1'))
    const asked = asking(read, change)

    expect(await store.commit(asked)).toBe(outcome)

    const id = asked.request?.next.id ?? ''
    expect((await store.request(id)) !== null).toBe(outcome === 'applied')
    expect(await store.entries(id)).toHaveLength(outcome === 'applied' ? 1 : 0)
  })

  test('what is committed in the same instant counts in its order', async () => {
    const { store } = await open()

    const outcomes = await Promise.all([
      store.commit(asking(null)),
      store.commit(denial('req_1')),
      store.commit(asking(null)),
      store.commit(denial('req_2')),
      store.commit(asking(null, { agent: 'agt_2' })),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict', 'applied', 'applied'])
  })

  test('a denial that lost its race leaves none', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    await store.commit(approval(request))

    const late = store.commit({ ...approval(request), ...denial(request.id) })

    expect(await late).toBe('conflict')
    expect(await store.coolDown('agt_1', 'sha256:d')).toBeNull()
  })
}
