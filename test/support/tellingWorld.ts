import { expect } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { knownWebhooks } from '../../src/approvals/webhooks/known.ts'
import { addWebhook } from '../../src/approvals/webhooks/subscriptions.ts'
import { tellEverybody } from '../../src/approvals/webhooks/tellEverybody.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { testChannel } from './channel.ts'
import { eventually } from './eventually.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { type MemoryStore, memoryStore } from './memoryStore.ts'
import { testWorld, type WorldOptions } from './world.ts'

/** A world in memory whose changes are told to whoever wants to hear of them, and its worker. */
export async function tellingWorld(given: WorldOptions = {}) {
  const memory = memoryStore()
  /** What reached the store, as it came. */
  const changes: Change[] = []
  const noted: MemoryStore = {
    ...memory,
    commit(change) {
      changes.push(change)
      return memory.commit(change)
    },
  }
  const store: MemoryStore = {
    ...memory,
    ...tellEverybody(noted, { known: knownWebhooks(memory, createAgeClock()), ids: randomIds }),
  }
  const world = await testWorld({ ...given, store })
  const jobs = jobsAtWork({ ...world, store, channel: testChannel() })
  return { ...world, store, changes, jobs }
}

export type Telling = Awaited<ReturnType<typeof tellingWorld>>
export const word = { via: 'cli' } as const
export const here = 'https://hooks.acme.test/in'
export const there = 'https://other.acme.test/in'
export const day = 86_400

export const add = async (world: Telling, url = here, events: readonly string[] = []) => {
  const made = await addWebhook(world.ports, { ...word, url, events })
  // Told after the commit, as every replica is.
  await eventually(async () =>
    expect((await world.store.webhooks()).map(({ id }) => id)).toContain(made.webhook.id),
  )
  await new Promise((resolve) => setImmediate(resolve))
  return made
}
export const typesTo = ({ outgoing }: Telling, url: string) =>
  outgoing.sent.filter((one) => one.url === url).map(({ body }) => JSON.parse(body).type)
export const deliveries = (world: Telling) => world.store.webhookDeliveries({ limit: 1_000 })
export const entryTypes = ({ store }: Telling) => store.ledger.map(({ type }) => type)

/** Jumps to whatever is due next, until nothing is sent any more. */
export async function untilQuiet(world: Telling): Promise<void> {
  for (;;) {
    await world.jobs.runDue()
    const seconds = world.jobs.next('deliver:')
    if (seconds === null) return
    world.clock.advance(Math.max(1, Math.ceil(seconds)))
  }
}
