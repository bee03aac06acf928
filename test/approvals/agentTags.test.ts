import { beforeEach, describe, expect, test } from 'vitest'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { setAgentTags } from '../../src/approvals/people/agentTags.ts'
import { addOperatorKey, authenticateOperator } from '../../src/approvals/people/operatorKeys.ts'
import type { OperatorKey } from '../../src/approvals/records.ts'
import { claimsWorld, pressConfirm, shell } from '../support/claims.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const lee = { email: 'lee@acme.test' }
const typed = { via: 'cli', shell, by: { email: 'sam@acme.test' } } as const
const name = 'billing-agent'
const set = (tags: readonly string[], operatorKey: OperatorKey | null = null) =>
  setAgentTags(house.ports, { ...typed, name, tags, operatorKey })
const stored = async () => (await house.store.agent(name))?.tags
const entries = () => house.store.ledger.filter(({ type }) => type === 'agent.tagged')

/** A key that somebody has confirmed, as it is at each call. */
async function keyOf(person: typeof lee, user: string) {
  const made = await addOperatorKey(house.ports, { person, days: 30, via: 'cli', shell })
  await house.runDue()
  await pressConfirm(house, made.confirmation.id, user)
  return () => authenticateOperator(house.ports, made.credential)
}

describe('the tags of an agent', () => {
  test('are set with a key of its owner, all at once, and each change is an entry', async () => {
    const operatorKey = await keyOf(lee, 'U0LEE')

    await set(['team:finance', 'nightly', 'nightly'], await operatorKey())
    await set(['team:data'], await operatorKey())

    expect(await stored()).toEqual(['team:data'])
    expect(entries().map(({ data }) => data)).toMatchObject([
      {
        name,
        before: [],
        after: ['nightly', 'team:finance'],
        standing: 'confirmed',
        operator_key: (await operatorKey()).id,
      },
      { before: ['nightly', 'team:finance'], after: ['team:data'] },
    ])
    const uses = house.store.ledger.filter(({ type }) => type === 'operator.acted')
    expect(uses.map(({ data }) => data.command)).toEqual(['agents tag', 'agents tag'])
  })

  test('claimed-administrator: are not set, and not taken away, on the word of whoever has the shell', async () => {
    await expect(set(['trusted'])).rejects.toMatchObject({ code: 'operator_key_refused' })
    const operatorKey = await keyOf(lee, 'U0LEE')
    await set(['watched'], await operatorKey())
    await expect(set([])).rejects.toMatchObject({ code: 'operator_key_refused' })

    expect(await stored()).toEqual(['watched'])
    expect(entries()).toHaveLength(1)
  })

  test('claimed-administrator: nor by a key of somebody else', async () => {
    const operatorKey = await keyOf({ email: 'grace@acme.test' }, 'U0GRACE')

    await expect(set(['trusted'], await operatorKey())).rejects.toMatchObject({
      code: 'operator_key_refused',
    })
  })

  test('control: where there is no channel to confirm anything in, they are set as claimed', async () => {
    const ports = { ...house.ports, confirms: false }

    await setAgentTags(ports, { ...typed, name, tags: ['trusted'] })

    expect(await stored()).toEqual(['trusted'])
    expect(entries()[0]?.data).toMatchObject({ standing: 'claimed' })
  })

  test('are not set again when they are set already, in whatever order', async () => {
    const operatorKey = await keyOf(lee, 'U0LEE')
    await set(['a', 'b'], await operatorKey())
    await set(['b', 'a'])

    expect(entries()).toHaveLength(1)
  })

  test.each([
    ['/tags/1', ['a', 'Two Words']],
    ['/tags/0', ['']],
    ['/tags/0', ['-x']],
    ['/tags', Array.from({ length: 21 }, (_, nth) => `t${nth}`)],
  ])('are refused at %s when they are %o', async (pointer, tags) => {
    await expect(set(tags)).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [expect.objectContaining({ pointer })],
    })
  })

  test('of a revoked agent are nothing', async () => {
    await revokeAgent(house.ports, { ...typed, name })

    await expect(set(['a'])).rejects.toMatchObject({ code: 'not_applicable' })
  })
})
