import { beforeEach, describe, expect, test } from 'vitest'
import { askedBy, story } from '../../src/approvals/inspect.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { currentPerson, ownAccountsOf } from '../../src/approvals/people/currentPeople.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { principalOf } from '../../src/approvals/people/principal.ts'
import { claimsWorld, pressConfirm, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

/**
 * Somebody with a shell says that Bob's account and Alice's are one person's. It takes away at once, and gives nothing
 * before both have confirmed it (threats: claimed-administrator).
 */
let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const typed = { via: 'cli', shell } as const
const alice = { email: 'alice@acme.test' }
const bob = { email: 'bob@acme.test' }

async function joinAliceAndBob() {
  const person = await linkAccounts(house.ports, { account: alice, other: bob, ...typed })
  await house.runDue()
  const [question] = await house.store.confirmationsAbout(person)
  return question?.id ?? ''
}

const bothConfirm = async (question: string) => {
  await pressConfirm(house, question, 'U0ALICE')
  await pressConfirm(house, question, 'U0BOB')
}

const accountOf = (user: string) => house.ports.directory.account(keyOf(user))

test('takes the vote away at once', async () => {
  const { id } = await ask(house.world, 'db.export')
  await joinAliceAndBob()

  await expect(click(house.world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
})

test('control: without the link Bob approves what Alice asked for', async () => {
  const { id } = await ask(house.world, 'db.export')

  await expect(click(house.world, id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
})

describe('gives nothing before both have confirmed it, and gives it then:', () => {
  test('what one asked for is shown to the other', async () => {
    const { id } = await ask(house.world, 'repo.read')
    const question = await joinAliceAndBob()
    const sees = async () => {
      await story(house.ports, id, await accountOf('U0BOB'))
      return (await askedBy(house.ports, await accountOf('U0BOB'))).map((one) => one.id)
    }

    await expect(sees()).rejects.toMatchObject({ code: 'unknown_request' })
    expect(await askedBy(house.ports, await accountOf('U0BOB'))).toEqual([])
    expect((await askedBy(house.ports, await accountOf('U0ALICE'))).map((one) => one.id)).toEqual([id])

    await bothConfirm(question)

    expect(await sees()).toEqual([id])
  })

  test('an agent of one has the address and groups of the other for conditions', async () => {
    const { agent } = await addAgent(
      { ...house.ports, confirms: false },
      { name: 'bobs', owner: bob, by: bob, ...typed },
    )
    const question = await joinAliceAndBob()
    const owner = async () =>
      principalOf(house.ports, await currentPerson(house.ports, agent.owner), agent.owner)

    expect(await owner()).toMatchObject({ email: 'bob@acme.test' })
    await bothConfirm(question)

    expect(await ownAccountsOf(house.ports, agent.owner)).toHaveLength(2)
    expect(await owner()).toMatchObject({ email: 'alice@acme.test' })
  })

  test('the account of one cannot answer what the other was asked', async () => {
    const { confirmation } = await addAgent(house.ports, {
      name: 'alices',
      owner: alice,
      by: alice,
      ...typed,
    })
    await house.runDue()
    await joinAliceAndBob()

    await expect(pressConfirm(house, confirmation?.id ?? '', 'U0BOB')).rejects.toMatchObject({
      code: 'not_asked',
    })
    await pressConfirm(house, confirmation?.id ?? '', 'U0ALICE')

    expect(await house.store.agent('alices')).toMatchObject({ status: 'active' })
  })
})

test('a link of a claimed link is confirmed on its own', async () => {
  const inner = await joinAliceAndBob()
  const person = await linkAccounts(house.ports, {
    account: { email: 'sam@acme.test' },
    other: alice,
    ...typed,
  })
  await house.runDue()
  const claims = async () =>
    (await house.store.accountsOf(person)).map(({ id, claimedFrom }) => [id, claimedFrom] as const)
  const claimedOf = async (user: string) => new Map(await claims()).get(keyOf(user)) ?? null

  await bothConfirm(inner)

  expect(await claimedOf('U0BOB')).toBe(await claimedOf('U0ALICE'))
  expect(await claimedOf('U0ALICE')).not.toBeNull()
  expect(await claimedOf('U0SAM')).toBeNull()
})
