import { expect, test } from 'vitest'
import { type Followed, follow } from '../../src/approvals/follow.ts'
import { opened } from '../store/opened.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

function followed(world: World, id: string, more: { after?: number; beatAfterMs?: number } = {}) {
  const gone = new AbortController()
  const events = follow(world.ports, id, {
    after: 0,
    beatAfterMs: 3_600_000,
    ...more,
    caller: world.agent,
    signal: gone.signal,
  })
  const next = async (): Promise<Followed | undefined> => (await events.next()).value ?? undefined
  return { next, leave: () => gone.abort() }
}

test('two-replicas: positions are the same on both, and what one commits the other tells', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  const there: World = { ...here, store: second.store, ports: { ...here.ports, store: second.store } }
  const { id } = await ask(here, 'db.export')
  const asked = await followed(here, id).next()
  const follower = followed(there, id)
  expect(await follower.next()).toEqual(asked)

  const waiting = follower.next()
  await click(here, id, 'U0BOB', { kind: 'deny', reason: 'No.' })
  const denied = await waiting

  expect(denied).toMatchObject({ type: 'approval.denied', state: 'denied' })
  expect(await follower.next()).toEqual({ end: 'denied' })
  const position = typeof asked === 'object' && 'position' in asked ? asked.position : Number.NaN
  expect(await followed(here, id, { after: position }).next()).toEqual(denied)
})

test('whoever hears nothing for a while hears that, again and again', async () => {
  const world = await testWorld()
  const { id } = await ask(world, 'db.export')
  const follower = followed(world, id, { beatAfterMs: 5 })

  expect(await follower.next()).toMatchObject({ type: 'approval.requested' })
  expect(await follower.next()).toBe('beat')
  expect(await follower.next()).toBe('beat')

  follower.leave()
  expect(await follower.next(), 'the call is over').toBeUndefined()
})
