import { describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { ask, attemptBy, click, testWorld } from '../support/world.ts'

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : error)

/** The API takes no more than 1,024 characters: the name of a resource stands in the entry itself. */
const named = (length: number) => ({
  action: {
    action: 'deploy.start',
    resource: { type: 'service', id: 'x'.repeat(length) },
    params: {},
    environment: 'prod',
  },
})

describe('cannot-write: an entry that would be too large for a leaf', () => {
  test('a submission with it leaves no request, no job and no entry', async () => {
    const store = memoryStore()
    const world = await testWorld({ store })

    const refused = await ask(world, 'deploy.start', named(70_000)).catch(codeOf)

    expect(refused).toBe('entry_unwritable')
    expect(await store.requests({ limit: 10 })).toEqual([])
    expect(store.ledger.filter(({ request }) => request !== null)).toEqual([])
    expect(store.jobs.size).toBe(0)
    // Control: with the longest name that the API takes it is recorded.
    expect(await ask(world, 'deploy.start', named(1_024))).toMatchObject({ state: 'pending' })
  })

  test('a decision with it is none, and the same person can still decide', async () => {
    const world = await testWorld()
    const request = await ask(world, 'deploy.start')

    const refused = await click(world, request.id, 'U0GRACE', { delivery: 'x'.repeat(70_000) }).catch(codeOf)

    expect(refused).toBe('entry_unwritable')
    expect(await world.store.request(request.id)).toEqual(request)
    // Control: named as clicks are, it counts.
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('a glass that is broken with it stays whole', async () => {
    const world = await testWorld()
    const request = await ask(world, 'host.reboot')
    const attempt = {
      ...attemptBy(request.id, 'U0GRACE'),
      reason: 'INC-1 the host does not answer',
      seen: '',
    }

    const refused = await breakGlass(world.ports, { ...attempt, delivery: 'x'.repeat(70_000) }).catch(codeOf)

    expect(refused).toBe('entry_unwritable')
    expect(await world.store.request(request.id)).toMatchObject({ state: 'pending', brokenGlass: null })
    expect((await breakGlass(world.ports, attempt)).request.state).toBe('approved')
  })
})
