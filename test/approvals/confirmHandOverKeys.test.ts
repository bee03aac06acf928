import { beforeEach, describe, expect, test } from 'vitest'
import { rotateKey } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { confirmAgain } from '../../src/approvals/people/confirmAgain.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { personOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { addOperatorKey, authenticateOperator } from '../../src/approvals/people/operatorKeys.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { claimsWorld, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
let lee = ''
beforeEach(async () => {
  house = await claimsWorld()
  lee = house.world.agent.agent.owner
})

const named = (name: string) => ({ email: `${name}@acme.test` })
const typed = { via: 'cli', shell } as const
const by = named('sam')
const name = 'billing-agent'

/** Somebody with a shell gives Lee's agent to somebody else; the question that it waits for. */
async function claimed(to = 'noor', ports: Ports = house.ports): Promise<string> {
  const { confirmation } = await handOver(ports, { name, to: named(to), by, ...typed })
  await house.runDue()
  if (!confirmation) throw new Error('nobody was asked')
  return confirmation.id
}

const owner = async () => (await house.store.agent(name))?.owner
const idOf = async (user: string) => (await house.store.account(keyOf(user)))?.person
const asked = () =>
  house.channel.said.filter((said) => said.startsWith('ask ')).map((said) => said.split(' ')[1])
const leaves = (user: string) => house.world.directory.changeAccount(user, { active: false })
const isOver = { code: 'confirmation_over' }

describe('this was not me', () => {
  test.each([
    ['U0LEE', 'U0NOOR'],
    ['U0NOOR', 'U0LEE'],
  ])('said by %s: the agent keeps its owner, and the other hears of it', async (user, other) => {
    const question = await claimed()

    await pressDisown(house, question, user)
    await house.runDue()

    await expect(pressConfirm(house, question, other)).rejects.toMatchObject(isOver)
    expect(await owner()).toBe(lee)
    expect(house.channel.said).toContain(`disowned ${keyOf(other)}`)
    expect(house.channel.said).toContain('disowned slack:C0ALERTS')
    await expect(confirmAgain(house.ports, { name, ...typed })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})

describe('a key of an operator', () => {
  /** A key that its person has confirmed. */
  const keyFor = async (person: string, user: string) => {
    const made = await addOperatorKey(house.ports, { person: named(person), days: 30, ...typed })
    await house.runDue()
    await pressConfirm(house, made.confirmation.id, user)
    return authenticateOperator(house.ports, made.credential)
  }
  const handOverWith = async (person: string, user: string) => {
    const operatorKey = await keyFor(person, user)
    const { confirmation } = await handOver(house.ports, {
      name,
      to: named('noor'),
      by,
      ...typed,
      operatorKey,
    })
    await house.runDue()
    return confirmation
  }
  const uses = () => house.store.ledger.filter(({ type }) => type === 'operator.acted')

  test('acts for the present owner at once, and for nobody else: the new one is asked', async () => {
    const question = await handOverWith('lee', 'U0LEE')
    expect(asked().slice(1)).toEqual([keyOf('U0NOOR')])
    expect(uses()[0]?.data).toMatchObject({ command: 'agents hand-over' })
    expect(await owner()).toBe(lee)
    expect(house.store.ledger.filter(({ type }) => type === 'confirmation.asked').at(-1)?.data).toMatchObject(
      {
        asked: [keyOf('U0NOOR')],
      },
    )

    await pressConfirm(house, question?.id ?? '', 'U0NOOR')

    expect(await owner()).toBe(await idOf('U0NOOR'))
  })

  test.each([
    ['the new owner', 'noor', 'U0NOOR'],
    ['somebody else', 'omar', 'U0OMAR'],
  ])('control: of %s it says nothing, and both are asked', async (_, person, user) => {
    await handOverWith(person, user)

    expect([...asked().slice(1)].sort()).toEqual([keyOf('U0LEE'), keyOf('U0NOOR')])
    expect(uses()).toEqual([])
  })

  test('answers a question that waits for the owner by taking its place', async () => {
    const before = await claimed()

    const question = await handOverWith('lee', 'U0LEE')

    expect((await house.store.confirmation(before))?.state).toBe('dropped')
    await pressConfirm(house, question?.id ?? '', 'U0NOOR')
    expect(await owner()).toBe(await idOf('U0NOOR'))
  })
})

describe('asking again', () => {
  test('the same command asks nobody twice; one for somebody else takes its place', async () => {
    const first = await claimed()
    expect(await claimed()).toBe(first)
    expect(asked()).toHaveLength(2)

    const second = await claimed('omar')

    expect((await house.store.confirmation(first))?.state).toBe('dropped')
    for (const user of ['U0LEE', 'U0OMAR']) await pressConfirm(house, second, user)
    expect(await owner()).toBe(await idOf('U0OMAR'))
  })

  test('the same command asks without the owner who has left since', async () => {
    await claimed()
    leaves('U0LEE')

    await pressConfirm(house, await claimed(), 'U0NOOR')

    expect(await owner()).toBe(await idOf('U0NOOR'))
  })

  test('agents confirm tells while it is open, and asks everybody again after that', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    const [open] = await confirmAgain(house.ports, { name, ...typed })
    expect(open).toMatchObject({ anew: false, confirmation: { id: question } })
    house.world.clock.advance(25 * 3_600)
    await house.runDue()
    await expect(pressConfirm(house, question, 'U0NOOR')).rejects.toMatchObject(isOver)

    const [again] = await confirmAgain(house.ports, { name, ...typed })
    await house.runDue()

    expect(again).toMatchObject({ anew: true })
    expect(asked().filter((account) => account === keyOf('U0LEE'))).toHaveLength(2)
    await pressConfirm(house, again?.confirmation.id ?? '', 'U0NOOR')
    expect(await owner()).toBe(lee)
    await pressConfirm(house, again?.confirmation.id ?? '', 'U0LEE')
    expect(await owner()).toBe(await idOf('U0NOOR'))
  })

  test('not about a hand-over of an owner of before', async () => {
    await claimed()
    house.world.clock.advance(25 * 3_600)
    await house.runDue()
    await claimedAtOnce('omar')

    await expect(confirmAgain(house.ports, { name, ...typed })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})

describe('keys of an agent that is handed over', () => {
  test('work on when they are confirmed; one that waits for the owner of before ends', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    const waits = await rotateKey(house.ports, { name, by, ...typed })
    await house.runDue()

    await pressConfirm(house, question, 'U0NOOR')
    await house.runDue()

    await expect(authenticateKey(house.ports, waits.credential)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(pressConfirm(house, waits.confirmation?.id ?? '', 'U0LEE')).rejects.toMatchObject(isOver)
    await expect(confirmAgain(house.ports, { name, ...typed })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })

  test('control: a key that is confirmed already stays', async () => {
    const question = await claimed()
    for (const user of ['U0LEE', 'U0NOOR']) await pressConfirm(house, question, user)

    await expect(authenticateKey(house.ports, house.world.agent.credential)).resolves.toMatchObject({
      agent: { owner: await idOf('U0NOOR') },
    })
  })

  test('race: a key is not made for the owner of before while the agent is handed over', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    let handed = false
    const commit: typeof house.store.commit = async (change) => {
      if (!handed && change.keys) {
        handed = true
        await pressConfirm(house, question, 'U0NOOR')
      }
      return house.store.commit(change)
    }
    const ports = { ...house.ports, store: { ...house.store, commit } }

    await expect(rotateKey(ports, { name, by, ...typed })).rejects.toMatchObject({ code: 'busy' })
  })
})

test('an account that only a claim has joined to somebody takes the agent for itself, not for them', async () => {
  const noor = await personNamed('noor')
  await linkAccounts(house.ports, { account: named('omar'), other: named('noor'), ...typed })
  const question = await claimed()

  for (const user of ['U0LEE', 'U0NOOR']) await pressConfirm(house, question, user)

  expect(await owner()).toBe(noor)
  expect(noor).not.toBe(await idOf('U0OMAR'))
})

/** Handed over by a server without a channel. */
async function claimedAtOnce(to: string): Promise<void> {
  await handOver({ ...house.ports, confirms: false }, { name, to: named(to), by, ...typed })
}

/** Whose it was before anything was claimed of it. */
async function personNamed(user: string): Promise<string> {
  const account = await house.ports.directory.account(`slack:U0${user.toUpperCase()}`)
  return personOf(house.ports, account)
}
