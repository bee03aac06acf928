import { beforeEach, describe, expect, test } from 'vitest'
import { cardViewOf } from '../../src/approvals/cards/lines.ts'
import { declineDelegation, endOwnDelegation } from '../../src/approvals/delegations/end.ts'
import { startDelegation } from '../../src/approvals/delegations/start.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { needsOf } from '../../src/card/needs.ts'
import { reminderContent } from '../../src/card/reminder.ts'
import { mrkdwnOf } from '../../src/slack/text/spans.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { onCallBundle } from '../support/onCallBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

/** Seconds. */
const day = 86_400

/** Whoever remembers hears of a commit a moment after it. */
const heard = () => new Promise((resolve) => setImmediate(resolve))

/** The test bundle with other rules, and with more people in its directory. */
function bundleWith(change: (rules: string) => string) {
  const yaml = `${bundleFiles['bundle.yaml']}  user:priya: {slack_user: U0PRIYA}\n`
  return testBundle({
    ...bundleFiles,
    'bundle.yaml': yaml,
    'rules/all.yaml': change(bundleFiles['rules/all.yaml'] ?? ''),
  })
}

let acts = 0

/** Somebody goes away for three days; `to` is told in their place. */
async function goAway(user: string, to: string, days = 3) {
  acts += 1
  const delivery = `away-${acts}`
  const started = await startDelegation(world.ports, {
    account: await world.directory.account(keyOf(user)),
    via: 'slack',
    to: `slack:${to}`,
    until: new Date(world.clock().getTime() + days * day * 1_000),
    delivery,
  })
  await heard()
  return started
}

async function act(user: string) {
  acts += 1
  const delivery = `act-${acts}`
  return {
    account: await world.directory.account(keyOf(user)),
    via: 'slack',
    delivery,
  }
}

const refusal = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    (error) => {
      const { code, problems } = error as { code: string; problems: readonly { detail: string }[] }
      return [code, ...problems.map(({ detail }) => detail)].join(': ')
    },
  )

/** Whom the card, and a reminder under it, mention for the leg of the data owners. */
async function mentioned(id: string) {
  const request = (await world.store.request(id)) ?? expect.fail()
  const view = await cardViewOf(world.ports, request)
  const plain = (text: string) =>
    text.replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1').replaceAll(/[\u2066-\u2069]/g, '')
  const seats = needsOf(view)?.seats.map(({ says }) => plain(mrkdwnOf(view.people, says)))
  const reminder = reminderContent(view)
  return { card: seats?.[0], seats, reminder: reminder && plain(mrkdwnOf(view.people, reminder.says)) }
}

const omarAsHimself = '1 of <@U0OMAR> or <!subteam^S0DATA>'
const bobForOmar = '1 of <@U0BOB> (for U0OMAR, away until 2026-11-27 14:00 UTC) or <!subteam^S0DATA>'

describe('who is told', () => {
  test('whoever stands in for somebody whom the policy names is mentioned in their place, on cards and by reminders', async () => {
    const { id } = await ask(world, 'db.export')
    expect((await mentioned(id)).card).toBe(omarAsHimself)

    await goAway('U0OMAR', 'U0BOB')

    const { card, reminder } = await mentioned(id)
    expect(card).toBe(bobForOmar)
    expect(reminder).toContain(bobForOmar)
    // A group is mentioned as it is.
    expect(reminder).toContain('1 of <!subteam^S0SECURITY>')
  })

  test.each<readonly [string, () => unknown]>([
    ['was deactivated', () => world.directory.changeAccount('U0BOB', { active: false })],
    ['became a guest', () => world.directory.changeAccount('U0BOB', { guest: true })],
    ['left the group', () => world.directory.groups.set('S0DATA', ['U0PRIYA'])],
    ['cannot be looked up', () => world.directory.unreadable.add('S0DATA')],
    ['went away as well', () => goAway('U0BOB', 'U0PRIYA')],
    [
      'turned out to be behind the action',
      () =>
        linkAccounts(world.ports, {
          account: { email: 'alice@acme.test' },
          other: { email: 'bob@acme.test' },
          via: 'test',
        }),
    ],
    ['declined', async () => declineNewest('U0BOB')],
    [
      'is not needed, because whoever was away is back',
      async () => endOwnDelegation(world.ports, await act('U0OMAR')),
    ],
    ['is over', () => world.clock.advance(3 * day)],
  ])('delegate: a delegate who %s is not mentioned, but whoever is asked', async (_, change) => {
    // It lives longer than the delegation.
    world.setPolicy(
      bundleWith((rules) =>
        rules.replace(
          '- {name: security, from: [group:security], count: 1}\n',
          '- {name: security, from: [group:security], count: 1}\n    expires_in: 7d\n',
        ),
      ),
    )
    const { id } = await ask(world, 'db.export')
    await goAway('U0OMAR', 'U0BOB')
    expect((await mentioned(id)).card).toBe(bobForOmar)

    await change()
    await heard()

    expect((await mentioned(id)).card).toBe(omarAsHimself)
  })

  test('delegate: whoever is behind one action is mentioned for others', async () => {
    await goAway('U0OMAR', 'U0BOB')

    const own = await ask(world, 'db.export', { initiator: { email: 'bob@acme.test' } })
    const other = await ask(world, 'db.export')

    expect((await mentioned(own.id)).card).toBe(omarAsHimself)
    expect((await mentioned(other.id)).card).toBe(bobForOmar)
  })

  test('one of two legs is enough: for the other whoever is asked is told themselves', async () => {
    world.setPolicy(
      bundleWith((rules) =>
        rules.replace(
          'from: [group:security], count: 1}\n- id: iam',
          'from: [user:omar], count: 1}\n- id: iam',
        ),
      ),
    )
    await goAway('U0OMAR', 'U0BOB')

    const { id } = await ask(world, 'db.export')

    expect((await mentioned(id)).seats).toEqual([bobForOmar, '1 of <@U0OMAR>'])
  })

  test('in whose place two are told is called once, and fills one place', async () => {
    world.setPolicy(
      bundleWith((rules) =>
        rules.replace(
          '[owner, group:data-owners], count: 1',
          '[owner, user:priya, user:bob, group:data-owners], count: 2',
        ),
      ),
    )
    await goAway('U0OMAR', 'U0BOB')
    await goAway('U0PRIYA', 'U0BOB', 2)
    const { id } = await ask(world, 'db.export')

    expect((await mentioned(id)).card).toBe(
      '2 of <@U0BOB> (for U0OMAR, away until 2026-11-27 14:00 UTC and for U0PRIYA, away until 2026-11-26 14:00 UTC) or <!subteam^S0DATA>',
    )
    const { request } = await click(world, id, 'U0BOB')

    expect(request.state).toBe('pending')
    expect((await mentioned(id)).seats?.slice(0, 2)).toEqual([
      '<@U0BOB> for data, in place of U0OMAR and U0PRIYA, 14:00 UTC',
      // Whose vote is used stands in for nobody any more.
      '1 of <@U0OMAR> or <!subteam^S0DATA> or bob or <@U0PRIYA>',
    ])
    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('whoever an escalation brings in is replaced, too', async () => {
    world.setPolicy(
      bundleWith((rules) =>
        rules
          .replace('escalate: [{after: 10m, to: group:security}', 'escalate: [{after: 10m, to: user:omar}')
          .replace(
            'from: [group:platform-leads], count: 1}]}\n  notify',
            'from: [group:data-owners], count: 1}]}\n  notify',
          ),
      ),
    )
    await goAway('U0OMAR', 'U0BOB')
    const { id } = await ask(world, 'node.drain')
    const { escalateInTime } = await import('../../src/approvals/escalate.ts')
    world.clock.advance(600)

    await escalateInTime(world.ports, { request: id, nth: 0 })

    expect((await mentioned(id)).card).toBe(
      '1 of <!subteam^S0DATA> or <@U0BOB> (for U0OMAR, away until 2026-11-27 14:00 UTC)',
    )
  })

  test('whoever has the turn is called as long as their delegate has none', async () => {
    const onCall = {
      people: async () => ({
        is: 'people' as const,
        shifts: ['PGRACE', 'PNOOR']
          .map((user) => ({
            user,
            email: `${user.slice(1).toLowerCase()}@acme.test`,
            schedule: 'PSCHED',
            start: null,
            end: null,
          }))
          .slice(0, turns),
      }),
    }
    let turns = 1
    world = await testWorld({ store: memoryStore(), policy: testBundle(onCallBundle), onCall })
    await goAway('U0GRACE', 'U0NOOR')
    const { id } = await ask(world, 'deploy.start')
    expect((await mentioned(id)).card).toContain('(<@U0GRACE>)')

    turns = 2
    world.clock.advance(61)

    expect((await mentioned(id)).card).toContain('(<@U0NOOR> (for U0GRACE, away until')
  })
})

/** The delegate presses the button of the delegation by which they are told. */
async function declineNewest(user: string) {
  const [one] = await store.standingDelegations(world.clock())
  return declineDelegation(world.ports, { ...(await act(user)), delegation: one?.delegation ?? '' })
}

describe('the record', () => {
  test('a decision is the delegate’s own, and says in whose place they were told', async () => {
    await goAway('U0OMAR', 'U0BOB')
    const { id } = await ask(world, 'db.export')

    const { request } = await click(world, id, 'U0BOB')

    const [omar] = await store.accounts([keyOf('U0OMAR')])
    expect(request.decisions).toMatchObject([
      { account: keyOf('U0BOB'), legs: ['data'], inPlaceOf: [omar?.person] },
    ])
    expect((await entriesOf(store, id, 'decision.made'))[0]).toMatchObject({
      actor: { account: keyOf('U0BOB') },
      data: { in_place_of: [omar?.person] },
    })
  })

  test.each<readonly [string, string, () => unknown]>([
    ['for another leg than theirs', 'U0SAM', () => undefined],
    ['when whoever is away is behind the action', 'U0BOB', () => 'omar@acme.test'],
    ['when it is over', 'U0BOB', () => world.clock.advance(3 * day)],
  ])('control: it says nothing %s', async (_, user, change) => {
    if (user === 'U0SAM') {
      world.directory.groups.set('S0IAM', ['U0SAM', 'U0OMAR'])
      await goAway('U0OMAR', 'U0SAM')
    } else await goAway('U0OMAR', 'U0BOB')
    const initiator = change()
    const { id } = await ask(
      world,
      'db.export',
      typeof initiator === 'string' ? { initiator: { email: initiator } } : {},
    )

    const { request } = await click(world, id, user)

    expect(request.decisions).toHaveLength(1)
    expect(request.decisions[0]).not.toHaveProperty('inPlaceOf')
  })

  test('delegate: standing in gives nobody a vote', async () => {
    await goAway('U0OMAR', 'U0BOB')
    world.directory.groups.set('S0DATA', ['U0PRIYA'])
    const { id } = await ask(world, 'db.export')

    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'not_in_leg' })
    // And takes none from whoever is away.
    expect((await click(world, id, 'U0OMAR')).request.decisions).toMatchObject([{ account: keyOf('U0OMAR') }])
  })

  test('both are named when it begins, and when it ends', async () => {
    const { delegation } = await goAway('U0OMAR', 'U0BOB')
    await endOwnDelegation(world.ports, await act('U0OMAR'))

    const of = (type: string) => store.ledger.filter((entry) => entry.type === type)
    const both = {
      delegation: delegation.delegation,
      person: delegation.person,
      account: keyOf('U0OMAR'),
      delegate: delegation.delegatePerson,
      delegate_account: keyOf('U0BOB'),
    }
    expect(of('delegation.started').map(({ data }) => data)).toEqual([{ ...both, until: delegation.until }])
    expect(of('delegation.ended').map(({ data }) => data)).toEqual([{ ...both, why: 'taken_back' }])
  })
})

describe('beginning one', () => {
  test.each<readonly [string, string, () => unknown, string]>([
    [
      'oneself',
      'U0OMAR',
      () => undefined,
      'cannot_stand_in: That is you, or an account that counts as yours.',
    ],
    [
      'an account with the same address',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { email: 'omar+x@acme.test' }),
      'cannot_stand_in: That is you, or an account that counts as yours.',
    ],
    [
      'a guest',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { guest: true }),
      'cannot_stand_in: That is a guest, and only full members decide.',
    ],
    [
      'a stranger',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { external: true }),
      'cannot_stand_in: That is somebody of another organisation, and only members of this one decide.',
    ],
    [
      'an app',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { human: false }),
      'cannot_stand_in: That is an app, and only people decide.',
    ],
    [
      'somebody deactivated',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { active: false }),
      'cannot_stand_in: That account is deactivated.',
    ],
    ['nobody', 'U0GHOST', () => undefined, 'cannot_stand_in: There is nobody of that name here.'],
    [
      'somebody of other groups',
      'U0NOOR',
      () => undefined,
      'cannot_stand_in: They are in none of the groups in which the policy asks you, so they could decide nothing in your place.',
    ],
    [
      'somebody who is away',
      'U0BOB',
      () => goAway('U0BOB', 'U0PRIYA'),
      'cannot_stand_in: They are away themselves, and have somebody who is told in their place.',
    ],
    [
      'anybody, while groups cannot be read',
      'U0BOB',
      () => world.directory.unreadable.add('S0DATA'),
      'directory_unavailable',
    ],
  ])('delegate: %s cannot stand in', async (_, to, change, says) => {
    await change()

    expect(await refusal(goAway('U0OMAR', to))).toBe(says)
    expect(await store.delegation(keyOf('U0OMAR'))).toBeNull()
  })

  test('whoever the policy asks nothing has nothing to be told in their place', async () => {
    world.directory.groups.set('S0ONLYBEHIND', ['U0LEE'])

    expect(await refusal(goAway('U0ALICE', 'U0BOB'))).toBe(
      'cannot_stand_in: The policy asks you nothing, so there is nothing to be told in your place.',
    )
  })

  test.each([0, -1, 30.01])('nobody is away until %s days from now', async (days) => {
    expect(await refusal(goAway('U0OMAR', 'U0BOB', days))).toMatch(/^invalid_request: Name a moment to come/)
  })

  test('whoever is no full member goes away from nothing', async () => {
    world.directory.changeAccount('U0OMAR', { guest: true })

    expect(await refusal(goAway('U0OMAR', 'U0BOB'))).toBe('not_staff')
  })

  test('says which sets are covered, and which are not', async () => {
    world.directory.groups.set('S0SECURITY', ['U0PRIYA', 'U0SAM'])

    const { coverage } = await goAway('U0PRIYA', 'U0BOB')

    const named = (sets: typeof coverage.covered) =>
      sets.map((from) => from.map(({ ref }) => ref).join(' or '))
    expect(named(coverage.covered)).toContain('group:data-owners')
    expect(named(coverage.uncovered)).toContain('group:security')
    expect(coverage.unknown).toEqual([])
  })

  test('another one takes the place of the one before, whose delegate hears of it', async () => {
    await goAway('U0PRIYA', 'U0BOB')
    const { replaced } = await goAway('U0PRIYA', 'U0SAM')

    expect(replaced).toHaveLength(1)
    expect(await store.standingDelegations(world.clock())).toMatchObject([{ delegate: keyOf('U0SAM') }])
    expect(store.ledger.filter(({ type }) => type === 'delegation.ended')).toMatchObject([
      { data: { why: 'replaced' } },
    ])
    expect(told()).toEqual([
      ['ended', 'U0BOB'],
      ['started', 'U0BOB'],
      ['started', 'U0SAM'],
    ])
  })

  test('delegate: two who name each other in the same moment go round in no circle', async () => {
    const ways = await Promise.all([goAway('U0OMAR', 'U0BOB'), goAway('U0BOB', 'U0OMAR')])
    expect(ways).toHaveLength(2)

    const { id } = await ask(world, 'db.export')

    expect((await mentioned(id)).card).toBe(omarAsHimself)
  })

  test('whoever stands in and goes away gives back, and whose delegate that was hears of it', async () => {
    await goAway('U0OMAR', 'U0BOB')
    const { givenBack } = await goAway('U0BOB', 'U0PRIYA')

    expect(givenBack).toMatchObject([{ id: keyOf('U0OMAR') }])
    expect(told()).toContainEqual(['delegate_away', 'U0OMAR'])
  })
})

/** What is to be told of delegations, and to whom. */
function told() {
  return [...store.jobs.values()]
    .flatMap((job) => (job.task === 'delegation' ? [[job.why, job.to.split(':').at(-1) ?? '']] : []))
    .sort()
}

describe('ending one', () => {
  test('delegate: only the delegate declines, and only one that stands', async () => {
    const { delegation } = await goAway('U0OMAR', 'U0BOB')
    const decline = async (user: string) =>
      refusal(declineDelegation(world.ports, { ...(await act(user)), delegation: delegation.delegation }))

    expect(await decline('U0SAM')).toBe('not_asked')
    expect(await decline('U0OMAR')).toBe('not_asked')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)

    expect(await decline('U0BOB')).toBe('done')
    expect(await store.standingDelegations(world.clock())).toEqual([])
    expect(told()).toContainEqual(['declined', 'U0OMAR'])
    expect(await decline('U0BOB')).toBe('not_applicable')
  })

  test('the button of one that was replaced ends nothing', async () => {
    const { delegation } = await goAway('U0OMAR', 'U0BOB')
    await goAway('U0OMAR', 'U0BOB', 5)

    const again = declineDelegation(world.ports, {
      ...(await act('U0BOB')),
      delegation: delegation.delegation,
    })

    expect(await refusal(again)).toBe('not_applicable')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)
  })

  test('whoever is not away ends nothing, nor anybody else’s', async () => {
    await goAway('U0OMAR', 'U0BOB')

    expect(await refusal(endOwnDelegation(world.ports, await act('U0BOB')))).toBe('not_applicable')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)
  })

  test('of two ends in the same moment one is written', async () => {
    const { delegation } = await goAway('U0OMAR', 'U0BOB')

    const ends = await Promise.all([
      refusal(endOwnDelegation(world.ports, await act('U0OMAR'))),
      refusal(declineDelegation(world.ports, { ...(await act('U0BOB')), delegation: delegation.delegation })),
    ])

    expect(ends.toSorted()).toEqual(['done', 'not_applicable'])
    expect(store.ledger.filter(({ type }) => type === 'delegation.ended')).toHaveLength(1)
  })
})
