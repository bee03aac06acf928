import { beforeEach, describe, expect, test } from 'vitest'
import { partApproved } from '../../src/approvals/partApproved.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { confirm } from '../../src/approvals/people/confirm.ts'
import { currentPerson } from '../../src/approvals/people/currentPeople.ts'
import { submit } from '../../src/approvals/submit.ts'
import { unlinkPeople } from '../../src/approvals/unlinkPeople.ts'
import { failureText } from '../../src/cli/say.ts'
import { email, partingWorld, typed } from '../support/partingWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, envelope, submission } from '../support/world.ts'

let { store, world, ports, runDue, link, asked, unlink, personAt } = await partingWorld()
beforeEach(async () => {
  ;({ store, world, ports, runDue, link, asked, unlink, personAt } = await partingWorld())
})

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

    const refusal = await asked(account).catch((thrown: unknown) => thrown)

    expect(refusal).toMatchObject({ code: 'not_joined', kind: 'conflict' })
    expect(failureText(refusal)).toMatch(
      /^This account cannot be parted from another one\. \(not_joined\)\n {2}account: [A-Z].*\.$/,
    )
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
