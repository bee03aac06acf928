import { beforeEach, describe, expect, test } from 'vitest'
import { partApproved } from '../../src/approvals/partApproved.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { confirm } from '../../src/approvals/people/confirm.ts'
import { currentPerson } from '../../src/approvals/people/currentPeople.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { unlinkPeople } from '../../src/approvals/unlinkPeople.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { testChannel } from '../support/channel.ts'
import { shell } from '../support/claims.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

/** The policy of the tests, which asks Security about parting accounts. */
const policy = testBundle({
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  people.unlink: {effect: admin, params: open}\n`,
  'rules/people.yaml': `
- id: people.unlink
  description: Parting accounts needs Security.
  match: {actions: [people.unlink]}
  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
`,
})

let store: MemoryStore
let world: World
let ports: Ports
let runDue: () => Promise<void>
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store, policy })
  ports = world.ports
  runDue = jobsAtWork({ ports, store, channel: testChannel(), clock: world.clock }).runDue
})

const email = (name: string) => ({ email: `${name}@acme.test` })
const typed = { via: 'cli', shell } as const

/** Alice's second account is Bob's: so says a link. */
const link = (account = 'alice', other = 'bob') =>
  linkAccounts(ports, { account: email(account), other: email(other), ...typed })

async function asked(account = 'bob', by = 'noor', through: Ports = ports): Promise<ActionRequest> {
  const unlinked = await unlinkPeople(through, {
    account: email(account),
    by: email(by),
    reason: 'Two people',
    ...typed,
  })
  if (unlinked.outcome !== 'asked') throw new Error('nobody was asked')
  return unlinked.request
}

async function unlink(account = 'bob'): Promise<void> {
  world.clock.advance(1)
  const { id } = await asked(account)
  await click(world, id, 'U0PRIYA')
  await runDue()
  world.clock.advance(1)
}

const personAt = async (user: string) => (await store.account(keyOf(user)))?.person

describe('parting accounts is an action under policy (threats: claimed-administrator)', () => {
  test('that others decide, and that parts them as they were before', async () => {
    const { agent } = await addAgent(ports, { name: 'bobs', owner: email('bob'), by: email('bob'), ...typed })
    const before = await personAt('U0BOB')
    const person = await link()

    const request = await asked()
    expect(request).toMatchObject({ state: 'pending', reason: 'Two people' })
    expect(request.action).toMatchObject({
      action: 'people.unlink',
      resource: { type: 'person', id: person },
      params: { account: keyOf('U0BOB'), was: before, parts: [`U0BOB (${keyOf('U0BOB')})`] },
    })
    expect(await personAt('U0BOB')).toBe(person)
    await click(world, request.id, 'U0PRIYA')
    await runDue()

    expect(await personAt('U0BOB')).toBe(before)
    expect(await personAt('U0ALICE')).toBe(person)
    expect(await currentPerson(ports, agent.owner)).toBe(before)
    expect((await store.entries(request.id)).at(-1)).toMatchObject({ type: 'person.unlinked' })
    const { id } = await ask(world, 'db.export')
    await expect(click(world, id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })

  test.each([
    ['the account that is to part', 'U0BOB'],
    ['the account that stays', 'U0ALICE'],
    ['whoever asks for it', 'U0NOOR'],
  ])('not by %s', async (_, user) => {
    world.directory.groups.set('S0SECURITY', ['U0BOB', 'U0ALICE', 'U0NOOR', 'U0PRIYA'])
    await link()
    const { id } = await asked()

    await expect(click(world, id, user)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('and by nobody whom an agent asks: what it said about people would be its own invention', async () => {
    const forged = submission('people.unlink', { params: { account: keyOf('U0BOB'), was: null } })

    await expect(submit(ports, envelope(world), forged)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('an approved request that came in by another door parts nobody', async () => {
    const person = await link()
    const { id } = await asked()
    await click(world, id, 'U0PRIYA')
    const entries = async () => [{ type: 'request.submitted', actor: { kind: 'agent', id: 'a', via: 'api' } }]

    await partApproved({ ...ports, store: { ...store, entries: entries as never } }, id)

    expect(await personAt('U0BOB')).toBe(person)
  })
})

describe('requests from before keep the joined person behind them:', () => {
  test.each([
    ['the link', 'repo'],
    ['the parting, while they were joined', 'joined'],
  ])('one that was asked before %s', async (_, when) => {
    const early = when === 'repo' ? await ask(world, 'db.export') : null
    await link()
    const request = early ?? (await ask(world, 'db.export'))

    await unlink()

    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, request.id, 'U0SAM')).resolves.toBeDefined()
  })

  test('one that Bob asked for is not decided by Alice', async () => {
    world.directory.groups.set('S0DATA', ['U0ALICE', 'U0PRIYA'])
    const request = await ask(world, 'db.export', { initiator: email('bob') })
    await link()

    await unlink()

    await expect(click(world, request.id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('their votes stay one vote', async () => {
    world.directory.groups.set('S0IAM', ['U0ALICE', 'U0BOB'])
    const request = await ask(world, 'iam.change', { initiator: email('omar') })
    await link()
    await click(world, request.id, 'U0ALICE')

    await unlink()

    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'already_decided' })
  })

  describe('for good, however often they are joined and parted since:', () => {
    test.each(['sam', 'alice'])('an account that was parted from Alice, and then from %s', async (other) => {
      const request = await ask(world, 'db.export')
      await link()
      await unlink()
      await link(other, 'bob')

      await unlink()

      expect((await store.accounts([`person:${await personAt('U0BOB')}`]))[0]?.parted).toHaveLength(2)
      await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    })

    test('it is behind what either of the two asked for, and both stay two for everything else', async () => {
      const [ofAlice, ofSam] = [
        await ask(world, 'db.export'),
        await ask(world, 'db.export', { initiator: email('sam') }),
      ]
      await link()
      await unlink()
      await link('sam', 'bob')
      await unlink()

      for (const { id } of [ofAlice, ofSam])
        await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
      await expect(click(world, ofAlice.id, 'U0SAM')).resolves.toMatchObject({ repeated: false })
    })

    test('its vote stays one with the votes of both, in whichever order', async () => {
      world.directory.groups.set('S0IAM', ['U0ALICE', 'U0BOB', 'U0SAM'])
      const request = await ask(world, 'iam.change', { initiator: email('omar') })
      await link()
      await unlink()
      await link('sam', 'bob')
      await unlink()

      await click(world, request.id, 'U0BOB')

      for (const user of ['U0ALICE', 'U0SAM'])
        await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'already_decided' })
    })

    test('also of whom the person was parted from before that it was parted from', async () => {
      const request = await ask(world, 'db.export', { initiator: email('sam') })
      await link()
      await link('sam', 'alice')
      // Alice goes with whoever was joined to her, and then Bob.
      await unlink()
      await unlink()
      expect(new Set(await Promise.all(['U0ALICE', 'U0BOB', 'U0SAM'].map(personAt))).size).toBe(3)

      for (const user of ['U0BOB', 'U0ALICE'])
        await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'own_request' })
    })

    test('control: what was asked between the partings is behind only the one it was joined to then', async () => {
      await link()
      await unlink()
      const ofAlice = await ask(world, 'db.export')
      const ofSam = await ask(world, 'db.export', { initiator: email('sam') })
      await link('sam', 'bob')

      await unlink()

      await expect(click(world, ofSam.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
      await expect(click(world, ofAlice.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
    })
  })

  test('control: one that is asked afterwards is decided by either', async () => {
    await link()
    await unlink()
    const request = await ask(world, 'db.export')

    await expect(click(world, request.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })
})

describe('what is parted', () => {
  test('is the last link of the account, with whatever that link moved along', async () => {
    const [bob, sam] = [await link('bob', 'sam'), await personAt('U0SAM')]
    expect(sam).toBe(bob)
    const alice = await link('alice', 'bob')
    expect(await personAt('U0SAM')).toBe(alice)

    await unlink('sam')

    expect(await personAt('U0SAM')).toBe(bob)
    expect(await personAt('U0BOB')).toBe(bob)
    expect(await personAt('U0ALICE')).toBe(alice)
  })

  test('can be joined and parted again', async () => {
    await link()
    await unlink()
    const person = await link()
    expect(await personAt('U0BOB')).toBe(person)

    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    await unlink()

    expect(await personAt('U0BOB')).not.toBe(person)
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test.each([
    ['an account that is joined to no other', 'sam'],
    ['the account that others were joined to', 'alice'],
  ])('is not %s', async (_, account) => {
    await link()

    await expect(asked(account)).rejects.toMatchObject({ code: 'wrong_state' })
  })

  test('is nothing when they are joined otherwise by then, and the thread says so', async () => {
    await link()
    const { id } = await asked()
    const other = await link('sam', 'alice')
    await click(world, id, 'U0PRIYA')

    await runDue()

    expect(await personAt('U0BOB')).toBe(other)
    expect((await store.entries(id)).at(-1)).toMatchObject({ type: 'parting.refused' })
  })

  test('happens once, however often the job runs', async () => {
    await link()
    const { id } = await asked()
    await click(world, id, 'U0PRIYA')

    await Promise.all([partApproved(ports, id), partApproved(ports, id)])
    await runDue()

    const entries = await store.entries(id)
    expect(entries.filter(({ type }) => type.startsWith('person.unlink'))).toHaveLength(1)
  })
})

test('claimed-administrator: whoever is named as asking for it has to confirm that first', async () => {
  const confirming = { ...ports, confirms: true }
  await link()
  const unlinked = await unlinkPeople(confirming, {
    account: email('bob'),
    by: email('noor'),
    reason: null,
    ...typed,
  })
  if (unlinked.outcome !== 'unconfirmed') throw new Error('it was believed')
  await runDue()
  expect(await store.requests({ limit: 10 })).toEqual([])

  const message = (await store.confirmation(unlinked.confirmation.id))?.asked[0]?.message ?? ''
  const attempt = { confirmation: unlinked.confirmation.id, account: keyOf('U0NOOR'), via: 'slack', message }
  await confirm(confirming, { ...attempt, delivery: 'press' })
  await runDue()

  const [request] = await store.requests({ limit: 10 })
  expect(request).toMatchObject({ state: 'pending', action: { action: 'people.unlink' } })
})
