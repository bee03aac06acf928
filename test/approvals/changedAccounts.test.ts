import { beforeEach, describe, expect, test } from 'vitest'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { lookAtAccounts, lookWhenTold } from '../../src/approvals/people/lookAtAccounts.ts'
import { lost } from '../support/channel.ts'
import { claimsWorld, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
  for (const user of ['U0ALICE', 'U0BOB', 'U0PRIYA'])
    await linkOf(house.ports, await house.ports.directory.account(keyOf(user)))
})

const look = () => lookAtAccounts(house.ports, {})
const change = (user: string, to: Parameters<typeof house.world.directory.changeAccount>[1]) =>
  house.world.directory.changeAccount(user, to)
const changes = () =>
  house.store.ledger
    .filter(({ type }) => type === 'account.changed')
    .map(({ data }) => [data.what, data.account, data.other])
const alarms = () => house.channel.said.filter((line) => line.startsWith('account '))
const bob = keyOf('U0BOB')

describe('changed-address: found by looking', () => {
  test('an address that changed is recorded and told to those who look after security, once, whoever finds it', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    const replica = { ...house.ports }

    await Promise.all([look(), lookAtAccounts(replica, {})])
    await look()
    await house.runDue()

    expect(changes()).toEqual([['address', bob, null]])
    expect(new Set(alarms()).size).toBe(alarms().length)
    expect(alarms()[0]).toMatch(new RegExp(`^account address ${bob} - `))
    const entry = house.store.ledger.find(({ type }) => type === 'account.changed')
    expect(JSON.stringify(entry)).not.toContain('robert@')
    expect(
      house.store.ledger.filter(({ type, data }) => type === 'alarm.sent' && data.why === 'account'),
    ).toHaveLength(alarms().length)
  })

  test('one that is not confirmed any more is a change, too; capitals and a tag are none', async () => {
    await look()
    change('U0BOB', { email: 'Bob+work@ACME.test' })
    await look()
    expect(changes()).toEqual([])
    change('U0BOB', { email: null })

    await look()

    expect(changes()).toEqual([['address', bob, null]])
  })

  test('and changes back: each time it is told', async () => {
    await look()
    for (const email of ['other@acme.test', 'bob@acme.test', 'other@acme.test']) {
      change('U0BOB', { email })
      await look()
    }

    expect(changes()).toHaveLength(3)
  })

  test('an address that is another person’s, too, names both; of one’s own other account nothing is said', async () => {
    await linkAccounts(house.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'priya@acme.test' },
      via: 'cli',
      shell,
    })
    await look()
    change('U0BOB', { email: 'alice+b@acme.test' })
    change('U0PRIYA', { email: 'alice+p@acme.test' })

    await look()

    expect(changes()).toContainEqual(['shared', bob, keyOf('U0ALICE')])
    expect(changes().filter(([what]) => what === 'shared')).not.toContainEqual([
      'shared',
      keyOf('U0PRIYA'),
      keyOf('U0ALICE'),
    ])
  })

  test('an account that was deactivated and is back', async () => {
    await look()
    change('U0BOB', { active: false })
    await look()
    expect(changes()).toEqual([])

    change('U0BOB', { active: true })
    await look()

    expect(changes()).toEqual([['returned', bob, null]])
  })

  test('while the directory does not answer nothing is found, and nothing is forgotten', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    house.world.directory.down = true
    await look()
    expect(changes()).toEqual([])
    expect(house.store.jobs.get('lookAtAccounts')).toMatchObject({ at: '2026-11-24T14:01:00.000Z' })
    house.world.directory.down = false

    await house.pass(60)

    expect(changes()).toHaveLength(1)
  })

  test('whoever dies between telling it and noting it tells it once', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    const dying = {
      ...house.ports,
      store: { ...house.ports.store, noteSeen: () => Promise.reject(new Error('dead')) },
    }
    await expect(lookAtAccounts(dying, {})).rejects.toThrow('dead')

    await look()

    expect(changes()).toHaveLength(1)
  })

  test('goes on in turns of twenty, and begins anew after six hours', async () => {
    for (let nth = 0; nth < 25; nth += 1) {
      const user = `U0M${String(nth).padStart(2, '0')}`
      const account = {
        ...(await house.ports.directory.account(bob)),
        key: keyOf(user),
        email: `${user}@acme.test`,
      }
      house.world.directory.accounts.set(user, account)
      await linkOf(house.ports, account)
    }

    await look()
    const next = house.store.jobs.get('lookAtAccounts')
    expect(next).toMatchObject({ after: expect.any(String), at: '2026-11-24T14:01:00.000Z' })
    await lookAtAccounts(house.ports, next as { after: string })

    expect(house.store.jobs.get('lookAtAccounts')).toEqual({
      task: 'lookAtAccounts',
      at: '2026-11-24T20:00:00.000Z',
    })
  })
})

describe('changed-address: heard from the channel', () => {
  const told = (user: string, joining = false) => lookWhenTold(house.ports, keyOf(user), { joining })

  test('is found at once, and not again by looking', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })

    await told('U0BOB')
    await look()

    expect(changes()).toEqual([['address', bob, null]])
  })

  test('of somebody whom we do not know nothing is looked up, unless they join with an address that is taken', async () => {
    await look()
    change('U0OMAR', { email: 'bob+new@acme.test' })

    await told('U0OMAR')
    expect(changes()).toEqual([])
    await told('U0OMAR', true)
    await told('U0OMAR', true)

    expect(changes()).toEqual([['shared', keyOf('U0OMAR'), bob]])
  })
})

test('changed-address: an address that refuses keeps nobody else from hearing it, and is tried again', async () => {
  await look()
  let failed = 0
  house.channel.fail = (call) => {
    if (!call.startsWith('account ') || failed > 0) return null
    failed += 1
    return { fault: lost, tookEffect: false }
  }
  change('U0BOB', { email: 'robert@acme.test' })

  await look()
  await house.runDue().catch(() => undefined)
  await house.pass(120)

  expect(failed).toBe(1)
  expect(alarms()).not.toEqual([])
})

test('changed-address, twin-accounts: a vote of an account that came to have the initiator’s address counts no more at the release', async () => {
  const { id } = await ask(house.world, 'db.export')
  await click(house.world, id, 'U0BOB')
  change('U0BOB', { email: 'alice+b@acme.test' })

  await click(house.world, id, 'U0PRIYA').catch(() => undefined)

  const request = await house.store.request(id)
  expect(request?.state).toBe('pending')
  expect(request?.decisions.find(({ account }) => account === bob)?.ended).toMatchObject({
    how: 'lapsed',
    why: { cause: 'behind', role: 'initiator' },
  })
})
