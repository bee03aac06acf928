import { beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { refusalsOf } from '../support/recorded.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

describe('not-staff', () => {
  test.each([
    ['a guest', { guest: true }],
    ['a stranger from another company', { external: true }],
    ['a deactivated account', { active: false }],
    ['a bot', { human: false }],
  ])('%s in the group is refused', async (_, change) => {
    const request = await ask(world, 'db.export')
    world.directory.changeAccount('U0BOB', change)
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'not_staff' })
    expect(await refusalsOf(world.store, request.id)).toEqual(['not_staff'])
  })

  test('control: as staff the same account decides', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })
})

describe('outsider and left-the-group', () => {
  test('somebody in no leg is refused, and it is recorded', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_in_leg' })
    expect(await refusalsOf(world.store, request.id)).toEqual(['not_in_leg'])
  })

  test('somebody who left the group after the card was posted is refused', async () => {
    const request = await ask(world, 'db.export')
    world.directory.groups.set('S0DATA', ['U0PRIYA'])
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'not_in_leg' })
  })

  test('a group that cannot be read lets nobody in, and says so', async () => {
    const request = await ask(world, 'db.export')
    world.directory.unreadable.add('S0DATA')
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'identity_unknown' })
  })

  test('a directory that is down lets nobody in', async () => {
    const request = await ask(world, 'db.export')
    world.directory.down = true
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(await world.store.request(request.id)).toMatchObject({ state: 'pending' })
  })
})

describe('two-hats', () => {
  test('one person in both groups fills one leg, and a second click of theirs is refused', async () => {
    const request = await ask(world, 'db.export')
    expect((await click(world, request.id, 'U0PRIYA')).request.state).toBe('pending')
    await expect(click(world, request.id, 'U0PRIYA')).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('the order of clicks does not matter: the first moves over', async () => {
    const request = await ask(world, 'db.export')
    await click(world, request.id, 'U0PRIYA')
    expect((await click(world, request.id, 'U0OMAR')).request.state).toBe('approved')
  })

  test('two linked accounts of one person fill one seat', async () => {
    await linkAccounts(world.ports, {
      account: { email: 'sam@acme.test' },
      other: { email: 'grace@acme.test' },
      via: 'cli',
    })
    const request = await ask(world, 'iam.change', { initiator: { email: 'alice@acme.test' } })
    expect(request.state).toBe('denied') // Sam and Grace are one; Lee owns the agent
    expect(request.verdict.code).toBe('unsatisfiable')
  })
})
