import { describe, expect, test } from 'vitest'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import { opened } from '../store/opened.ts'
import { nobodyHears } from '../support/health.ts'
import { testBundle } from '../support/testBundle.ts'
import { agree, asked, guarded, looser, policyHouse } from './policyHouse.ts'

describe('on the database', () => {
  test('a change that people approved reaches a replica that only listens', async () => {
    const { store, databaseUrl } = await opened()
    const house = await policyHouse({ store })
    await house.propose(guarded)
    const replica = await opened(databaseUrl)
    const followed = await followPolicy({ store: replica.store, ...nobodyHears })
    const request = await asked(house, looser)
    await agree(house, request)

    expect(await activateApproved({ ...house.ports, store: replica.store }, request.id)).toBe('activated')

    await expect.poll(() => followed.current()?.digest).toBe(testBundle(looser).digest)
    await expect.poll(() => house.ports.policy()?.digest).toBe(testBundle(looser).digest)
    await followed.stop()
  })

  test('of two jobs at once, on two replicas, one activates', async () => {
    const { store, databaseUrl } = await opened()
    const house = await policyHouse({ store })
    await house.propose(guarded)
    const replica = await opened(databaseUrl)
    const request = await asked(house, looser)
    await agree(house, request)

    const outcomes = await Promise.all(
      [store, replica.store].map((one) => activateApproved({ ...house.ports, store: one }, request.id)),
    )

    expect(outcomes.toSorted()).toEqual(['activated', 'nothing'])
    expect((await store.policyEntries(10)).filter(({ type }) => type === 'policy.activated')).toHaveLength(2)
  })
})
