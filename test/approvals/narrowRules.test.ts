import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { refuseUnnarrowable } from '../../src/approvals/narrowing/less.ts'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { policyActivation } from '../../src/core/action.ts'
import { identityProviders } from '../../src/oidc/providers.ts'
import { dumpRules, narrowingBundle, narrowingFiles } from '../support/narrowingBundle.ts'
import { narrowingWorld } from '../support/narrowingWorld.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { testProvider } from '../support/testIssuer.ts'
import { attemptBy, click } from '../support/world.ts'

let { world, dump, read, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ world, dump, read, lower, lessOf } = await narrowingWorld())
})

const openOf = async (id: string) => (await read(id)).state
/** Bob lowers the rows, and something happens just before that is committed. */
function lowerWhile(id: string, rows: number, meanwhile: () => Promise<unknown>) {
  let done = false
  const commit = async (change: Change) => {
    if (change.request && !done) {
      done = true
      await meanwhile()
    }
    return world.ports.store.commit(change)
  }
  const ports = { ...world.ports, store: { ...world.ports.store, commit } }
  const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows }, reason: null, seen: 'facts' }
  return narrow(ports, attempt)
}
const otherRule = (require: string) => `
- id: dump.other
  description: Fourteen rows are something else.
  match: {actions: [data.dump]}
  when: params.rows == 14
  verdict: require_approval
  require: ${require}
`

describe('in the moment of the commit', () => {
  test('stale-replica: another policy is active by then: that one says what may be lowered, and nothing is made by the old one', async () => {
    const { id } = await dump()

    const lowering = lowerWhile(id, 500, async () => {
      world.setPolicy(narrowingBundle(dumpRules((rules) => rules.replace('== 7', '< 600'))))
      await world.ports.renewPolicy()
    })

    await expect(lowering).rejects.toMatchObject({ code: 'not_narrowable' })
    expect(await openOf(id)).toBe('pending')
  })

  test('own-request: whoever narrows turns out to be the initiator', async () => {
    const { id } = await dump()

    const lowering = lowerWhile(id, 500, () =>
      linkAccounts(world.ports, {
        account: { email: 'alice@acme.test' },
        other: { email: 'bob@acme.test' },
        via: 'cli',
      }),
    )

    await expect(lowering).rejects.toMatchObject({ code: 'own_request' })
    expect(await openOf(id)).toBe('pending')
  })

  test('counter-race: what was released meanwhile is counted before what is left is', async () => {
    world.setPolicy(
      narrowingBundle({
        'bundle.yaml': `${narrowingFiles['bundle.yaml']}budgets:
  dumps_a_day: {actions: [data.dump], per: agent, window: 24h, of: all}
`,
        ...dumpRules(
          (rules) => `${rules}
- id: dump.often
  description: One dump a day.
  match: {actions: [data.dump]}
  when: budget.dumps_a_day.count > 1
  verdict: deny
`,
        ),
      }),
    )
    const [first, other] = [await dump(), await dump({ params: { rows: 4_000 } })]

    const lowering = lowerWhile(first.id, 500, () => click(world, other.id, 'U0PRIYA'))

    await expect(lowering).rejects.toMatchObject({ code: 'not_narrowable' })
    expect([await openOf(first.id), await openOf(other.id)]).toEqual(['pending', 'approved'])
  })

  test('a directory that falls silent before the vote is moved: nothing is narrowed, and it can come again', async () => {
    const { id } = await dump()
    const { askedBefore } = world.ports.store
    // What is left has been judged by then.
    const quiet: typeof askedBefore = async (...asked) => {
      world.directory.down = true
      return askedBefore(...asked)
    }
    const ports = { ...world.ports, store: { ...world.ports.store, askedBefore: quiet } }
    const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows: 500 }, reason: null, seen: 'facts' }

    await expect(narrow(ports, attempt)).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(await openOf(id)).toBe('pending')

    world.directory.down = false
    await narrow(world.ports, attempt)
    expect(await lessOf(id)).toMatchObject({ state: 'approved' })
  })
})

describe('other-class: a narrowing comes as an approval may', () => {
  test('not in a way that the policy does not take', async () => {
    world.setPolicy(narrowingBundle(dumpRules((rules) => rules.replace('expires_in: 2h', 'via: [card]'))))
    const { id } = await dump()

    await expect(lower(id, { rows: 500 }, { way: 'api' })).rejects.toMatchObject({ code: 'via_not_allowed' })
    expect(await openOf(id)).toBe('pending')
  })

  test('and the vote stays behind where what is left does not take it', async () => {
    const eitherWay = dumpRules((rules) => rules.replace('expires_in: 2h', 'via: [card, api]'))
    const stricter = `${eitherWay['rules/dumps.yaml']}${otherRule('{approvals: [{name: data, from: [group:data-owners], count: 1}], via: [card]}')}`
    world.setPolicy(narrowingBundle({ 'rules/dumps.yaml': stricter }))
    const [first, second] = [await dump(), await dump({ params: { rows: 4_000 } })]
    await lower(first.id, { rows: 14 }, { way: 'api' })
    await lower(second.id, { rows: 500 }, { way: 'api' })

    expect(await lessOf(first.id)).toMatchObject({ state: 'pending', decisions: [] })
    expect(await lessOf(second.id)).toMatchObject({ state: 'approved' })
  })
})

describe('nobody-can: what is left has to be something that people can decide', () => {
  test('not where only people behind it could fill a leg', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0ALICE', 'U0LEE'])
    const { id } = await dump()

    await expect(lower(id, { rows: 13 })).rejects.toMatchObject({
      code: 'not_narrowable',
      problems: [{ detail: expect.stringContaining('platform') }],
    })
    expect(await openOf(id)).toBe('pending')
  })

  test('not where both together ask for more than a card can show', async () => {
    const many = '{approvals: [{name: many, from: [group:platform-leads], count: 9}]}'
    world.setPolicy(narrowingBundle(dumpRules((rules) => `${rules}${otherRule(many)}`)))
    const first = await dump({ params: { rows: 100_000 } })

    await expect(lower(first.id, { rows: 14 })).rejects.toMatchObject({
      code: 'not_narrowable',
      problems: [{ detail: expect.stringContaining('What both would ask for together') }],
    })
    expect(await openOf(first.id)).toBe('pending')
  })

  test('nobody-reachable: nothing that waits for others is made while no channel reaches anybody; control: what is released at once is', async () => {
    const [first, second] = [await dump({ params: { rows: 100_000 } }), await dump()]
    world.setReachable(false)

    await expect(lower(first.id, { rows: 5_000 })).rejects.toMatchObject({ code: 'nobody_reachable' })
    expect(await openOf(first.id)).toBe('pending')
    await lower(second.id, { rows: 500 })
    expect(await lessOf(second.id)).toMatchObject({ state: 'approved' })
  })

  test.each([
    ['what undoes something', { rollsBack: 'req_first' }],
    ['what can only be lifted', { verdict: { kind: 'deny' } }],
    ['a change of the policy', { action: { action: policyActivation } }],
  ] as const)('nothing is less of %s', async (_, change) => {
    const request = await dump()
    const bundle = world.ports.policy()
    const changed = {
      ...request,
      ...change,
      verdict: { ...request.verdict, ...('verdict' in change && change.verdict) },
      action: { ...request.action, ...('action' in change && change.action) },
    }

    expect(() => refuseUnnarrowable(bundle, changed)).toThrow(
      expect.objectContaining({ code: 'not_narrowable' }),
    )
    expect(refuseUnnarrowable(bundle, request).size).toBe(2)
  })
})

test('attested: who signed in stays the initiator of what is left, as somebody who signed in', async () => {
  const issuer = await testProvider()
  const providers = identityProviders([issuer.provider], {
    read: async () => issuer.document(),
    ages: agesOf(testClock()),
  })
  ;({ world, dump, read, lower, lessOf } = await narrowingWorld({ identityProviders: providers }))
  world.setPolicy(
    narrowingBundle(
      dumpRules(
        (rules) => `${rules}
- id: dump.claimed
  description: Security looks at what is only claimed.
  match: {actions: [data.dump]}
  when: '!initiator.attested'
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
`,
      ),
    ),
  )
  const first = await dump({ initiator: { idToken: await issuer.token() } })
  const claimed = await dump({ params: { rows: 4_000 } })
  await lower(first.id, { rows: 500 })
  await lower(claimed.id, { rows: 500 })

  const less = await lessOf(first.id)
  expect(less.initiator).toEqual(first.initiator)
  expect(less).toMatchObject({ state: 'approved', verdict: { facts: { initiator: { attested: true } } } })
  expect(less.requirement?.legs.map(({ name }) => name)).toEqual(['data'])
  expect(await lessOf(claimed.id)).toMatchObject({ state: 'pending' })
})
