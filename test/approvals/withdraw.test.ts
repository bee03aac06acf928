import { beforeEach, describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let world: World
let id: string
beforeEach(async () => {
  world = await testWorld()
  id = (await ask(world, 'db.export')).id
})

const takeBack = (user: string, change: { reason?: string; delivery?: string } = {}) =>
  withdraw(world.ports, { ...attemptBy(id, user), reason: null, ...change })

async function filled() {
  const request = await world.store.request(id)
  if (!request) throw new Error('it was asked')
  const { filled } = await viewOf(world.ports, request)
  return Object.fromEntries([...filled].map(([leg, people]) => [leg, people.length]))
}

describe('an approver takes their approval back', () => {
  test('and its leg is open again', async () => {
    await click(world, id, 'U0BOB')
    expect(await filled()).toEqual({ data: 1, security: 0 })

    const { request } = await takeBack('U0BOB', { reason: ' Wrong table. ' })

    expect(request.decisions[0]?.ended).toEqual({
      how: 'withdrawn',
      reason: 'Wrong table.',
      at: expect.any(String),
    })
    expect(await filled()).toEqual({ data: 0, security: 0 })
    expect((await click(world, id, 'U0SAM')).request.state).toBe('pending')
  })

  test('control: without that the other approval releases it', async () => {
    await click(world, id, 'U0BOB')

    expect((await click(world, id, 'U0SAM')).request.state).toBe('approved')
  })

  test('which is recorded with their name, and why outside the leaf', async () => {
    await click(world, id, 'U0BOB')
    await takeBack('U0BOB', { reason: 'Wrong table.' })

    expect((await entriesOf(world.store, id, 'decision.withdrawn'))[0]).toMatchObject({
      actor: { kind: 'person', account: keyOf('U0BOB') },
      data: { legs: ['data'], decided_at: [expect.any(String)] },
      blobs: [{ name: 'identity' }, { name: 'reason' }],
    })
  })

  test('and may then decide anew, either way', async () => {
    await click(world, id, 'U0BOB')
    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'already_decided' })
    await takeBack('U0BOB')
    await click(world, id, 'U0BOB')
    await takeBack('U0BOB')

    expect((await click(world, id, 'U0BOB', { kind: 'deny' })).request.state).toBe('denied')
  })

  test('also when they left the group meanwhile, and with another account of theirs', async () => {
    await click(world, id, 'U0BOB')
    world.directory.groups.set('S0DATA', [])
    await linkAccounts(world.ports, {
      account: { email: 'noor@acme.test' },
      other: { email: 'bob@acme.test' },
      via: 'cli',
    })

    const { request } = await takeBack('U0NOOR')

    expect(request.decisions[0]?.ended?.how).toBe('withdrawn')
  })

  test('once, however often the click is delivered', async () => {
    await click(world, id, 'U0BOB')
    await takeBack('U0BOB', { delivery: 'one click' })
    await click(world, id, 'U0BOB')

    expect(await takeBack('U0BOB', { delivery: 'one click' })).toMatchObject({ repeated: true })
    expect(await filled()).toEqual({ data: 1, security: 0 })
  })
})

describe('there is nothing to take back', () => {
  test.each([
    ['for somebody who has not decided', 'U0PRIYA'],
    ['of somebody else', 'U0SAM'],
  ])('%s, and the attempt is recorded', async (_, user) => {
    await click(world, id, 'U0BOB')

    await expect(takeBack(user)).rejects.toMatchObject({ code: 'nothing_to_withdraw' })
    expect(await refusalsOf(world.store, id)).toEqual(['nothing_to_withdraw'])
    expect(await filled()).toEqual({ data: 1, security: 0 })
  })

  test('twice', async () => {
    await click(world, id, 'U0BOB')
    await takeBack('U0BOB')

    await expect(takeBack('U0BOB')).rejects.toMatchObject({ code: 'nothing_to_withdraw' })
  })

  test('after the deadline, also before its job has run', async () => {
    await click(world, id, 'U0BOB')
    world.clock.advance(3_601)

    await expect(takeBack('U0BOB')).rejects.toMatchObject({ code: 'wrong_state' })
  })
})

test('race: of an approval that releases and one that is taken back in the same instant, one comes first', async () => {
  await click(world, id, 'U0BOB')

  await Promise.allSettled([takeBack('U0BOB'), click(world, id, 'U0SAM')])

  const request = await world.store.request(id)
  const taken = request?.decisions[0]?.ended?.how === 'withdrawn'
  expect(request?.state).toBe(taken ? 'pending' : 'approved')
})
