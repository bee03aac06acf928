import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { expire } from '../../src/approvals/expire.ts'
import { doneText } from '../../src/approvals/perform.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import { testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf, refusalsOf, typesOf } from '../support/recorded.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const hour = 3_600
const deny = { kind: 'deny', reason: 'Send the counts instead.' } as const

/** A request whose card was posted, an hour later: its deadline has passed. */
async function overdue(action = 'deploy.start'): Promise<string> {
  const { id } = await ask(world, action)
  await announce(world.ports, testChannel(), id)
  world.clock.advance(hour)
  return id
}

describe('four-endings: an explicit denial that comes late is kept as one', () => {
  test.each([
    ['after the deadline was noted', true],
    ['before its job ran', false],
  ])('%s', async (_, noted) => {
    const id = await overdue()
    if (noted) await expire(world.ports, id)

    const { request } = await click(world, id, 'U0GRACE', deny)

    expect(request).toMatchObject({
      state: 'expired',
      outcome: 'Nobody decided in time.',
      decisions: [
        { account: keyOf('U0GRACE'), kind: 'deny', reason: 'Send the counts instead.', late: true },
      ],
    })
    expect(outcomeOf(request)).toBe('timed_out')
    expect(await store.request(id)).toEqual(request)
    expect((await typesOf(store, id)).filter((type) => type !== 'card.posted')).toEqual([
      'request.submitted',
      'request.expired',
      'decision.made',
    ])
    const [entry] = await entriesOf(store, id, 'decision.made')
    expect(entry).toMatchObject({ actor: { account: keyOf('U0GRACE') }, data: { kind: 'deny', late: true } })
    expect(entry?.blobs.map(({ name }) => name)).toContain('reason')
    expect([...store.jobs.keys()]).toContain(`refresh:${id}`)
  })

  test('while the deadline commits: expired wins, and the denial is kept', async () => {
    const { id } = await ask(world, 'deploy.start')
    await announce(world.ports, testChannel(), id)
    world.clock.advance(hour - 1)
    let raced = false
    const racing: Store = {
      ...store,
      commit: async (change) => {
        if (change.delivery === 'race' && !raced) {
          raced = true
          world.clock.advance(1)
          await expire(world.ports, id)
        }
        return store.commit(change)
      },
    }
    const house = { ...world, ports: { ...world.ports, store: racing } }

    const { request } = await click(house, id, 'U0GRACE', { ...deny, delivery: 'race' })

    expect(request).toMatchObject({ state: 'expired', decisions: [{ kind: 'deny', late: true }] })
    expect((await typesOf(store, id)).filter((type) => type.startsWith('request.'))).toEqual([
      'request.submitted',
      'request.expired',
    ])
  })

  test('its person is told so; control: one in time is told as ever', async () => {
    const late = await click(world, await overdue(), 'U0GRACE', { ...deny, mayAskAgain: true })
    const inTime = await click(world, (await ask(world, 'deploy.start')).id, 'U0GRACE', deny)

    expect(doneText('deny', late)).toMatchObject({ late: true, says: expect.stringContaining('had expired') })
    expect(doneText('deny', inTime)).toEqual({ late: false, says: 'Your decision is recorded.' })
    expect(inTime.request).toMatchObject({ state: 'denied' })
    expect(inTime.request.decisions[0]).not.toHaveProperty('late')
  })

  test('redelivery: the same click twice is one denial', async () => {
    const id = await overdue()
    await click(world, id, 'U0GRACE', { ...deny, delivery: 'same' })

    expect((await click(world, id, 'U0GRACE', { ...deny, delivery: 'same' })).repeated).toBe(true)
    expect((await store.request(id))?.decisions).toHaveLength(1)
  })

  test('two people may, each once', async () => {
    const id = await overdue()
    await Promise.all([click(world, id, 'U0GRACE', deny), click(world, id, 'U0NOOR', deny)])
    await expect(click(world, id, 'U0GRACE', deny)).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await store.request(id)).toMatchObject({ state: 'expired', version: 4 })
  })

  test('late-approval: a late approval is only recorded as refused', async () => {
    const id = await overdue()

    await expect(click(world, id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await store.request(id)).toMatchObject({ state: 'expired', decisions: [] })
    expect(await refusalsOf(store, id)).toEqual(['wrong_state'])
  })

  test.each([
    ['own-request: the initiator', 'U0ALICE'],
    ['outsider: somebody who was never asked', 'U0BOB'],
  ])('not by %s: they are as late as anybody', async (_, user) => {
    const id = await overdue()

    await expect(click(world, id, user, deny)).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await store.request(id)).toMatchObject({ state: 'expired', decisions: [] })
    expect(await refusalsOf(store, id)).toEqual(['wrong_state'])
  })

  describe('varied-flood: a short deadline is no way around the cool-down', () => {
    const short = { expiresInSeconds: 60 }
    /** As many as are named deny what was asked for a minute only, after that. */
    async function deniedLate(people: readonly string[], change: Parameters<typeof click>[3] = {}) {
      const { id } = await ask(world, 'deploy.start', short)
      world.clock.advance(61)
      for (const user of people) await click(world, id, user, { ...deny, ...change })
      return id
    }

    test('the same is denied at once from the late denial on, as long as from one in time', async () => {
      const id = await deniedLate(['U0GRACE'])
      world.clock.advance(599)

      const again = await ask(world, 'deploy.start', short)

      expect(again).toMatchObject({ state: 'denied', verdict: { code: 'cooling_down' } })
      expect(again.outcome).toContain(`U0GRACE denied exactly this on 2026-11-24 14:01:01 UTC (${id})`)
      world.clock.advance(1)
      expect((await ask(world, 'deploy.start', short)).state).toBe('pending')
    })

    test('not where they say that the same may be asked again at once, and that is on record', async () => {
      const id = await deniedLate(['U0GRACE'], { mayAskAgain: true })

      expect((await ask(world, 'deploy.start', short)).state).toBe('pending')
      const [entry] = await entriesOf(store, id, 'decision.made')
      expect(entry?.data).toMatchObject({ late: true, may_ask_again: true })
    })

    test('of two denials that are needed the second begins it, as in time', async () => {
      world.setPolicy(bundleWithDefaults('deny_count: 2'))
      const id = await deniedLate(['U0GRACE'])
      expect((await ask(world, 'deploy.start', short)).state).toBe('pending')

      await click(world, id, 'U0NOOR', deny)

      expect((await ask(world, 'deploy.start', short)).verdict.code).toBe('cooling_down')
    })

    test('control: a deadline that nobody says anything about begins none', async () => {
      await deniedLate([])

      expect((await ask(world, 'deploy.start', short)).state).toBe('pending')
    })
  })

  test('not without a reason: nothing would be kept', async () => {
    const id = await overdue()
    await expect(click(world, id, 'U0GRACE', { kind: 'deny', reason: ' ' })).rejects.toMatchObject({
      code: 'reason_needed',
    })
  })

  test('while nobody can say who they are, the click is not spent', async () => {
    const id = await overdue()
    world.directory.down = true
    await expect(click(world, id, 'U0GRACE', { ...deny, delivery: 'one' })).rejects.toMatchObject({
      code: 'identity_unknown',
    })

    world.directory.down = false
    await click(world, id, 'U0GRACE', { ...deny, delivery: 'one' })

    expect((await store.request(id))?.decisions).toMatchObject([{ late: true }])
  })

  test('control: what was denied, cancelled or approved takes no denial after it', async () => {
    const id = (await ask(world, 'deploy.start')).id
    await click(world, id, 'U0GRACE')

    await expect(click(world, id, 'U0NOOR', deny)).rejects.toMatchObject({ code: 'wrong_state' })
    expect((await store.request(id))?.decisions).toHaveLength(1)
  })
})
