import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { decide } from '../../src/approvals/decide.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { enterLinkCode, linkCodeOf, sendLinkCode } from '../../src/approvals/people/linkByCode.ts'
import { knowOnCall, withOnCall } from '../../src/approvals/people/onCall.ts'
import { severalDirectories } from '../../src/approvals/people/severalDirectories.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { accountOf, directoryThere, keyThere, objectOf } from '../support/directoryThere.ts'
import { onCallBundle } from '../support/onCallBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { agesOf } from '../support/testClock.ts'
import { keyOf } from '../support/testDirectory.ts'
import { testIds } from '../support/testIds.ts'
import { ask, attemptBy, testWorld, type World } from '../support/world.ts'

/* One person with an account in each of two directories (threats: twin-accounts): sets of either. */

const grace = keyThere(1)
const group = objectOf(100)

let world: World
let ports: Ports
let there: ReturnType<typeof directoryThere>
let changes: Change[]
let beforeCommit: (() => Promise<void>) | null

beforeEach(async () => {
  world = await testWorld({ policy: policyOfBoth() })
  there = directoryThere()
  const first = { directory: world.directory, has: (one: string) => one.startsWith('slack:') }
  const other = { directory: there.directory, has: (one: string) => one.startsWith('teams:') }
  changes = []
  beforeCommit = null
  const store = {
    ...world.ports.store,
    commit: async (change: Change) => {
      changes.push(change)
      const first = beforeCommit
      beforeCommit = null
      await first?.()
      return world.ports.store.commit(change)
    },
  }
  ports = { ...world.ports, store, directory: severalDirectories(first, [other], world.store) }
  there.people.set(grace, accountOf(grace, 'grace'))
})

describe('linked with both sides’ word', () => {
  beforeEach(() => link('U0GRACE', grace))

  test('somebody decides by either account for a set of the first directory', async () => {
    const { id } = await ask(world, 'deploy.start')

    await decided(id, grace)

    expect((await world.store.request(id))?.state).toBe('approved')
  })

  test('and for a set of the other', async () => {
    there.groups.set(group, [grace])
    const { id } = await ask(world, 'node.drain')

    await decided(id, keyOf('U0GRACE'))

    expect((await world.store.request(id))?.state).toBe('approved')
  })

  test('the commit names every row that was read to say so', async () => {
    const { id } = await ask(world, 'deploy.start')

    await decided(id, grace)

    const named = changes.find(({ entries }) => JSON.stringify(entries).includes('decision.made'))?.links
    expect(named?.map((one) => one.id)).toEqual(expect.arrayContaining([grace, keyOf('U0GRACE')]))
  })

  test('whoever is parted while their click travels decides nothing by what the other account gave', async () => {
    const { id } = await ask(world, 'deploy.start')
    const row = await world.store.account(keyOf('U0GRACE'))
    if (!row) throw new Error('no row')
    // Between the first look and the commit, the account here comes to be somebody else's.
    beforeCommit = async () => {
      const next = { ...row, version: row.version + 1, person: 'per_other' }
      await world.store.commit({ accounts: [{ expected: row.version, next }], entries: [] })
    }

    await expect(decided(id, grace)).rejects.toMatchObject({ code: 'not_staff' })
    expect((await world.store.request(id))?.state).toBe('pending')
  })

  test('whoever is in no set by any account of theirs decides nothing', async () => {
    const { id } = await ask(world, 'host.reboot')

    await expect(decided(id, grace)).rejects.toMatchObject({ code: 'not_in_leg' })
  })

  test('they have one voice', async () => {
    const { id } = await ask(world, 'iam.change')
    await decided(id, keyOf('U0GRACE'))

    await expect(decided(id, grace)).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('whoever asks by the one approves by neither', async () => {
    await link('U0ALICE', there.add(2, 'alice.there'))
    world.directory.groups.get('S0PLATFORM')?.push('U0ALICE')
    const { id } = await ask(world, 'deploy.start')

    await expect(decided(id, keyThere(2))).rejects.toMatchObject({ code: 'own_request' })
  })

  test.each([
    ['was deactivated', { active: false }],
    ['is a guest', { guest: true }],
  ])('an account there that %s gives nothing here', async (_, change) => {
    there.groups.set(group, [grace])
    there.people.set(grace, { ...accountOf(grace, 'grace'), ...change })
    const { id } = await ask(world, 'node.drain')

    await expect(decided(id, keyOf('U0GRACE'))).rejects.toMatchObject({ code: 'not_in_leg' })
  })

  test('an account here that was deactivated takes the one there along', async () => {
    world.directory.changeAccount('U0GRACE', { active: false })
    const { id } = await ask(world, 'deploy.start')

    await expect(decided(id, grace)).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('what is not known is not approved: the other directory does not answer', async () => {
    there.groups.set(group, [grace])
    const { id } = await ask(world, 'node.drain')
    there.state.down = true

    await expect(decided(id, keyOf('U0GRACE'))).rejects.toMatchObject({ code: 'identity_unknown' })
  })

  test('where only the other directory is away, sets of the first go on', async () => {
    there.state.down = true
    const { id } = await ask(world, 'repo.read')

    expect((await world.store.request(id))?.state).toBe('approved')
  })

  test('who left the set before the release is found out, whichever account they approved by', async () => {
    const { id } = await ask(world, 'iam.change')
    await decided(id, grace)
    world.directory.groups.set('S0IAM', ['U0SAM'])
    await decided(id, keyOf('U0SAM'))

    const request = await world.store.request(id)
    expect(request?.state).toBe('pending')
    expect(request?.decisions[0]?.ended).toMatchObject({ why: { cause: 'left' } })
  })

  test('control: who is still in it by the other account counts at the release', async () => {
    const { id } = await ask(world, 'iam.change')
    await decided(id, grace)
    await decided(id, keyOf('U0SAM'))

    expect((await world.store.request(id))?.state).toBe('approved')
  })
})

describe('a link that is only claimed', () => {
  beforeEach(async () => {
    ports = { ...ports, confirms: true }
    await link('U0GRACE', grace)
  })

  test('gives nothing: neither does the account there decide', async () => {
    const { id } = await ask(world, 'deploy.start')

    await expect(decided(id, grace)).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('nor is the account here in a set of there', async () => {
    there.groups.set(group, [grace])
    const { id } = await ask(world, 'node.drain')

    await expect(decided(id, keyOf('U0GRACE'))).rejects.toMatchObject({ code: 'not_in_leg' })
  })
})

test('an equal address gives nothing either, and takes away', async () => {
  there.groups.set(group, [grace])
  const drain = await ask(world, 'node.drain')
  await expect(decided(drain.id, keyOf('U0GRACE'))).rejects.toMatchObject({ code: 'not_in_leg' })

  // Bob's account there has the address of Alice, who asks.
  const bob = there.add(3, 'alice')
  await link('U0NOOR', bob)
  const { id } = await ask(world, 'deploy.start')

  await expect(decided(id, bob)).rejects.toMatchObject({ code: 'own_request' })
  await expect(decided(id, keyOf('U0NOOR'))).rejects.toMatchObject({ code: 'own_request' })
})

test('link-by-code: a code that was sent to the account there is entered here, and gives then what both have', async () => {
  there.groups.set(group, [grace])
  const { id } = await ask(world, 'node.drain')
  const act = { account: keyOf('U0GRACE'), via: 'slack' }
  const { confirmation, to } = await sendLinkCode(ports, {
    ...{ ...act, delivery: 'send', other: { address: grace } },
  })
  expect(to.key).toBe(grace)
  await expect(decided(id, keyOf('U0GRACE'))).rejects.toMatchObject({ code: 'not_in_leg' })

  await enterLinkCode(ports, { ...act, delivery: 'enter', code: linkCodeOf(ports, confirmation) })

  await decided(id, grace)
  expect((await world.store.request(id))?.state).toBe('approved')
})

test('on-call: somebody has their turn by the account here, is in the group around it by the one there, and decides by either', async () => {
  there.groups.set(group, [grace])
  await link('U0GRACE', grace)
  onCallWithin(group)
  for (const account of [keyOf('U0GRACE'), grace]) {
    const { id } = await ask(world, 'deploy.start')

    await decided(id, account)

    const request = await world.store.request(id)
    expect(request?.state).toBe('approved')
    const made = await entriesOf(world.store, id, 'decision.made')
    expect(JSON.stringify(made)).toContain('PGRACE')
  }
  there.groups.set(group, [])
  const { id } = await ask(world, 'deploy.start')
  await expect(decided(id, grace)).rejects.toMatchObject({ code: 'not_in_leg' })
})

/** Grace is on call, and who may be so is in a group of the other directory. */
function onCallWithin(object: string): void {
  const bundle = onCallBundle['bundle.yaml'] ?? ''
  world.setPolicy(
    testBundle({
      ...onCallBundle,
      'bundle.yaml': bundle
        .replace('directory:\n', `directory:\n  group:there: {entra_group: ${object}}\n`)
        .replace('within: group:platform-leads', 'within: group:there'),
    }),
  )
  const shift = { user: 'PGRACE', email: 'grace@acme.test', schedule: 'PSCHED', start: null, end: null }
  const onCall = knowOnCall({
    ...{ store: ports.store, directory: ports.directory, clock: world.clock, ids: testIds() },
    ...{ workspace: 'wsp_test', ages: agesOf(world.clock) },
    health: { raise: () => undefined, clear: () => undefined },
    service: { people: async () => ({ is: 'people', shifts: [shift] }) },
  })
  ports = { ...ports, onCall, directory: withOnCall(ports.directory, onCall) }
}

/** Draining asks a group of the other directory. */
function policyOfBoth() {
  const bundle = bundleFiles['bundle.yaml'] ?? ''
  const rules = bundleFiles['rules/all.yaml'] ?? ''
  return testBundle({
    ...bundleFiles,
    'bundle.yaml': bundle.replace('directory:\n', `directory:\n  group:there: {entra_group: ${group}}\n`),
    'rules/all.yaml': rules.replace(
      '{name: platform, from: [group:platform-leads], count: 1}',
      '{name: platform, from: [group:there], count: 1}',
    ),
  })
}

async function link(user: string, key: string): Promise<void> {
  const asked = { account: { address: `slack:${user}` }, other: { address: key } }
  await linkAccounts(ports, { ...asked, via: 'cli' })
}

function decided(id: string, account: string) {
  return decide(ports, {
    ...attemptBy(id, 'U0GRACE'),
    ...{ account, kind: 'approve' as const, reason: null, typed: [], seen: 'facts' },
  })
}
