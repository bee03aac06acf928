import { beforeEach, describe, expect, test } from 'vitest'
import { formerPerson } from '../../src/approvals/people/currentPeople.ts'
import { personOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { refusalsOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

describe('own-request: nobody decides on what they are behind', () => {
  test.each([
    ['the initiator', 'U0ALICE', {}],
    ["the agent's owner", 'U0LEE', {}],
    ['somebody involved', 'U0SAM', { involved: [{ email: 'sam@acme.test' }] }],
  ])('%s is refused and it is recorded', async (_, user, change) => {
    world.directory.groups.set('S0SECURITY', ['U0ALICE', 'U0LEE', 'U0SAM', 'U0PRIYA'])
    const request = await ask(world, 'db.export', change)

    await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'own_request' })

    expect(await refusalsOf(world.store, request.id)).toEqual(['own_request'])
    expect((await world.store.entries(request.id)).at(-1)).toMatchObject({
      actor: { kind: 'person', id: expect.stringMatching(/^per_/), account: keyOf(user), via: 'slack' },
      blobs: [{ name: 'identity' }],
    })
    expect(await world.store.request(request.id)).toMatchObject({
      state: 'pending',
      version: 1,
      decisions: [],
    })
  })

  test('control: the same person in the same group decides when somebody else asked', async () => {
    world.directory.groups.set('S0SECURITY', ['U0ALICE', 'U0PRIYA'])
    const request = await ask(world, 'db.export', { initiator: { email: 'noor@acme.test' } })
    await expect(click(world, request.id, 'U0ALICE')).resolves.toMatchObject({ repeated: false })
  })

  test('neither may deny', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0ALICE', { kind: 'deny' })).rejects.toMatchObject({
      code: 'own_request',
    })
  })

  describe('through a second account of the same person', () => {
    beforeEach(() => {
      const alice = world.directory.accounts.get('U0ALICE')
      if (!alice) throw new Error('no Alice')
      world.directory.accounts.set('U0ALICE2', {
        ...alice,
        key: keyOf('U0ALICE2'),
        email: 'alice.second@acme.test',
      })
      world.directory.groups.set('S0SECURITY', ['U0ALICE2', 'U0PRIYA'])
    })

    test('is refused once the accounts are linked', async () => {
      await linkAccounts(world.ports, {
        account: { email: 'alice@acme.test' },
        other: { email: 'alice.second@acme.test' },
        via: 'cli',
      })
      const request = await ask(world, 'db.export')
      await expect(click(world, request.id, 'U0ALICE2')).rejects.toMatchObject({ code: 'own_request' })
    })

    const link = (account: string, other: string) =>
      linkAccounts(world.ports, { account: { email: account }, other: { email: other }, via: 'cli' })

    test.each([
      ['the second joins the first', 'alice@acme.test', 'alice.second@acme.test'],
      ['the first joins the second', 'alice.second@acme.test', 'alice@acme.test'],
    ])('is refused for a request that was made before they were linked: %s', async (_, account, other) => {
      const request = await ask(world, 'db.export')
      await link(account, other)
      await expect(click(world, request.id, 'U0ALICE2')).rejects.toMatchObject({ code: 'own_request' })
      await expect(click(world, request.id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
    })

    test.each([
      ['kept', 'lee@acme.test', 'alice.second@acme.test'],
      ['given up', 'alice.second@acme.test', 'lee@acme.test'],
    ])("is refused for the agent's owner, whose id is %s", async (_, account, other) => {
      await link(account, other)
      const request = await ask(world, 'db.export', { initiator: { email: 'omar@acme.test' } })
      await expect(click(world, request.id, 'U0ALICE2')).rejects.toMatchObject({ code: 'own_request' })
    })

    test('is refused when the two came together through a third account', async () => {
      await link('grace@acme.test', 'alice.second@acme.test')
      await link('alice@acme.test', 'grace@acme.test')
      const request = await ask(world, 'db.export')
      await expect(click(world, request.id, 'U0ALICE2')).rejects.toMatchObject({ code: 'own_request' })
    })

    test('and whoever decided before cannot decide again as the other', async () => {
      const request = await ask(world, 'db.export', { initiator: { email: 'omar@acme.test' } })
      await click(world, request.id, 'U0ALICE2')
      await link('bob@acme.test', 'alice.second@acme.test')
      await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'already_decided' })
    })

    test('and two decisions of one human, made before, fill one seat', async () => {
      world.directory.groups.set('S0IAM', ['U0ALICE2', 'U0GRACE', 'U0SAM'])
      world.setPolicy(
        bundleWithRules((rules) =>
          rules.replace('[group:iam-admins], count: 2', '[group:iam-admins], count: 3'),
        ),
      )
      const request = await ask(world, 'iam.change', { initiator: { email: 'omar@acme.test' } })
      await click(world, request.id, 'U0ALICE2')
      await click(world, request.id, 'U0GRACE')
      await link('grace@acme.test', 'alice.second@acme.test')
      expect((await click(world, request.id, 'U0SAM')).request.state).toBe('pending')
    })

    test('two links at once leave nobody behind under an id that was given up', async () => {
      await personOf(world.ports, await world.directory.account('slack:U0GRACE'))
      await personOf(world.ports, await world.directory.account('slack:U0ALICE'))
      await personOf(world.ports, await world.directory.account('slack:U0ALICE2'))
      await Promise.allSettled([
        link('alice@acme.test', 'grace@acme.test'),
        link('grace@acme.test', 'alice.second@acme.test'),
      ])
      const links = await world.store.accounts(['U0ALICE', 'U0GRACE', 'U0ALICE2'].map(keyOf))
      const givenUp = await world.store.accounts(links.map((one) => formerPerson(one.person)))
      expect(givenUp).toEqual([])
    })

    test('control: nobody has linked them', async () => {
      const request = await ask(world, 'db.export')
      await expect(click(world, request.id, 'U0ALICE2')).resolves.toMatchObject({ repeated: false })
    })
  })

  test('claimed-initiator: the owner stays behind it whoever the agent names', async () => {
    world.directory.groups.set('S0SECURITY', ['U0LEE', 'U0PRIYA'])
    const request = await ask(world, 'db.export', { initiator: { email: 'omar@acme.test' } })
    await expect(click(world, request.id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
  })
})
