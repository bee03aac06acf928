import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { humansAmong } from '../../src/approvals/people/humans.ts'
import { personOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { textFor } from '../../src/slack/text/answers.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
  // Dana has two accounts in the workspace that nobody linked; both are in every group.
  second('U0DANA', 'dana@acme.test')
  second('U0DANAADM', 'Dana+admin@acme.test')
  for (const group of ['S0PLATFORM', 'S0SECURITY', 'S0DATA', 'S0IAM', 'S0INCIDENT'])
    world.directory.groups.get(group)?.push('U0DANA', 'U0DANAADM')
})

function second(user: string, email: string | null): void {
  const alice = world.directory.accounts.get('U0ALICE')
  if (!alice) throw new Error('no Alice')
  world.directory.accounts.set(user, { ...alice, key: keyOf(user), name: user, email })
}

const byDana = { initiator: { email: 'dana@acme.test' } }
const emergency = 'INC-7: the primary database is down'
const glass = (id: string, user: string) =>
  breakGlass(world.ports, { ...attemptBy(id, user), reason: emergency, seen: 'facts' })
const review = (id: string, user: string) =>
  closeReview(world.ports, { ...attemptBy(id, user), note: 'It was an emergency.' })

/** What somebody is told of a refusal. */
async function toldOf(attempt: Promise<unknown>): Promise<string> {
  const refusal = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(refusal instanceof Refusal)) throw new Error(`no refusal: ${refusal}`)
  return textFor(refusal)
}

describe('twin-accounts: two accounts with one address count as one person', () => {
  test('the second does not approve what the first asked for; it is told by which accounts, and recorded without them', async () => {
    const { id } = await ask(world, 'deploy.start', byDana)

    const told = await toldOf(click(world, id, 'U0DANAADM'))

    expect(told).toContain('You are behind this action')
    expect(told).toContain(
      'Your account Dana+admin@acme.test counts as the same person as U0DANA (dana@acme.test)',
    )
    expect(await refusalsOf(world.store, id)).toEqual(['own_request'])
    const [refused] = await entriesOf(world.store, id, 'decision.refused')
    expect(refused?.actor.account).toBe(keyOf('U0DANAADM'))
    expect(JSON.stringify(refused)).not.toContain('@acme.test')
  })

  test.each([
    ['deny it', (id: string) => click(world, id, 'U0DANAADM', { kind: 'deny' })],
    ['break its glass', (id: string) => glass(id, 'U0DANAADM')],
  ])('nor does it %s', async (_, attempt) => {
    const { id } = await ask(world, 'host.reboot', byDana)

    await expect(attempt(id)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('nor close the review of a glass that the first broke', async () => {
    const { id } = await ask(world, 'host.reboot')
    await glass(id, 'U0DANA')

    await expect(review(id, 'U0DANAADM')).rejects.toMatchObject({ code: 'own_break_glass' })
  })

  test('together they have one voice', async () => {
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0DANA')

    await expect(click(world, id, 'U0DANAADM')).rejects.toMatchObject({ code: 'already_decided' })
    expect((await world.store.request(id))?.state).toBe('pending')
  })

  test('and when the addresses became equal only after both had decided, one of them lapses', async () => {
    second('U0DANAADM', 'other@acme.test')
    const iam = bundleFiles['rules/all.yaml']?.replace(
      '[group:iam-admins], count: 2',
      '[group:iam-admins], count: 3',
    )
    world.setPolicy(testBundle({ ...bundleFiles, 'rules/all.yaml': iam ?? '' }))
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0DANA')
    await click(world, id, 'U0DANAADM')
    second('U0DANAADM', 'dana+admin@acme.test')

    const { request } = await click(world, id, 'U0GRACE')

    expect(request.state).toBe('pending')
    expect(request.decisions.map((one) => one.ended)).toMatchObject([
      undefined,
      { how: 'lapsed', why: { cause: 'same_person' } },
      undefined,
    ])
  })

  test('also by way of a third, whose accounts share an address with each', async () => {
    second('U0XENIA', 'xenia@acme.test')
    second('U0XENIA2', 'xenia+2@acme.test')
    await linkAccounts(world.ports, {
      account: { email: 'Dana+admin@acme.test' },
      other: { email: 'xenia@acme.test' },
      via: 'cli',
    })
    const people = await Promise.all(
      ['U0DANA', 'U0DANAADM', 'U0XENIA2', 'U0GRACE'].map(async (user) =>
        personOf(world.ports, await world.directory.account(keyOf(user))),
      ),
    )
    const [dana, between, xenia, grace] = people
    if (!dana || !between || !xenia || !grace) throw new Error('four people')

    const humans = await humansAmong(world.ports, people)

    expect(humans.areOne(dana, xenia)).toBe(true)
    expect(humans.addressOf(dana, xenia)).toBeNull()
    expect(humans.areOne(dana, grace)).toBe(false)
    expect((await humansAmong(world.ports, [dana, xenia])).areOne(dana, xenia)).toBe(false)
  })

  test('while the account of somebody behind it cannot be looked up, nobody knows, and that click is refused', async () => {
    const { id } = await ask(world, 'deploy.start', byDana)
    const { account } = world.directory
    world.directory.account = async (address) => {
      if (address.endsWith('U0DANA')) world.directory.down = true
      return account(address).finally(() => {
        world.directory.down = false
      })
    }

    await expect(click(world, id, 'U0GRACE')).rejects.toMatchObject({ code: 'identity_unknown' })
  })
})

describe('twin-accounts: all accounts of a person count, also when they come with one that has no confirmed address', () => {
  const linked = () =>
    linkAccounts(world.ports, {
      account: { email: 'Dana+admin@acme.test' },
      other: { address: keyOf('U0ADM') },
      via: 'cli',
    })
  beforeEach(async () => {
    second('U0ADM', null)
    for (const group of ['S0PLATFORM', 'S0SECURITY', 'S0IAM', 'S0INCIDENT'])
      world.directory.groups.get(group)?.push('U0ADM')
  })

  test.each([
    ['approve it', (id: string) => click(world, id, 'U0ADM')],
    ['deny it', (id: string) => click(world, id, 'U0ADM', { kind: 'deny' })],
    ['break its glass', (id: string) => glass(id, 'U0ADM')],
  ])('they do not %s', async (_, attempt) => {
    await linked()
    const { id } = await ask(world, 'host.reboot', byDana)

    await expect(attempt(id)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('nor review the glass that their twin broke', async () => {
    await linked()
    const { id } = await ask(world, 'host.reboot')
    await glass(id, 'U0DANA')

    await expect(review(id, 'U0ADM')).rejects.toMatchObject({ code: 'own_break_glass' })
  })

  test('nor agree a second time', async () => {
    await linked()
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0DANA')

    await expect(click(world, id, 'U0ADM')).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('control: without the link the glass is broken, and reviewed by the other', async () => {
    const { id } = await ask(world, 'host.reboot', byDana)
    expect((await glass(id, 'U0ADM')).request.state).toBe('approved')

    const other = await ask(world, 'host.reboot')
    await glass(other.id, 'U0DANA')
    expect((await review(other.id, 'U0ADM')).request.brokenGlass?.review).not.toBeNull()
  })
})

describe('control: the same accounts are two people', () => {
  test.each([
    ['when the addresses differ', 'dana.admin@acme.test'],
    ['when one address is not known to be confirmed', null],
    ['when only the domain differs', 'dana+admin@other.test'],
    ['when a plus sign begins the address', '+dana@acme.test'],
  ])('%s', async (_, email) => {
    second('U0DANAADM', email)
    const { id } = await ask(world, 'deploy.start', byDana)

    expect((await click(world, id, 'U0DANAADM')).request.state).toBe('approved')
  })

  test('who break the glass and review it', async () => {
    second('U0DANAADM', null)
    const { id } = await ask(world, 'host.reboot')
    await glass(id, 'U0DANA')

    expect((await review(id, 'U0DANAADM')).request.brokenGlass?.review).not.toBeNull()
  })
})

describe('nobody-can: who counts as one is counted as one when the request is made', () => {
  test.each([
    ['a leg in which only a second account of the initiator is', 'deploy.start', 'S0PLATFORM', ['U0DANAADM']],
    [
      'a leg of two in which there are only two accounts of one person',
      'iam.change',
      'S0IAM',
      ['U0DANA', 'U0DANAADM'],
    ],
  ])('%s is denied at once', async (_, action, group, members) => {
    world.directory.groups.set(group, members)
    const initiator = { email: action === 'iam.change' ? 'alice@acme.test' : 'dana@acme.test' }

    expect(await ask(world, action, { initiator })).toMatchObject({
      state: 'denied',
      verdict: { code: 'unsatisfiable' },
    })

    second('U0DANAADM', null)
    // Control: two people are asked.
    expect((await ask(world, action, { initiator })).state).toBe('pending')
  })
})

test('an equal address gives nothing: not the seat of the group that the other account is in', async () => {
  world.directory.groups.set('S0PLATFORM', ['U0DANA', 'U0GRACE'])
  const { id } = await ask(world, 'deploy.start')

  await expect(click(world, id, 'U0DANAADM')).rejects.toMatchObject({ code: 'not_in_leg' })
})
