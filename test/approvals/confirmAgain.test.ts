import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent, type Issued } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { confirmAgain } from '../../src/approvals/people/confirmAgain.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { personOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { addOperatorKey, authenticateOperator } from '../../src/approvals/people/operatorKeys.ts'
import { claimsWorld, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const lee = { email: 'lee@acme.test' }
const alice = { email: 'alice@acme.test' }
const typed = { via: 'cli', shell } as const

/** An agent that somebody with a shell registers in Lee's name, and the question about it. */
async function claimed(by = lee): Promise<Issued & { readonly question: string }> {
  const issued = await addAgent(house.ports, { name: 'nightly', owner: lee, by, ...typed })
  await house.runDue()
  if (!issued.confirmation) throw new Error('nobody was asked')
  return { ...issued, question: issued.confirmation.id }
}

const enter = ({ credential }: Issued) => authenticateKey(house.ports, credential)

describe('asking again', () => {
  test('while the question is open nobody is asked twice; after that there is a new message', async () => {
    const agent = await claimed()
    const [first] = await confirmAgain(house.ports, { name: 'nightly', ...typed })
    expect(first).toMatchObject({ anew: false, confirmation: { id: agent.question } })

    house.world.clock.advance(25 * 3_600)
    const [second] = await confirmAgain(house.ports, { name: 'nightly', ...typed })
    await house.runDue()

    expect(second).toMatchObject({ anew: true })
    expect(house.channel.said.filter((said) => said.startsWith('ask '))).toHaveLength(2)
    await pressConfirm(house, second?.confirmation.id ?? '', 'U0LEE')
    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test.each([
    ['U0ALICE', 'U0LEE'],
    ['U0LEE', 'U0ALICE'],
  ])('asks %s again too, who had confirmed it: an old yes ends with its question', async (first, other) => {
    const agent = await claimed(alice)
    await pressConfirm(house, agent.question, first)
    house.world.clock.advance(90 * 24 * 3_600)
    await house.runDue()

    const [again] = await confirmAgain(house.ports, { name: 'nightly', ...typed })
    await house.runDue()

    for (const user of [first, other])
      expect(house.channel.said.filter((said) => said.startsWith(`ask ${keyOf(user)}`))).toHaveLength(2)
    await pressConfirm(house, again?.confirmation.id ?? '', other)
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    await pressConfirm(house, again?.confirmation.id ?? '', first)
    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test('asks the owner whose operator key spoke for them when the key was made', async () => {
    const made = await addOperatorKey(house.ports, { person: lee, days: 90, ...typed })
    await house.runDue()
    await pressConfirm(house, made.confirmation.id, 'U0LEE')
    const operatorKey = await authenticateOperator(house.ports, made.credential)
    const agent = await addAgent(house.ports, {
      name: 'nightly',
      owner: lee,
      by: alice,
      ...typed,
      operatorKey,
    })
    house.world.clock.advance(25 * 3_600)

    const [again] = await confirmAgain(house.ports, { name: 'nightly', ...typed })
    await house.runDue()
    await pressConfirm(house, again?.confirmation.id ?? '', 'U0ALICE')

    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    await pressConfirm(house, again?.confirmation.id ?? '', 'U0LEE')
    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test('control: within the time of the question the second yes counts with the first', async () => {
    const agent = await claimed(alice)
    await pressConfirm(house, agent.question, 'U0LEE')
    house.world.clock.advance(23 * 3_600)

    await pressConfirm(house, agent.question, 'U0ALICE')

    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test.each([
    ['confirmed', pressConfirm],
    ['disowned', pressDisown],
  ])('of an agent that was %s there is nothing to ask', async (_, press) => {
    const agent = await claimed()
    await press(house, agent.question, 'U0LEE')

    await expect(confirmAgain(house.ports, { name: 'nightly', ...typed })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})

test('a key whose agent has another owner by then does not work, whoever confirms it', async () => {
  const agent = await claimed(alice)
  await pressConfirm(house, agent.question, 'U0ALICE')
  const noor = await personOf(house.ports, await house.ports.directory.account(keyOf('U0NOOR')))
  const next = { ...agent.agent, version: agent.agent.version + 1, owner: noor }
  await house.store.commit({ agents: [{ expected: agent.agent.version, next }], entries: [] })

  await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
    code: 'confirmation_over',
  })

  await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
})

test('nor one of an agent that was registered and handed over while it waited', async () => {
  const agent = await claimed()
  await handOver(
    { ...house.ports, confirms: false },
    { name: 'nightly', to: { email: 'noor@acme.test' }, by: alice, ...typed },
  )

  await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
    code: 'confirmation_over',
  })

  expect(await house.store.agent('nightly')).toMatchObject({ status: 'unconfirmed' })
})

describe('linked accounts', () => {
  const link = { account: lee, other: { email: 'omar@acme.test' }, ...typed }

  test('are one person for separation at once; whatever one has the other has when both have confirmed it', async () => {
    const person = await linkAccounts(house.ports, link)
    await house.runDue()
    const [question] = await house.store.confirmationsAbout(person)
    const row = () => house.store.account(keyOf('U0OMAR'))
    expect(await row()).toMatchObject({ person, claimedFrom: expect.stringMatching(/^per_/) })

    await pressConfirm(house, question?.id ?? '', 'U0OMAR')
    expect(await row()).toMatchObject({ claimedFrom: expect.stringMatching(/^per_/) })
    await pressConfirm(house, question?.id ?? '', 'U0LEE')

    expect(await row()).toMatchObject({ person, claimedFrom: null })
  })

  test('that somebody disowns stay joined for what that takes away, and for nothing else', async () => {
    const person = await linkAccounts(house.ports, link)
    await house.runDue()
    const [question] = await house.store.confirmationsAbout(person)

    await pressDisown(house, question?.id ?? '', 'U0LEE')
    await house.runDue()

    expect(await house.store.account(keyOf('U0OMAR'))).toMatchObject({
      person,
      claimedFrom: expect.stringMatching(/^per_/),
    })
    expect(house.channel.said).toContain(`disowned ${keyOf('U0OMAR')}`)
  })

  test.each(['U0LEE', 'U0OMAR'])(
    'that %s disowned by mistake are asked about again, both, when the link is said again',
    async (user) => {
      const person = await linkAccounts(house.ports, link)
      await house.runDue()
      const [question] = await house.store.confirmationsAbout(person)
      await pressDisown(house, question?.id ?? '', user)
      await house.runDue()
      const row = () => house.store.account(keyOf('U0OMAR'))

      await linkAccounts(house.ports, link)
      await house.runDue()

      const [again] = await house.store.confirmationsAbout(person)
      for (const one of ['U0LEE', 'U0OMAR']) {
        expect(await row()).toMatchObject({ claimedFrom: expect.stringMatching(/^per_/) })
        await pressConfirm(house, again?.id ?? '', one)
      }
      expect(await row()).toMatchObject({ person, claimedFrom: null })
    },
  )

  test('linking them again asks again, once the time of the question is over', async () => {
    const person = await linkAccounts(house.ports, link)
    await linkAccounts(house.ports, link)
    expect(await house.store.confirmationsAbout(person)).toHaveLength(1)

    house.world.clock.advance(25 * 3_600)
    await linkAccounts(house.ports, link)

    expect(await house.store.confirmationsAbout(person)).toHaveLength(2)
  })
})
