import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { waitUntilSettled } from '../../src/approvals/wait.ts'
import { testChannel } from '../support/channel.ts'
import { eventually } from '../support/eventually.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

describe('waiting', () => {
  const patient = () => ({ caller: world.agent, seconds: 30, signal: new AbortController().signal })

  test('the agent hears when it is settled', async () => {
    const request = await ask(world, 'deploy.start')
    const waiting = waitUntilSettled(world.ports, request, patient())
    await click(world, request.id, 'U0GRACE')
    expect(await waiting).toMatchObject({ state: 'approved' })
  })

  test('a commit between the look and the sleep is not missed', async () => {
    const request = await ask(world, 'deploy.start')
    const slow = {
      ...world.ports,
      store: {
        ...world.store,
        request: async (id: string) => {
          const found = await world.store.request(id)
          if (found?.state === 'pending') await click(world, id, 'U0GRACE')
          return found
        },
      },
    }
    expect(await waitUntilSettled(slow, request, patient())).toMatchObject({ state: 'approved' })
  })

  test('what is only recorded about it, and news of what is known already, makes nobody read it again', async () => {
    const request = await ask(world, 'deploy.start')
    let reads = 0
    const store = {
      ...world.store,
      request: (id: string) => world.store.request(id).finally(() => (reads += 1)),
    }
    const waiting = waitUntilSettled({ ...world.ports, store }, request, patient())
    await eventually(() => expect(reads).toBe(1))

    await announce(world.ports, testChannel(), request.id)
    await click(world, request.id, 'U0GRACE')

    expect(await waiting).toMatchObject({ state: 'approved' })
    expect(reads).toBe(2)
  })

  test('who hangs up is let go at once', async () => {
    const request = await ask(world, 'deploy.start')
    const hangUp = new AbortController()
    const waiting = waitUntilSettled(world.ports, request, { ...patient(), signal: hangUp.signal })
    hangUp.abort()
    expect(await waiting).toMatchObject({ state: 'pending' })
  })
})
