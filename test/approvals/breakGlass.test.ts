import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { expire } from '../../src/approvals/expire.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { testChannel } from '../support/channel.ts'
import { losing } from '../support/losing.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf, typesOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'
import { reason, smash } from './emergency.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const withRules = (change: (rules: string) => string) => world.setPolicy(bundleWithRules(change))

describe('break-glass beside approvers', () => {
  test('lets through at once what would have needed two people; the decisions before it stay', async () => {
    const request = await ask(world, 'host.reboot')
    await click(world, request.id, 'U0PRIYA')

    const { request: approved } = await smash(world, request.id, 'U0GRACE')

    expect(approved).toMatchObject({ state: 'approved', decisions: [{ account: keyOf('U0PRIYA') }] })
    expect([...store.jobs.keys()].filter((key) => key.includes(request.id)).sort()).toEqual([
      `alarm:${request.id}:broken`,
      `announce:${request.id}`,
      `refresh:${request.id}`,
      `review:${request.id}`,
      `unredeemed:${request.id}`,
    ])
  })

  test('where the policy offers none, there is none', async () => {
    const request = await ask(world, 'deploy.start')
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'no_break_glass' })
    expect(await typesOf(store, request.id)).toEqual(['request.submitted', 'decision.refused'])
  })

  test('a path that asks for a step-up is not taken without one', async () => {
    withRules((rules) => rules.replace('break_glass: {}', 'break_glass: {step_up: passkey}'))
    const request = await ask(world, 'host.reboot')
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'step_up_unavailable' })
    expect(await store.request(request.id)).toMatchObject({ state: 'pending' })
  })

  test('control: with `break_glass` taken out of the rule, the same attempt is refused', async () => {
    withRules((rules) => rules.replace('  break_glass: {}\n', ''))
    const request = await ask(world, 'host.reboot')
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'no_break_glass' })
  })
})

describe('who may break the glass', () => {
  test.each([
    ['outsider: an approver who is not on the path', 'U0PRIYA', 'not_on_path'],
    ['own-request: the initiator', 'U0ALICE', 'own_request'],
    ['own-request: the owner of the agent', 'U0LEE', 'own_request'],
  ])('%s may not, even from the group, and it is recorded', async (_, user, code) => {
    if (code === 'own_request') world.directory.groups.set('S0INCIDENT', ['U0GRACE', user])
    const request = await ask(world, 'host.reboot')

    await expect(smash(world, request.id, user)).rejects.toMatchObject({ code })

    expect(await store.request(request.id)).toMatchObject({ state: 'pending', brokenGlass: null })
    const [refusal] = await entriesOf(store, request.id, 'decision.refused')
    expect(refusal?.data).toMatchObject({ kind: 'break_glass', code })
  })

  test('own-request, control: the same person may when somebody else asked', async () => {
    world.directory.groups.set('S0INCIDENT', ['U0ALICE'])
    const request = await ask(world, 'host.reboot', { initiator: { email: 'noor@acme.test' } })
    expect((await smash(world, request.id, 'U0ALICE')).request.state).toBe('approved')
  })

  test('own-request: not through a second account of the same person', async () => {
    await linkAccounts(world.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'grace@acme.test' },
      via: 'cli',
    })
    const request = await ask(world, 'host.reboot')
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'own_request' })
  })

  test.each([
    ['a guest', { guest: true }],
    ['a stranger', { external: true }],
    ['a deactivated account', { active: false }],
    ['a bot', { human: false }],
  ])('not-staff: %s may not', async (_, change) => {
    const request = await ask(world, 'host.reboot')
    world.directory.changeAccount('U0GRACE', change)
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('left-the-group: nobody who has left it, and nobody while it cannot be read', async () => {
    const request = await ask(world, 'host.reboot')
    world.directory.groups.set('S0INCIDENT', ['U0OMAR'])
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_on_path' })
    world.directory.unreadable.add('S0INCIDENT')
    await expect(smash(world, request.id, 'U0OMAR')).rejects.toMatchObject({ code: 'identity_unknown' })
  })
})

describe('the reason', () => {
  test.each([
    ['none', '  '],
    ['too short', 'INC-1 now'],
    ['of another form', 'the status page is down, hurry'],
  ])('is what the policy asks for; refused when %s', async (_, given) => {
    const request = await ask(world, 'host.reboot')
    await expect(smash(world, request.id, 'U0GRACE', { reason: given })).rejects.toMatchObject({
      code: 'reason_rejected',
      problems: [{ pointer: '/reason' }],
    })
    expect(await store.request(request.id)).toMatchObject({ state: 'pending' })
  })
})

describe('foreign-payload, redelivery and races', () => {
  test('not from a card that is not a posted card of this request', async () => {
    const request = await ask(world, 'host.reboot')
    await expect(smash(world, request.id, 'U0GRACE', { card: 'crd_other' })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('the same click twice breaks one glass', async () => {
    const request = await ask(world, 'host.reboot')
    await smash(world, request.id, 'U0GRACE', { delivery: 'same' })
    expect((await smash(world, request.id, 'U0GRACE', { delivery: 'same' })).repeated).toBe(true)
    expect(await entriesOf(store, request.id, 'glass.broken')).toHaveLength(1)
  })

  test('two people at once: one breaks it, the other hears that it is settled', async () => {
    const request = await ask(world, 'host.reboot')
    const tries = await Promise.allSettled([
      smash(world, request.id, 'U0GRACE'),
      smash(world, request.id, 'U0OMAR'),
    ])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'wrong_state' },
    })
  })

  test.each([
    ['glass first', 0],
    ['denial first', 1],
  ])('against a denial: one outcome, %s', async (_, first) => {
    const request = await ask(world, 'host.reboot')
    const attempts = [
      () => smash(world, request.id, 'U0GRACE'),
      () => click(world, request.id, 'U0SAM', { kind: 'deny' }),
    ]
    const tries = await Promise.allSettled((first === 0 ? attempts : attempts.reverse()).map((go) => go()))

    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const settled = await store.request(request.id)
    expect(settled?.state === 'approved').toBe(settled?.brokenGlass !== null)
    expect(
      (await typesOf(store, request.id)).filter((type) => /^request\.(approved|denied)$/.test(type)),
    ).toEqual([`request.${settled?.state}`])
  })

  test('late-approval: against the deadline, expired wins', async () => {
    const request = await ask(world, 'host.reboot')
    world.clock.advance(1_800)
    const [attempt] = await Promise.allSettled([
      smash(world, request.id, 'U0GRACE'),
      expire(world.ports, request.id),
    ])
    expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'wrong_state' } })
    expect(await store.request(request.id)).toMatchObject({ state: 'expired', brokenGlass: null })
  })

  test('a policy that came later does not take the path from a request that waits', async () => {
    const request = await ask(world, 'host.reboot')
    withRules((rules) => rules.replace('  break_glass: {}\n', ''))
    expect((await smash(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

describe.each(['before', 'after'] as const)(
  'kill-anywhere: the commit breaks just %s it took effect',
  (when) => {
    test('the glass is broken once after the click comes again, and everything that follows is asked for', async () => {
      const request = await ask(world, 'host.reboot')
      const attempt = { ...attemptBy(request.id, 'U0GRACE'), reason, seen: 'facts' }
      // The people are known, so the only commit is the one that breaks the glass.
      await smash(world, request.id, 'U0GRACE', { reason: '' }).catch(() => {})
      const broken = { ...world.ports, store: losing(store, 1, when).store }

      await expect(breakGlass(broken, attempt)).rejects.toThrow('broke')
      await breakGlass(world.ports, attempt)

      expect(await store.request(request.id)).toMatchObject({ state: 'approved', version: 2 })
      expect(await entriesOf(store, request.id, 'glass.broken')).toHaveLength(1)
      expect([...store.jobs.keys()]).toEqual(
        expect.arrayContaining([
          `alarm:${request.id}:broken`,
          `review:${request.id}`,
          `refresh:${request.id}`,
        ]),
      )
      expect([...store.jobs.keys()]).not.toContain(`expire:${request.id}`)
    })
  },
)

test('the card follows, and the thread hears of it', async () => {
  const channel = testChannel()
  const request = await ask(world, 'freeze.deploy')
  await announce(world.ports, channel, request.id)
  await smash(world, request.id, 'U0GRACE')
  await refresh(world.ports, channel, { request: request.id })
  expect(channel.said).toEqual(['post slack:C0APPROVALS', 'update approved v2', 'tell glass.broken'])
})
