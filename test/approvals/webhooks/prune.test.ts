import { expect, test } from 'vitest'
import type { Ports } from '../../../src/approvals/ports.ts'
import { firstPrune, pruneDeliveries } from '../../../src/approvals/webhooks/prune.ts'
import { replayDead, replayDelivery } from '../../../src/approvals/webhooks/replay.ts'
import {
  add,
  day,
  deliveries,
  entryTypes,
  here,
  type Telling,
  tellingWorld,
  there,
  untilQuiet,
  word,
} from '../../support/tellingWorld.ts'
import { ask } from '../../support/world.ts'

/** One message was delivered, and one was given up a day later. */
async function oneOfEach() {
  const world = await tellingWorld()
  await add(world, here)
  await add(world, there)
  world.outgoing.answer = ({ url }) => (url === there ? 503 : 204)
  await ask(world, 'repo.read')
  await untilQuiet(world)
  expect(await states(world)).toEqual(['dead', 'delivered'])
  return world
}

const states = async (world: Telling) => (await deliveries(world)).map(({ state }) => state).sort()

async function after(world: Telling, days: number) {
  world.clock.advance(days * day)
  await pruneDeliveries(world.ports)
  return states(world)
}

test('what was delivered goes after its days, what was given up after three times as many; the ledger keeps both', async () => {
  const world = await oneOfEach()

  expect(await after(world, 28)).toEqual(['dead', 'delivered'])
  expect(await after(world, 2)).toEqual(['dead'])
  expect(await after(world, 59)).toEqual(['dead'])
  expect(await after(world, 2)).toEqual([])

  expect(entryTypes(world)).toContain('webhook.dead')
  expect(await replayDead(world.ports, word)).toBe(0)
})

test('the operator says how many days', async () => {
  const world = await oneOfEach()
  const ports: Ports = { ...world.ports, deliveryDays: 100 }
  world.clock.advance(98 * day)

  await pruneDeliveries(ports)

  expect(await states(world)).toEqual(['dead', 'delivered'])
})

test('what waits is never removed, however old it is; and its age counts from its end', async () => {
  const world = await oneOfEach()
  const delivered = (await deliveries(world)).find(({ state }) => state === 'delivered')
  world.clock.advance(29 * day)
  await replayDelivery(world.ports, { ...word, delivery: delivered?.id ?? '' })

  expect(await after(world, 10)).toEqual(['dead', 'waiting'])
  await world.jobs.runDue()
  expect(await after(world, 29)).toEqual(['dead', 'delivered'])
  expect(await after(world, 2)).toEqual(['dead'])
})

test('looks again in an hour, also when this look fails half-way; soon, when there was more than one job does', async () => {
  const { ports, store, clock } = await tellingWorld()
  const wait = () => {
    const job = store.jobs.get('prune')
    return job && 'at' in job && job.at ? (Date.parse(job.at) - clock().getTime()) / 1_000 : null
  }
  const answering = (forgetDeliveries: Ports['store']['forgetDeliveries']): Ports => ({
    ...ports,
    store: { ...store, forgetDeliveries },
  })
  const asked: number[] = []

  await expect(pruneDeliveries(answering(() => Promise.reject(new Error('gone'))))).rejects.toThrow('gone')
  expect(wait()).toBe(3_600)
  await pruneDeliveries(
    answering(async ({ limit }) => {
      asked.push(limit)
      return limit
    }),
  )
  expect(wait()).toBe(60)
  expect(Math.max(...asked)).toBeLessThanOrEqual(500)
  expect(asked.length).toBeLessThanOrEqual(40)
})

test('is a job of the worker', async () => {
  const world = await oneOfEach()
  await world.store.commit({ entries: [], jobs: [firstPrune] })
  world.clock.advance(31 * day)

  await world.jobs.runDue()

  expect(await states(world)).toEqual(['dead'])
})
