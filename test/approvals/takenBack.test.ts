import { beforeEach, describe, expect, test } from 'vitest'
import { revokeByOperator } from '../../src/approvals/grants/revokeByOperator.ts'
import { doneText } from '../../src/approvals/perform.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { castOf, granted, redeems } from '../support/grantedRequest.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf, typesOf } from '../support/recorded.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'
import { smash } from './emergency.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const takesBack = (id: string, user: string, reason: string | null = null) =>
  withdraw(world.ports, { ...attemptBy(id, user), reason })
const stateOf = async (id: string) => (await store.request(id))?.state

describe('until it is redeemed', () => {
  test('whoever approved takes it back, with the grant, and whoever else agreed', async () => {
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0SAM')
    await click(world, id, 'U0GRACE')

    const done = await takesBack(id, 'U0SAM', ' Wrong role. ')

    expect(done.request).toMatchObject({
      state: 'revoked',
      revokedBy: 'approver',
      outcome: 'Somebody who had approved it took that back.',
      decisions: [{ ended: { how: 'withdrawn', reason: 'Wrong role.' } }, { kind: 'approve' }],
    })
    expect(doneText('withdraw', done).says).toContain('its grant is void')
    expect((await typesOf(store, id)).slice(-2)).toEqual(['decision.withdrawn', 'request.revoked'])
    expect([...store.jobs.values()].map(({ task }) => task)).not.toContain('unredeemed')
  })

  test('a grant that was minted gives nothing any more; control: left alone it is redeemed', async () => {
    const cast = await castOf(world)
    const [back, left] = [await granted(world), await granted(world)]

    await takesBack(back.request.id, 'U0GRACE')

    await expect(redeems(world, back, cast.agent)).rejects.toMatchObject({ code: 'invalid_grant' })
    await redeems(world, left, cast.agent)
    expect([await stateOf(back.request.id), await stateOf(left.request.id)]).toEqual(['revoked', 'executing'])
  })

  test('whoever broke the glass takes that back; the review stays open', async () => {
    const { id } = await ask(world, 'host.reboot')
    await smash(world, id, 'U0GRACE')

    await expect(takesBack(id, 'U0OMAR')).rejects.toMatchObject({ code: 'nothing_to_withdraw' })
    const { request } = await takesBack(id, 'U0GRACE')

    expect(request).toMatchObject({ state: 'revoked', brokenGlass: { review: null } })
  })
})

describe('nobody else takes it back', () => {
  test.each(['U0NOOR', 'U0ALICE', 'U0LEE'])('%s', async (user) => {
    const { request } = await granted(world)

    await expect(takesBack(request.id, user)).rejects.toMatchObject({ code: 'nothing_to_withdraw' })

    expect(await stateOf(request.id)).toBe('approved')
  })

  test('and nobody what was redeemed, or allowed by policy', async () => {
    const cast = await castOf(world)
    const what = await granted(world)
    await redeems(world, what, cast.agent)
    const allowed = await ask(world, 'repo.read')

    await expect(takesBack(what.request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    await expect(takesBack(allowed.id, 'U0GRACE')).rejects.toMatchObject({ code: 'nothing_to_withdraw' })
  })

  test('race: of a redemption and a withdrawal at once one wins', async () => {
    const cast = await castOf(world)
    const what = await granted(world)

    const ended = await Promise.allSettled([
      redeems(world, what, cast.agent),
      takesBack(what.request.id, 'U0GRACE'),
    ])

    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(['executing', 'revoked']).toContain(await stateOf(what.request.id))
  })
})

describe('whoever runs Countersign', () => {
  const revokes = (request: string, reason: string) =>
    revokeByOperator(world.ports, { request, reason, via: 'test' })

  test('takes back what is not redeemed yet, with a reason', async () => {
    const cast = await castOf(world)
    const [back, spent] = [await granted(world), await granted(world)]
    await redeems(world, spent, cast.agent)

    await revokes(back.request.id, 'Wrong cluster.')

    expect(await store.request(back.request.id)).toMatchObject({ state: 'revoked', revokedBy: 'operator' })
    expect((await entriesOf(store, back.request.id, 'request.revoked'))[0]).toMatchObject({
      actor: { kind: 'system', id: 'operator', via: 'test' },
      data: { standing: 'claimed' },
      blobs: [{ name: 'reason' }],
    })
    await expect(redeems(world, back, cast.agent)).rejects.toMatchObject({ code: 'invalid_grant' })
    await expect(revokes(spent.request.id, 'Too late.')).rejects.toMatchObject({ code: 'wrong_state' })
    await expect(revokes(back.request.id, ' ')).rejects.toMatchObject({ code: 'reason_needed' })
    await expect(revokes('req_none', 'Nothing.')).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('takes nothing back that Countersign does itself: it is done already', async () => {
    const request = await granted(world)
    const action = { ...request.request.action, action: 'stop.resume' }
    const own = { ...store, request: async () => ({ ...request.request, action }) }

    await expect(
      revokeByOperator(
        { ...world.ports, store: own },
        { request: request.request.id, reason: 'Undo.', via: 'test' },
      ),
    ).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await stateOf(request.request.id)).toBe('approved')
  })
})
