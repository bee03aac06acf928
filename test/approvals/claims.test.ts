import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const bob = { email: 'bob@acme.test' }

describe('claimed-initiator: nobody acts for somebody who is no full member', () => {
  const outsiders = [
    ['a guest', { guest: true }, /guest/],
    ['somebody of another organisation', { external: true }, /another organisation/],
    ['a bot', { human: false }, /bot/],
  ] as const

  test.each(outsiders)('%s is no initiator, and is not involved either', async (_, facts, detail) => {
    world.directory.changeAccount('U0BOB', facts)

    for (const [claims, pointer] of [
      [{ initiator: bob }, '/initiator/email'],
      [{ initiator: { address: 'slack:U0BOB' } }, '/initiator/slack_user_id'],
      [{ initiator: { address: 'slack:U0BOB', by: 'entra_user_id' } }, '/initiator/entra_user_id'],
      [{ involved: [bob] }, '/involved/0'],
    ] as const)
      await expect(ask(world, 'db.export', claims)).rejects.toMatchObject({
        code: 'unknown_person',
        problems: [{ pointer, detail: expect.stringMatching(detail) }],
      })
  })

  test.each(outsiders)('%s owns no agent, for whom it would act when it names nobody', async (_, facts) => {
    world.directory.changeAccount('U0BOB', facts)

    await expect(
      addAgent(world.ports, { name: 'another', owner: bob, by: { email: 'lee@acme.test' }, via: 'cli' }),
    ).rejects.toMatchObject({ code: 'unknown_person', problems: [{ pointer: '/owner' }] })
  })

  test('control: a full member is both', async () => {
    const { initiator } = await ask(world, 'db.export', {
      initiator: bob,
      involved: [{ email: 'sam@acme.test' }],
    })

    expect(initiator.claim).toBe('email')
    await addAgent(world.ports, { name: 'another', owner: bob, by: bob, via: 'cli' })
  })

  test('a guest can be joined with a member all the same: that only takes away', async () => {
    world.directory.changeAccount('U0BOB', { guest: true })
    const { id } = await ask(world, 'db.export', { initiator: { email: 'priya@acme.test' } })
    await linkAccounts(world.ports, { account: { email: 'priya@acme.test' }, other: bob, via: 'cli' })
    world.directory.changeAccount('U0BOB', { guest: false })

    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })
})
