import { beforeEach, describe, expect, test } from 'vitest'
import { cardViewOf } from '../../src/approvals/cards/lines.ts'
import { endOwnDelegation } from '../../src/approvals/delegations/end.ts'
import { escalateInTime } from '../../src/approvals/escalate.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { needsOf } from '../../src/card/needs.ts'
import { reminderContent } from '../../src/card/reminder.ts'
import { mrkdwnOf } from '../../src/slack/text/spans.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { onCallBundle } from '../support/onCallBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { asking, bundleWith, day, declineFirst, goAway, heard } from './away.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

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

    await goAway(world, 'U0OMAR', { to: 'U0BOB' })

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
    ['went away as well', () => goAway(world, 'U0BOB', { to: 'U0PRIYA' })],
    [
      'turned out to be behind the action',
      () =>
        linkAccounts(world.ports, {
          account: { email: 'alice@acme.test' },
          other: { email: 'bob@acme.test' },
          via: 'test',
        }),
    ],
    ['declined', async () => declineFirst(world, 'U0BOB')],
    [
      'is not needed, because whoever was away is back',
      async () => endOwnDelegation(world.ports, await asking(world, 'U0OMAR')),
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
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    expect((await mentioned(id)).card).toBe(bobForOmar)

    await change()
    await heard()

    expect((await mentioned(id)).card).toBe(omarAsHimself)
  })

  test('delegate: whoever is behind one action is mentioned for others', async () => {
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })

    const own = await ask(world, 'db.export', { initiator: { email: 'bob@acme.test' } })
    const other = await ask(world, 'db.export')

    expect((await mentioned(own.id)).card).toBe(omarAsHimself)
    expect((await mentioned(other.id)).card).toBe(bobForOmar)
  })

  test('delegate: two who name each other in the same moment go round in no circle', async () => {
    const ways = await Promise.all([
      goAway(world, 'U0OMAR', { to: 'U0BOB' }),
      goAway(world, 'U0BOB', { to: 'U0OMAR' }),
    ])
    expect(ways).toHaveLength(2)

    const { id } = await ask(world, 'db.export')

    expect((await mentioned(id)).card).toBe(omarAsHimself)
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
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })

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
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    await goAway(world, 'U0PRIYA', { to: 'U0BOB', days: 2 })
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
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    const { id } = await ask(world, 'node.drain')
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
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    const { id } = await ask(world, 'deploy.start')
    expect((await mentioned(id)).card).toContain('(<@U0GRACE>)')

    turns = 2
    world.clock.advance(61)

    expect((await mentioned(id)).card).toContain('(<@U0NOOR> (for U0GRACE, away until')
  })
})

describe('the record', () => {
  test('a decision is the delegate’s own, and says in whose place they were told', async () => {
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
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
      await goAway(world, 'U0OMAR', { to: 'U0SAM' })
    } else await goAway(world, 'U0OMAR', { to: 'U0BOB' })
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
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    world.directory.groups.set('S0DATA', ['U0PRIYA'])
    const { id } = await ask(world, 'db.export')

    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'not_in_leg' })
    // And takes none from whoever is away.
    expect((await click(world, id, 'U0OMAR')).request.decisions).toMatchObject([{ account: keyOf('U0OMAR') }])
  })

  test('both are named when it begins, and when it ends', async () => {
    const { delegation } = await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    await endOwnDelegation(world.ports, await asking(world, 'U0OMAR'))

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
