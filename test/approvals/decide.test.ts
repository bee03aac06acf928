import { beforeEach, describe, expect, test } from 'vitest'
import { personOf } from '../../src/approvals/identify.ts'
import { linkAccounts } from '../../src/approvals/linkAccounts.ts'
import { formerPerson } from '../../src/approvals/people.ts'
import type { Card } from '../../src/approvals/ports.ts'
import { ask, bundleFiles, click, keyOf, testBundle, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const refusalCodes = async (id: string) =>
  (await world.store.entries(id))
    .filter((entry) => entry.type === 'decision.refused')
    .map((entry) => entry.data.code)

function changeAccount(user: string, change: object): void {
  const account = world.directory.accounts.get(user)
  if (!account) throw new Error(`no ${user}`)
  world.directory.accounts.set(user, { ...account, ...change })
}

describe('deciding', () => {
  test('two people of two legs approve, and the request is approved', async () => {
    const request = await ask(world, 'db.export')

    const first = await click(world, request.id, 'U0BOB')
    const second = await click(world, request.id, 'U0SAM')

    expect(first.request.state).toBe('pending')
    expect(second.request).toMatchObject({ state: 'approved', outcome: 'Approved.', version: 3 })
    expect((await world.store.entries(request.id)).map((entry) => entry.type)).toEqual([
      'request.submitted',
      'decision.made',
      'decision.made',
      'request.approved',
    ])
  })

  test('one denial ends it, and the agent gets the reason', async () => {
    const request = await ask(world, 'db.export')

    const { request: denied } = await click(world, request.id, 'U0BOB', {
      kind: 'deny',
      reason: '  Use the sample.  ',
    })

    expect(denied).toMatchObject({ state: 'denied', outcome: 'Use the sample.' })
  })

  test('a denial without a reason is refused', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0BOB', { kind: 'deny', reason: '  ' })).rejects.toMatchObject({
      code: 'reason_needed',
    })
  })

  test('the record holds the identity facts, what was seen and the reason, outside the leaf', async () => {
    const request = await ask(world, 'db.export')
    await click(world, request.id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    const made = (await world.store.entries(request.id)).find((entry) => entry.type === 'decision.made')
    expect(made?.actor).toEqual({
      kind: 'person',
      id: expect.stringMatching(/^per_/),
      account: keyOf('U0BOB'),
      via: 'slack',
    })
    expect(made?.blobs.map((blob) => blob.name)).toEqual(['identity', 'reason', 'seen'])
    expect(JSON.stringify(made)).not.toContain('acme.test')
  })
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

    expect(await refusalCodes(request.id)).toEqual(['own_request'])
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
      const bundle = testBundle({
        ...bundleFiles,
        'rules/all.yaml':
          bundleFiles['rules/all.yaml']?.replace(
            '[group:iam-admins], count: 2',
            '[group:iam-admins], count: 3',
          ) ?? '',
      })
      world.setPolicy(bundle)
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

describe('not-staff', () => {
  test.each([
    ['a guest', { guest: true }],
    ['a stranger from another company', { external: true }],
    ['a deactivated account', { active: false }],
    ['a bot', { human: false }],
  ])('%s in the group is refused', async (_, change) => {
    const request = await ask(world, 'db.export')
    changeAccount('U0BOB', change)
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'not_staff' })
    expect(await refusalCodes(request.id)).toEqual(['not_staff'])
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
    expect(await refusalCodes(request.id)).toEqual(['not_in_leg'])
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

describe('foreign-payload', () => {
  const card = (request: string, change: Partial<Card>): Card => ({
    id: 'crd_one',
    version: 1,
    request,
    conversation: 'slack:C0APPROVALS',
    status: 'posted',
    message: '1.1',
    shown: 1,
    told: 0,
    ...change,
  })

  test.each([
    ['a card that does not exist', null],
    ['a card of another request', { request: 'req_other' }],
    ['a card that was replaced', { status: 'replaced' as const }],
    ['a card that is not known to be posted', { status: 'posting' as const }],
  ])('%s decides nothing', async (_, change) => {
    const request = await ask(world, 'db.export')
    if (change)
      await world.store.commit({ cards: [{ expected: null, next: card(request.id, change) }], lines: [] })
    await expect(click(world, request.id, 'U0BOB', { card: 'crd_one' })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('control: the card we posted decides', async () => {
    const request = await ask(world, 'db.export')
    await world.store.commit({ cards: [{ expected: null, next: card(request.id, {}) }], lines: [] })
    await expect(click(world, request.id, 'U0BOB', { card: 'crd_one' })).resolves.toMatchObject({
      repeated: false,
    })
  })
})

describe('redelivery', () => {
  test('the same click twice takes effect once and writes one entry', async () => {
    const request = await ask(world, 'db.export')
    const first = await click(world, request.id, 'U0BOB', { delivery: 'same' })
    const second = await click(world, request.id, 'U0BOB', { delivery: 'same' })
    expect([first.repeated, second.repeated]).toEqual([false, true])
    expect(
      (await world.store.entries(request.id)).filter((entry) => entry.type.startsWith('decision.')),
    ).toHaveLength(1)
  })

  test('a refused click delivered twice is recorded once', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0ALICE', { delivery: 'same' })).rejects.toMatchObject({
      code: 'own_request',
    })
    await expect(click(world, request.id, 'U0ALICE', { delivery: 'same' })).resolves.toMatchObject({
      repeated: true,
    })
    expect(await refusalCodes(request.id)).toEqual(['own_request'])
  })
})

describe('race', () => {
  test('approve and deny in the same instant: one outcome, the loser hears the real one', async () => {
    const request = await ask(world, 'deploy.start')
    const settled = await Promise.allSettled([
      click(world, request.id, 'U0GRACE'),
      click(world, request.id, 'U0NOOR', { kind: 'deny' }),
    ])
    expect(settled.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(settled.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { code: 'wrong_state' },
    })
    expect(await world.store.request(request.id)).toMatchObject({
      version: 2,
      decisions: [expect.anything()],
    })
  })
})

describe('late-approval', () => {
  test('a click after the deadline expires the request, even before its job ran', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_600)
    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await world.store.request(request.id)).toMatchObject({ state: 'expired' })
  })

  test('control: a second earlier it counts', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_599)
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

test('an unknown request is refused', async () => {
  await expect(click(world, 'req_none', 'U0GRACE')).rejects.toMatchObject({ code: 'unknown_request' })
})

test('a person is one person however often they are seen at once', async () => {
  const account = world.directory.accounts.get('U0BOB')
  if (!account) throw new Error('no Bob')
  const people = await Promise.all(Array.from({ length: 10 }, () => personOf(world.ports, account)))
  expect(new Set(people).size).toBe(1)
})
