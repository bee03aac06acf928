import { beforeEach, describe, expect, test } from 'vitest'
import { tellKeyEnd } from '../../src/approvals/cards/tellKeyEnd.ts'
import { jobKey } from '../../src/approvals/job.ts'
import { addAgent, revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import {
  authenticateKey,
  authenticateSignature,
  recognizeKey,
} from '../../src/approvals/people/authenticate.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { lost, type TestChannel, testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { keyOf } from '../support/testDirectory.ts'
import { testWorld, type World } from '../support/world.ts'

const lee = { email: 'lee@acme.test' }
const day = 86_400

let store: MemoryStore
let world: World
let channel: TestChannel
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
})

const add = (lifetime: number | null) =>
  addAgent(world.ports, { name: 'nightly', owner: lee, by: lee, via: 'cli', lifetime })
const waiting = () => [...store.jobs.values()].filter(({ task }) => task === 'keyEnd')
const tell = (key: string, stage: 'soon' | 'over') => tellKeyEnd(world.ports, channel, { key, stage })

describe('a key with an end', () => {
  test('checked-at-use: does nothing from then on, whichever way it comes, and says why', async () => {
    const { key, credential } = await add(day)
    const verify = (id: string) => id === key.id
    const ways = () => [
      authenticateKey(world.ports, credential),
      recognizeKey(world.ports, credential),
      authenticateSignature(world.ports, { agent: 'nightly', verify }),
    ]
    world.clock.advance(day - 1)
    for (const way of ways()) await expect(way).resolves.toMatchObject({ key: { id: key.id } })

    world.clock.advance(1)

    for (const way of ways()) await expect(way).rejects.toMatchObject({ code: 'key_expired' })
  })

  test('with a wrong secret is answered like any other wrong key', async () => {
    const { credential } = await add(day)
    world.clock.advance(day)

    await expect(
      authenticateKey(world.ports, `${credential.slice(0, -43)}${'A'.repeat(43)}`),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test.each([3_599, 367 * day])('is not made for %i seconds', async (lifetime) => {
    await expect(add(lifetime)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('is on record with its end', async () => {
    const { key } = await add(30 * day)

    expect(store.ledger.at(-1)).toMatchObject({ type: 'agent.added', data: { expires_at: key.expiresAt } })
  })
})

describe('its owner is told', () => {
  test('seven days before and when it is over, by jobs that wait for then', async () => {
    const { key } = await add(90 * day)

    const at = (days: number) => new Date(Date.parse(key.createdAt) + days * day * 1_000).toISOString()
    expect(waiting()).toEqual([
      { task: 'keyEnd', key: key.id, stage: 'soon', at: at(83) },
      { task: 'keyEnd', key: key.id, stage: 'over', at: at(90) },
    ])
    await tell(key.id, 'soon')
    world.clock.advance(90 * day)
    await tell(key.id, 'over')

    expect(channel.said).toEqual([`key soon nightly ${keyOf('U0LEE')}`, `key over nightly ${keyOf('U0LEE')}`])
  })

  test('not before one that is made for a few days, nor of one without an end', async () => {
    await add(5 * day)

    expect(waiting()).toMatchObject([{ stage: 'over' }])
    expect(waiting()).toHaveLength(1)
  })

  test.each([
    ['rotated', () => rotateKey(world.ports, { name: 'nightly', by: lee, via: 'cli' })],
    ['revoked', () => revokeAgent(world.ports, { name: 'nightly', by: lee, via: 'cli' })],
  ] as const)(
    'not of one that was %s before: its jobs are gone, and one that runs all the same says nothing',
    async (_, end) => {
      const { key } = await add(90 * day)
      await end()

      expect(waiting()).toEqual([])
      await tell(key.id, 'soon')
      expect(channel.said).toEqual([])
    },
  )

  test('whoever owns it then, and nobody once they have left', async () => {
    const { key } = await add(90 * day)
    await handOver(world.ports, { name: 'nightly', to: { email: 'noor@acme.test' }, by: lee, via: 'cli' })
    await tell(key.id, 'soon')
    world.directory.changeAccount('U0NOOR', { active: false })
    await tell(key.id, 'soon')

    expect(channel.said).toEqual([`key soon nightly ${keyOf('U0NOOR')}`])
  })

  test('not long after: a job that comes too late is given up', async () => {
    const { key } = await add(30 * day)
    world.clock.advance(30 * day)
    await tell(key.id, 'soon')
    world.clock.advance(day + 1)
    await tell(key.id, 'over')

    expect(channel.said).toEqual([])
  })

  test('again, when the channel did not say that it has told', async () => {
    const { key } = await add(30 * day)
    channel.fail = () => ({ fault: lost, tookEffect: false })

    await expect(tell(key.id, 'soon')).rejects.toBe(lost)
  })

  test('each stage has a job of its own', () => {
    const about = { task: 'keyEnd', key: 'key_1', at: '' } as const
    expect(jobKey({ ...about, stage: 'soon' })).not.toBe(jobKey({ ...about, stage: 'over' }))
    expect(Object.keys(tasksFor(world.ports, channel, {} as never))).toContain('keyEnd')
  })
})
