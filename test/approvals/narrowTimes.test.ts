import { beforeEach, describe, expect, test } from 'vitest'
import { escalate, escalateInTime } from '../../src/approvals/escalate.ts'
import { expire } from '../../src/approvals/expire.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { dumpRules, narrowingBundle } from '../support/narrowingBundle.ts'
import { narrowingWorld } from '../support/narrowingWorld.ts'
import { attemptBy, click } from '../support/world.ts'

let { store, world, dump, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ store, world, dump, lower, lessOf } = await narrowingWorld())
})

/** Data owners and Security are asked, for half an hour. */
const many = { params: { rows: 100_000 } }

const times = ({ requirement }: ActionRequest) =>
  requirement?.escalate.map(({ afterSeconds }) => afterSeconds)

describe('the time of what was narrowed goes on', () => {
  test('until the same deadline, however often it is narrowed; control: what is asked by itself has its whole time', async () => {
    const first = await dump(many)
    world.clock.advance(20 * 60)
    await lower(first.id, { rows: 50_000 })
    const less = await lessOf(first.id)
    world.clock.advance(5 * 60)
    await lower(less.id, { rows: 500 }, { by: 'U0SAM' })
    const least = await lessOf(less.id)

    expect([less.expiresAt, least.expiresAt]).toEqual([first.expiresAt, first.expiresAt])
    expect(least.requirement?.expiresInSeconds).toBe(5 * 60)
    expect(least.requirement?.legs).toEqual(first.requirement?.legs)
    expect(store.jobs.get(`expire:${least.id}`)).toMatchObject({ at: first.expiresAt })
    world.clock.advance(5 * 60)
    expect(await expire(world.ports, least.id)).toMatchObject({ state: 'expired' })
    const again = await dump({ params: { rows: 500 } })
    expect(again.requirement?.expiresInSeconds).toBe(2 * 3_600)
  })

  test('also where policy gives more by now; where it gives less, that counts', async () => {
    const long = await dump()
    const short = await dump({ params: { rows: 4_000 } })
    world.clock.advance(600)
    const named = (rules: string, expires: string) =>
      rules.replace('expires_in: 2h', `expires_in: ${expires}`)
    world.setPolicy(
      narrowingBundle(dumpRules((rules) => named(rules, '9h').replace('count: 1}', 'count: 2}'))),
    )
    await lower(long.id, { rows: 500 })
    world.setPolicy(
      narrowingBundle(dumpRules((rules) => named(rules, '10m').replace('count: 1}', 'count: 2}'))),
    )
    await lower(short.id, { rows: 500 })

    expect((await lessOf(long.id)).expiresAt).toBe(long.expiresAt)
    expect(await lessOf(short.id)).toMatchObject({
      state: 'pending',
      expiresAt: new Date(world.clock().getTime() + 600_000).toISOString(),
    })
  })

  test('a deadline that the agent made shorter stays so', async () => {
    const first = await dump({ ...many, expiresInSeconds: 90 })
    world.clock.advance(89.5)
    await lower(first.id, { rows: 50_000 })

    expect((await lessOf(first.id)).expiresAt).toBe(first.expiresAt)
    world.clock.advance(1)
    const { id } = await lessOf(first.id)
    await expect(click(world, id, 'U0SAM')).rejects.toMatchObject({ code: 'wrong_state' })
  })

  describe('more people', () => {
    beforeEach(() => {
      const escalating = dumpRules((rules) =>
        rules.replace(
          'expires_in: 30m}',
          'expires_in: 30m}\n  notify: {escalate: [{after: 10m, to: group:platform-leads}, {after: 20m, to: group:iam-admins}]}',
        ),
      )
      world.setPolicy(narrowingBundle(escalating))
    })

    test('are brought in when they would have been', async () => {
      const first = await dump(many)
      world.clock.advance(5 * 60)
      await lower(first.id, { rows: 60_000 })
      const less = await lessOf(first.id)
      world.clock.advance(10 * 60)
      await escalateInTime(world.ports, { request: less.id, nth: 0 })
      await lower(less.id, { rows: 50_000 }, { by: 'U0SAM' })
      const least = await lessOf(less.id)

      expect(times(less)).toEqual([5 * 60, 15 * 60])
      expect(times(least)).toEqual([0, 5 * 60])
      expect(store.jobs.get(`escalate:${least.id}:0`)).toMatchObject({ at: least.createdAt })
    })

    test.each([
      ['the same is asked of', 150_000],
      ['less is asked of', 50_000],
    ])(
      'whom somebody had brought in before are brought in at once, and can decide what is left, where %s it by now',
      async (_, rows) => {
        const first = await dump({ params: { rows: 200_000 } })
        const to = 'slack:S0IAM'
        await escalate(world.ports, { ...attemptBy(first.id, 'U0SAM'), to, reason: 'They know it.' })
        await lower(first.id, { rows }, { by: 'U0GRACE' })
        const less = await lessOf(first.id)

        expect(less.decisions).toEqual([])
        expect(less.requirement?.escalate.map((one) => [one.to.ref, one.afterSeconds])).toEqual([
          ['group:iam-admins', 0],
          ['group:platform-leads', 10 * 60],
        ])
        await expect(click(world, less.id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_in_leg' })
        await escalateInTime(world.ports, { request: less.id, nth: 0 })
        await click(world, less.id, 'U0GRACE')
        expect((await click(world, less.id, 'U0BOB')).request.state).toBe('approved')
      },
    )
  })
})

test('only the vote of whoever narrows moves, and only where the new legs take it', async () => {
  const stranger = dumpRules((rules) =>
    rules
      .replace('when: params.rows > 10\n', 'when: params.rows > 10 && params.rows != 600\n')
      .replace('when: params.rows == 13', 'when: params.rows == 600'),
  )
  const first = await dump({ params: { rows: 100_000 } })
  await click(world, first.id, 'U0PRIYA')
  world.setPolicy(narrowingBundle(stranger))
  await lower(first.id, { rows: 600 }, { by: 'U0SAM' })
  const less = await lessOf(first.id)

  expect(less.requirement?.legs.map(({ name }) => name).sort()).toEqual(['data', 'platform', 'security'])
  expect(less.decisions.map(({ account, legs }) => [account, legs])).toEqual([
    ['slack:T0ACME:U0SAM', ['security']],
  ])
  await expect(lower(less.id, { rows: 500 }, { by: 'U0SAM' })).rejects.toMatchObject({
    code: 'already_decided',
  })
})
