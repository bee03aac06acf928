import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { castOf, granted, redeems } from '../support/grantedRequest.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { agesOf } from '../support/testClock.ts'
import { testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

test('two-replicas: double-spend: of fifty redemptions at both one succeeds', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ports: { ...world.ports, store: second.store } }
  const cast = await castOf(world)
  const what = await granted(world, { spentBy: 'resource' })

  const tries = await Promise.allSettled(
    Array.from({ length: 50 }, (_, nth) =>
      redeems(nth % 2 ? world : there, what, cast.resource, { attempt: `attempt-${nth}` }),
    ),
  )

  const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
  expect(refused).toEqual(Array.from({ length: 49 }, () => 'grant_spent'))
  const entries = await second.store.entries(what.request.id)
  expect(entries.filter(({ type }) => type === 'grant.redeemed')).toHaveLength(1)
  const replayed = entries.filter(({ type }) => type === 'grant.replayed')
  expect([replayed.length, replayed.filter(({ data }) => data.told).length]).toEqual([49, 1])
  expect((await second.store.request(what.request.id))?.state).toBe('executing')
})

test('two-replicas: the same attempt at both is one redemption, and both hear the same', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ports: { ...world.ports, store: second.store } }
  const cast = await castOf(world)
  const what = await granted(world)

  const [one, other] = await Promise.all([redeems(world, what, cast.agent), redeems(there, what, cast.agent)])

  expect(one.grant.redeemed).toEqual(other.grant.redeemed)
  const types = (await first.store.entries(what.request.id)).map(({ type }) => type)
  expect(types.filter((type) => type === 'grant.redeemed')).toHaveLength(1)
})

test('two-replicas: spending twice, at both at once, stops the agent once', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const policy = testBundle({
    ...bundleFiles,
    'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security], on: [double_spend]}\n`,
  })
  const world = await testWorld({ store: first.store, policy })
  const stops = rememberStops(second.store, agesOf(world.clock))
  const there = { ports: { ...world.ports, store: second.store, stops } }
  const cast = await castOf(world)
  const whats = [await granted(world), await granted(world)]
  for (const what of whats) await redeems(world, what, cast.agent)

  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, (_, nth) => {
      const what = whats[nth % 2]
      if (!what) throw new Error('two were granted')
      return redeems(nth % 4 < 2 ? world : there, what, cast.agent, { attempt: `again-${nth}` })
    }),
  )

  expect(tries.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
    Array.from({ length: 12 }, () => 'grant_spent'),
  )
  expect(await second.store.standingStops()).toMatchObject({
    read: 1,
    stops: [{ scope: { kind: 'agent', agent: world.agent.agent.id } }],
  })
})

test('two-replicas: a proof that was shown to one proves nothing to the other', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ports: { ...world.ports, store: second.store } }
  const cast = await castOf(world)
  const what = await granted(world, { jkt: 'thumbprint' })
  const ath = createHash('sha256').update(what.token).digest('base64url')
  const proved = { jkt: 'thumbprint', ath, name: 'dpop thumbprint shown-to-both' }
  const another = `sha256:${'0'.repeat(64)}` as const
  const mistaken = redeems(world, what, cast.agent, { proved, named: another })
  await expect(mistaken).rejects.toMatchObject({ code: 'digest_mismatch' })

  const shown = redeems(there, what, cast.agent, { proved })
  await expect(shown).rejects.toMatchObject({ code: 'invalid_dpop_proof' })

  const fresh = { ...proved, name: 'dpop thumbprint new' }
  const redeemed = await redeems(there, what, cast.agent, { proved: fresh })
  expect(redeemed.request.state).toBe('executing')
  // Its answer was lost, and the other replica is asked again.
  expect((await redeems(world, what, cast.agent, { proved: fresh })).grant.redeemed).toEqual(
    redeemed.grant.redeemed,
  )
})

test('proofs that nobody believes any more are forgotten, a few with each that is shown', async () => {
  const { store, pool } = await opened()
  await pool.query(`INSERT INTO shown_proofs (id, at)
    SELECT 'old ' || n, now() - interval '11 minutes' FROM generate_series(1, 150) AS n
    UNION ALL SELECT 'young', now() - interval '9 minutes'`)
  const left = async () => (await pool.query('SELECT id FROM shown_proofs')).rows.length

  expect(await store.commit({ entries: [], proof: 'first' })).toBe('applied')
  expect(await left()).toBe(52)
  expect(await store.commit({ entries: [], proof: 'second' })).toBe('applied')

  expect(await left()).toBe(3)
  expect(await store.commit({ entries: [], proof: 'young' })).toBe('shown')
})
