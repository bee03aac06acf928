import { expect, test } from 'vitest'
import { approvedExport, asksForGrant } from '../approvals/grants/granted.ts'
import { testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ...world, ports: { ...world.ports, store: second.store } }
  return { world, there, second }
}

test('two-replicas: of fifty mints at both one is the first, and all get its token', async () => {
  const { world, there, second } = await twoReplicas()
  const { id } = await approvedExport(world)

  const minted = await Promise.all(
    Array.from({ length: 50 }, (_, nth) => asksForGrant(nth % 2 ? world : there, id)),
  )

  expect(new Set(minted.map(({ token }) => token)).size).toBe(1)
  expect(minted.filter(({ repeated }) => !repeated)).toHaveLength(1)
  const types = (await second.store.entries(id)).map(({ type }) => type)
  expect(types.filter((type) => type === 'grant.issued')).toHaveLength(1)
  expect(types.filter((type) => type === 'grant.repeated')).toHaveLength(49)
})

test('two-replicas: of two keys to bind it to one gets it, whichever replica hears them', async () => {
  const { world, there } = await twoReplicas()
  const { id } = await approvedExport(world)
  const bound = (jkt: string) => ({ proof: { jkt, name: `dpop ${jkt} ${id}` } })

  const asked = await Promise.allSettled([
    asksForGrant(world, id, bound('one')),
    asksForGrant(there, id, bound('other')),
  ])

  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
  expect(refused).toEqual(['grant_taken'])
})

test('two-replicas: the same proof, shown to both, counts once', async () => {
  const { world, there } = await twoReplicas()
  const ids = [(await approvedExport(world)).id, (await approvedExport(world)).id] as const
  const proof = { jkt: 'one', name: 'dpop one shown-to-both' }

  const asked = await Promise.allSettled([
    asksForGrant(world, ids[0], { proof }),
    asksForGrant(there, ids[1], { proof }),
  ])

  expect(asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))).toEqual([
    'invalid_dpop_proof',
  ])
})
