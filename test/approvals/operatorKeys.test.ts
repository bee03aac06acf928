import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent, revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import {
  addOperatorKey,
  authenticateOperator,
  revokeOperatorKey,
} from '../../src/approvals/people/operatorKeys.ts'
import { claimsWorld, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const lee = { email: 'lee@acme.test' }
const alice = { email: 'alice@acme.test' }
const typed = { via: 'cli', shell } as const

/** A key of Lee's, and the question about it. */
async function asked(days = 30) {
  const made = await addOperatorKey(house.ports, { person: lee, days, ...typed })
  await house.runDue()
  return made
}

/** A key that Lee has confirmed. */
async function confirmed() {
  const made = await asked()
  await pressConfirm(house, made.confirmation.id, 'U0LEE')
  return made
}

const enter = ({ credential }: { readonly credential: string }) =>
  authenticateOperator(house.ports, credential)

describe('an operator’s key', () => {
  test('acts at once for its person’s own agents and keys, and each use is recorded', async () => {
    const operatorKey = await enter(await confirmed())
    const word = { ...typed, operatorKey }

    const added = await addAgent(house.ports, { name: 'nightly', owner: lee, by: lee, ...word })
    await expect(authenticateKey(house.ports, added.credential)).resolves.toMatchObject({
      agent: { status: 'active' },
    })
    const again = { ...typed, operatorKey: await house.store.operatorKey(operatorKey.id) }
    const rotated = await rotateKey(house.ports, { name: 'nightly', by: lee, ...again })
    await expect(authenticateKey(house.ports, rotated.credential)).resolves.toBeDefined()
    const last = { ...typed, operatorKey: await house.store.operatorKey(operatorKey.id) }
    await revokeAgent(house.ports, { name: 'nightly', by: lee, ...last })

    const uses = house.store.ledger.filter(({ type }) => type === 'operator.acted')
    expect(uses.map(({ data }) => data.command)).toEqual(['agents add', 'agents rotate', 'agents revoke'])
    const entry = house.store.ledger.find(({ type }) => type === 'agent.rotated')
    expect(entry?.data).toMatchObject({ standing: 'confirmed', operator_key: operatorKey.id })
    expect((await house.store.operatorKey(operatorKey.id))?.usedAt).not.toBeNull()
  })

  test('control: without it the same command waits for its person', async () => {
    const added = await addAgent(house.ports, { name: 'nightly', owner: lee, by: lee, ...typed })

    await expect(authenticateKey(house.ports, added.credential)).rejects.toMatchObject({
      code: 'agent_unconfirmed',
    })
  })

  test('is kept as a hash, and shown once', async () => {
    const { credential } = await asked()
    const secret = credential.split('_').slice(2).join('_')

    expect(
      JSON.stringify([await house.store.operatorKeys(), house.store.ledger, house.store.blobs]),
    ).not.toContain(secret)
  })

  test.each([
    ['an agent of somebody else', { owner: alice, by: alice }],
    ['an agent of somebody else whose key its person makes', { owner: alice, by: lee }],
    ['a key that somebody else makes for an agent of its person', { owner: lee, by: alice }],
  ])('says nothing about %s: they are asked', async (_, people) => {
    const operatorKey = await enter(await confirmed())

    const added = await addAgent(house.ports, { name: 'nightly', ...people, ...typed, operatorKey })

    await expect(authenticateKey(house.ports, added.credential)).rejects.toMatchObject({
      code: 'agent_unconfirmed',
    })
    expect(added.confirmation?.asked.map(({ account }) => account)).toContain(keyOf('U0ALICE'))
  })

  test('says nothing about the agents of somebody whom only a claim has joined to its person', async () => {
    const operatorKey = await enter(await confirmed())
    await linkAccounts(house.ports, { account: lee, other: alice, ...typed })

    const added = await addAgent(house.ports, {
      name: 'nightly',
      owner: alice,
      by: alice,
      ...typed,
      operatorKey,
    })

    await expect(authenticateKey(house.ports, added.credential)).rejects.toMatchObject({
      code: 'agent_unconfirmed',
    })
  })

  test.each([
    ['nobody has confirmed', async () => asked()],
    [
      'its person disowned',
      async () => {
        const made = await asked()
        await pressDisown(house, made.confirmation.id, 'U0LEE')
        return made
      },
    ],
    [
      'was revoked',
      async () => {
        const made = await confirmed()
        await revokeOperatorKey(house.ports, { key: made.key.id, ...typed })
        return made
      },
    ],
    [
      'is over its time',
      async () => {
        const made = await confirmed()
        house.world.clock.advance(30 * 86_400)
        return made
      },
    ],
    [
      'belongs to somebody who has left',
      async () => {
        const made = await confirmed()
        house.world.directory.changeAccount('U0LEE', { active: false })
        return made
      },
    ],
    [
      'has another secret',
      async () => ({ credential: `${(await confirmed()).credential.slice(0, -4)}AAAA` }),
    ],
    ['is none', async () => ({ credential: 'cso_' })],
  ])('is refused when it %s', async (_, make) => {
    await expect(enter(await make())).rejects.toMatchObject({ code: 'operator_key_refused' })
  })

  test('is refused, and nothing is done, when it is revoked while the command runs', async () => {
    const made = await confirmed()
    const operatorKey = await enter(made)
    await revokeOperatorKey(house.ports, { key: made.key.id, ...typed })

    await expect(
      addAgent(house.ports, { name: 'nightly', owner: lee, by: lee, ...typed, operatorKey }),
    ).rejects.toThrow()

    expect(await house.store.agent('nightly')).toBeNull()
  })

  test.each([0, 91, 1.5, Number.NaN])('cannot live for %s days', async (days) => {
    await expect(asked(days)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('that is revoked before it was confirmed cannot be confirmed any more', async () => {
    const made = await asked()
    await revokeOperatorKey(house.ports, { key: made.key.id, ...typed })

    await expect(pressConfirm(house, made.confirmation.id, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })
    await expect(enter(made)).rejects.toMatchObject({ code: 'operator_key_refused' })
  })
})
