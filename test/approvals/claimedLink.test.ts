import { beforeEach, describe, expect, test } from 'vitest'
import { story } from '../../src/approvals/inspect.ts'
import { askedBy } from '../../src/approvals/lists.ts'
import { accountToTell } from '../../src/approvals/people/accountToTell.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { currentPerson, ownAccountsOf } from '../../src/approvals/people/currentPeople.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { orphanedAgentsFor } from '../../src/approvals/people/orphanedAgents.ts'
import { principalOf } from '../../src/approvals/people/principal.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { claimsWorld, pressConfirm, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click } from '../support/world.ts'

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

describe('an account that is only claimed to be the owner’s', () => {
  const lee = { email: 'lee@acme.test' }
  const noor = { email: 'noor@acme.test' }
  const leaves = () => house.world.directory.changeAccount('U0LEE', { active: false })
  const bothWays = [
    ['joined to theirs', [lee, noor]],
    ['that theirs is joined to', [noor, lee]],
  ] as const
  const claim = async ([account, other]: readonly [typeof lee, typeof lee]) => {
    const person = await linkAccounts(house.ports, { account, other, ...typed })
    await house.runDue()
    return (await house.store.confirmationsAbout(person))[0]?.id ?? ''
  }

  test.each(bothWays)('does not stand in for an owner who has left: one %s', async (_, link) => {
    await claim(link)
    leaves()

    expect(await ask(house.world, 'repo.read')).toMatchObject({
      state: 'pending',
      verdict: { code: 'owner_left' },
    })
    const grace = await accountOf('U0GRACE')
    expect((await orphanedAgentsFor(house.ports, grace)).map(({ name }) => name)).toEqual(['billing-agent'])
  })

  test.each(bothWays)('control: does once both have confirmed it: one %s', async (_, link) => {
    const question = await claim(link)
    await pressConfirm(house, question, 'U0LEE')
    await pressConfirm(house, question, 'U0NOOR')
    leaves()

    expect(await ask(house.world, 'repo.read')).toMatchObject({ state: 'approved' })
  })

  test.each(bothWays)('does not hear what the owner is told: one %s', async (_, link) => {
    await claim(link)
    const { owner } = house.world.agent.agent
    expect(await accountToTell(house.ports, owner)).toBe(keyOf('U0LEE'))

    leaves()

    expect(await accountToTell(house.ports, owner)).toBeNull()
  })

  test.each(bothWays)('does not take back what theirs has approved: one %s', async (_, link) => {
    const { id } = await ask(house.world, 'iam.change')
    house.world.directory.groups.get('S0IAM')?.push('U0NOOR')
    await click(house.world, id, 'U0NOOR')
    const question = await claim(link)
    const withdrawn = () => withdraw(house.ports, { ...attemptBy(id, 'U0LEE'), reason: 'Not mine' })
    await expect(withdrawn()).rejects.toMatchObject({ code: 'nothing_to_withdraw' })

    await pressConfirm(house, question, 'U0LEE')
    await pressConfirm(house, question, 'U0NOOR')

    expect((await withdrawn()).request.decisions[0]?.ended).toMatchObject({ how: 'withdrawn' })
  })
})
