import { beforeEach, describe, expect, test } from 'vitest'
import { type NewLimits, setAgentLimits } from '../../src/approvals/people/agentLimits.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { addOperatorKey, authenticateOperator } from '../../src/approvals/people/operatorKeys.ts'
import type { OperatorKey } from '../../src/approvals/records.ts'
import { defaultAgentLimits } from '../../src/core/agentLimits.ts'
import { claimsWorld, pressConfirm, shell } from '../support/claims.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const lee = { email: 'lee@acme.test' }
const typed = { via: 'cli', shell, by: { email: 'sam@acme.test' } } as const
const name = 'billing-agent'
const set = (limits: NewLimits, operatorKey: OperatorKey | null = null) =>
  setAgentLimits(house.ports, { ...typed, name, limits, operatorKey })
const stored = async () => (await house.store.agent(name))?.limits
const entries = () => house.store.ledger.filter(({ type }) => type === 'agent.paced')

/** A key that somebody has confirmed. */
async function keyOf(person: typeof lee, user: string) {
  const made = await addOperatorKey(house.ports, { person, days: 30, via: 'cli', shell })
  await house.runDue()
  await pressConfirm(house, made.confirmation.id, user)
  return authenticateOperator(house.ports, made.credential)
}

describe('how much an agent may do', () => {
  test('is lowered at once, on anybody’s word, and the entry says from what to what', async () => {
    await set({ perSecond: 0.5, burst: 5 })

    const limits = { perSecond: 0.5, burst: 5, waiting: 200 }
    expect(await stored()).toEqual(limits)
    expect(entries().map(({ data }) => data)).toEqual([
      expect.objectContaining({ before: defaultAgentLimits, after: limits, standing: 'claimed', name }),
    ])
    expect(entries()[0]?.actor).toMatchObject({ kind: 'person', via: 'cli' })
  })

  test.each<[string, NewLimits]>([
    ['a higher rate', { perSecond: 21 }],
    ['a higher burst, however low the rate', { perSecond: 1, burst: 61 }],
    ['more calls that wait', { waiting: 201 }],
  ])('claimed-administrator: %s is not given on the word of whoever has the shell', async (_, limits) => {
    await expect(set(limits)).rejects.toMatchObject({ code: 'operator_key_refused' })

    expect(await stored()).toBeNull()
    expect(entries()).toEqual([])
  })

  test('claimed-administrator: nor is what was taken away given back, also not as the default', async () => {
    await set({ burst: 5 })

    await expect(set({ burst: 6 })).rejects.toMatchObject({ code: 'operator_key_refused' })
    await expect(set(null)).rejects.toMatchObject({ code: 'operator_key_refused' })

    expect(await stored()).toMatchObject({ burst: 5 })
  })

  test('claimed-administrator: nor by a key of somebody else', async () => {
    const operatorKey = await keyOf({ email: 'grace@acme.test' }, 'U0GRACE')

    await expect(set({ burst: 61 }, operatorKey)).rejects.toMatchObject({ code: 'operator_key_refused' })
  })

  test('is raised with a key of its owner, whose use is recorded', async () => {
    const operatorKey = await keyOf(lee, 'U0LEE')

    await set({ perSecond: 100, burst: 500 }, operatorKey)

    expect(await stored()).toEqual({ perSecond: 100, burst: 500, waiting: 200 })
    expect(entries()[0]?.data).toMatchObject({ standing: 'confirmed', operator_key: operatorKey.id })
    const uses = house.store.ledger.filter(({ type }) => type === 'operator.acted')
    expect(uses.map(({ data }) => data.command)).toEqual(['agents limit'])
  })

  test('control: where there is no channel to confirm anything in, it is raised as claimed', async () => {
    const ports = { ...house.ports, confirms: false }

    await setAgentLimits(ports, { ...typed, name, limits: { burst: 100 } })

    expect(await stored()).toMatchObject({ burst: 100 })
    expect(entries()[0]?.data).toMatchObject({ standing: 'claimed' })
  })

  test('is what every agent may when that is less than it had', async () => {
    await setAgentLimits({ ...house.ports, confirms: false }, { ...typed, name, limits: { burst: 100 } })

    await set(null)

    expect(await stored()).toBeNull()
  })

  test.each<[string, NewLimits]>([
    ['/rate', { perSecond: 0 }],
    ['/rate', { perSecond: Number.NaN }],
    ['/rate', { perSecond: 1_001 }],
    ['/burst', { burst: 0 }],
    ['/burst', { burst: 1.5 }],
    ['/waiting', { waiting: -1 }],
  ])('is refused at %s when it is %o', async (pointer, limits) => {
    await expect(set(limits)).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [expect.objectContaining({ pointer })],
    })
  })

  test('is not set again when it is set already', async () => {
    await set({ burst: 5 })
    await set({ burst: 5 })
    await set({ perSecond: 20 })

    expect(entries()).toHaveLength(1)
  })

  test('of a revoked agent is nothing', async () => {
    await revokeAgent(house.ports, { ...typed, name })

    await expect(set({ burst: 1 })).rejects.toMatchObject({ code: 'not_applicable' })
  })
})
