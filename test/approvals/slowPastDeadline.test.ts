import { beforeEach, describe, expect, test } from 'vitest'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { askTogether, clickAll, statesIn } from '../support/setWorld.ts'
import { ask, attemptBy, click, submission, testWorld, type World } from '../support/world.ts'
import { smash } from './emergency.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

/** From now on the directory takes so many seconds to say once who is in a set. */
function slow(seconds: number): void {
  const { directory, clock } = world
  const { isMember } = directory
  directory.isMember = async (...asked) => {
    directory.isMember = isMember
    clock.advance(seconds)
    return isMember(...asked)
  }
}

const now = async (id: string) => await store.request(id)

describe('late-approval: what was in time when it was clicked, and is not when it is known who may, does not count', () => {
  test('an approval', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_599)
    slow(2)

    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await now(request.id)).toMatchObject({ state: 'expired', decisions: [] })
    const [refused] = await entriesOf(store, request.id, 'decision.refused')
    expect(refused?.data).toMatchObject({ code: 'wrong_state' })
  })

  test('control: one that is known in time counts, however long that took', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_500)
    slow(99)

    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('a denial is kept as one that came late', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_599)
    slow(2)

    await click(world, request.id, 'U0GRACE', { kind: 'deny' })

    expect(await now(request.id)).toMatchObject({
      state: 'expired',
      decisions: [{ kind: 'deny', late: true }],
    })
  })

  test('a broken glass', async () => {
    const request = await ask(world, 'host.reboot')
    const left = Date.parse(request.expiresAt ?? '') - world.clock().getTime()
    world.clock.advance(left / 1_000 - 1)
    slow(2)

    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await now(request.id)).toMatchObject({ state: 'expired', brokenGlass: null })
  })

  test('a narrowing, and nothing is asked instead', async () => {
    world.setPolicy(narrowingBundle())
    const params = { rows: 5_000, columns: ['id', 'name'] }
    const { id } = await ask(world, 'data.dump', submission('data.dump', { params, expiresInSeconds: 60 }))
    world.clock.advance(59)
    slow(2)
    const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows: 500 }, reason: null, seen: 'facts' }

    await expect(narrow(world.ports, attempt)).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await store.requests({ limit: 10 })).toMatchObject([{ id, state: 'expired' }])
  })

  test('each line of a card by itself', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    world.clock.advance(3_599)
    slow(2)

    await expect(clickAll(world, set, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await statesIn(world, set)).toEqual(['expired', 'expired'])
  })
})
