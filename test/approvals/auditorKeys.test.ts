import { beforeEach, describe, expect, test } from 'vitest'
import { admitAuditor } from '../../src/approvals/people/auditor.ts'
import {
  addAuditorKey,
  type IssuedAuditorKey,
  revokeAuditorKey,
  rotateAuditorKey,
} from '../../src/approvals/people/auditorKeys.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { authenticateOperator } from '../../src/approvals/people/operatorKeys.ts'
import { claimsWorld, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

const bundleWith = (auditors: string) =>
  testBundle({ ...bundleFiles, 'bundle.yaml': `${bundleFiles['bundle.yaml']}auditors: ${auditors}\n` })

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
  house.world.setPolicy(bundleWith('[group:security, user:omar]'))
})

const priya = { email: 'priya@acme.test' }
const typed = { via: 'cli', shell } as const

async function asked(how: { readonly days?: number; readonly email?: string } = {}) {
  const { days = 30, email = priya.email } = how
  const made = await addAuditorKey(house.ports, { person: { email }, days, ...typed })
  await house.runDue()
  return made
}

/** A key that its person has confirmed. */
async function confirmed(email = priya.email, user = 'U0PRIYA') {
  const made = await asked({ email })
  await pressConfirm(house, made.confirmation.id, user)
  return made
}

const read = ({ credential }: Pick<IssuedAuditorKey, 'credential'>, tile = '0/000') =>
  admitAuditor(house.ports, credential, async () => ({ tile, entries: 7 }))

const reads = () => house.store.ledger.filter(({ type }) => type === 'auditor.read')

describe('an auditor’s key', () => {
  test.each([
    ['somebody in a group that the policy names', 'priya@acme.test', 'U0PRIYA'],
    ['somebody whom it names', 'omar@acme.test', 'U0OMAR'],
  ])('reads for %s, who has confirmed it', async (_, email, user) => {
    const made = await confirmed(email, user)

    await expect(read(made)).resolves.toMatchObject({ id: made.key.id, status: 'active' })
  })

  test('is kept as a hash, and shown once', async () => {
    const { credential } = await asked()
    const secret = credential.split('_').slice(2).join('_')

    expect(
      JSON.stringify([await house.store.auditorKeys({ limit: 9 }), house.store.ledger, house.store.blobs]),
    ).not.toContain(secret)
  })

  test('is recorded when it is made, and once for each hour of reading: by whom, and what first', async () => {
    const made = await confirmed()

    await Promise.all([read(made), read(made, '0/001'), read(made, '0/002')])
    await read(made)
    expect(reads()).toHaveLength(1)
    house.world.clock.advance(3_600)
    await read(made, '1/000')

    expect(reads().map(({ data }) => data)).toEqual([
      expect.objectContaining({ key: made.key.id, tile: '0/000', entries: 7 }),
      expect.objectContaining({ key: made.key.id, tile: '1/000', entries: 7 }),
    ])
    expect(reads()[0]).toMatchObject({
      actor: { kind: 'person', id: made.key.person, account: made.key.account, via: 'auditor_key' },
      data: { until: '2026-11-24T15:00:00.000Z' },
    })
    const granted = house.store.ledger.find(({ type }) => type === 'auditor.granted')
    expect(granted?.data).toMatchObject({ key: made.key.id, standing: 'claimed', follows: null })
  })

  test('reads nothing where its reading cannot be recorded', async () => {
    const made = await confirmed()
    const store = { ...house.ports.store, commit: async () => Promise.reject(new Error('no entry')) }

    await expect(admitAuditor({ ...house.ports, store }, made.credential, async () => ({}))).rejects.toThrow(
      'no entry',
    )
  })

  test.each([
    [
      'the policy names somebody else',
      () => house.world.setPolicy(bundleWith('[group:platform-leads, user:bob]')),
    ],
    ['the policy names nobody', () => house.world.setPolicy(testBundle())],
    ['its person has left the group', () => void house.world.directory.groups.set('S0SECURITY', ['U0SAM'])],
    ['its person is deactivated', () => house.world.directory.changeAccount('U0PRIYA', { active: false })],
    ['its person is a guest', () => house.world.directory.changeAccount('U0PRIYA', { guest: true })],
    ['nobody has that account', () => void house.world.directory.accounts.delete('U0PRIYA')],
  ])('reads nothing any more once %s', async (_, change) => {
    const made = await confirmed()
    await read(made)

    change()

    await expect(read(made)).rejects.toMatchObject({ code: 'not_an_auditor' })
  })

  test.each([
    ['the directory', () => void Object.assign(house.world.directory, { down: true })],
    ['the group', () => void house.world.directory.unreadable.add('S0SECURITY')],
  ])('waits while %s does not answer: unknown is not no, and not yes', async (_, silence) => {
    const made = await confirmed()

    silence()

    await expect(read(made)).rejects.toMatchObject({ code: 'directory_unavailable' })
  })

  test('reads nothing until its person has confirmed it', async () => {
    await expect(read(await asked())).rejects.toMatchObject({ code: 'not_an_auditor' })
  })

  test.each([
    [
      'its person disowned',
      async () => {
        const made = await asked()
        await pressDisown(house, made.confirmation.id, 'U0PRIYA')
        return made
      },
    ],
    [
      'was revoked',
      async () => {
        const made = await confirmed()
        await revokeAuditorKey(house.ports, { key: made.key.id, ...typed })
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
      'has another secret',
      async () => ({ credential: `${(await confirmed()).credential.slice(0, -43)}${'A'.repeat(43)}` }),
    ],
    ['is an agent’s', async () => house.world.agent],
  ])('is not known when it %s', async (_, make) => {
    await expect(read(await make())).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('works nowhere else', async () => {
    const { credential } = await confirmed()

    await expect(authenticateKey(house.ports, credential)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(authenticateOperator(house.ports, credential)).rejects.toMatchObject({
      code: 'operator_key_refused',
    })
  })

  test.each([0, 91, 1.5, Number.NaN])('does not live for %s days', async (days) => {
    await expect(asked({ days })).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('is not made for somebody whom the policy does not name, nor while nobody can say', async () => {
    await expect(asked({ email: 'bob@acme.test' })).rejects.toMatchObject({ code: 'not_an_auditor' })
    house.world.directory.unreadable.add('S0SECURITY')

    await expect(asked({ email: 'bob@acme.test' })).rejects.toMatchObject({ code: 'directory_unavailable' })
    expect(await house.store.auditorKeys({ limit: 9 })).toEqual([])
  })
})

describe('a rotated key', () => {
  const rotate = async (key: string) => {
    const made = await rotateAuditorKey(house.ports, { key, days: 10, ...typed })
    await house.runDue()
    return made
  }

  test('works until its person has confirmed the new one, and ends then', async () => {
    const before = await confirmed()
    const next = await rotate(before.key.id)
    await expect(read(before)).resolves.toBeDefined()
    await expect(read(next)).rejects.toMatchObject({ code: 'not_an_auditor' })

    await pressConfirm(house, next.confirmation.id, 'U0PRIYA')

    await expect(read(next)).resolves.toBeDefined()
    await expect(read(before)).rejects.toMatchObject({ code: 'unauthenticated' })
    const revoked = house.store.ledger.find(({ type }) => type === 'auditor.revoked')
    expect(revoked?.data).toMatchObject({ key: before.key.id, followed_by: next.key.id })
  })

  test('stays when its person did not want another', async () => {
    const before = await confirmed()
    const next = await rotate(before.key.id)

    await pressDisown(house, next.confirmation.id, 'U0PRIYA')

    await expect(read(before)).resolves.toBeDefined()
    await expect(read(next)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('has to live', async () => {
    const { key } = await confirmed()
    await revokeAuditorKey(house.ports, { key: key.id, ...typed })

    await expect(rotate(key.id)).rejects.toMatchObject({ code: 'not_applicable' })
    await expect(revokeAuditorKey(house.ports, { key: key.id, ...typed })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})
