import { beforeEach, describe, expect, test } from 'vitest'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { lookAtAccounts, lookWhenTold } from '../../src/approvals/people/lookAtAccounts.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import type { Account } from '../../src/core/identity.ts'
import { bob, changingAccounts, meeting } from '../support/changingAccounts.ts'
import { lost } from '../support/channel.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

let house: Awaited<ReturnType<typeof changingAccounts>>
beforeEach(async () => {
  house = await changingAccounts()
})

describe('changed-address: heard from the channel', () => {
  const told = (user: string, email: string | null = null) =>
    lookWhenTold(house.ports, keyOf(user), { email })

  test('is found at once, by two replicas that hear it as by one, and not again by looking', async () => {
    await house.look()
    house.change('U0BOB', { email: 'robert@acme.test' })

    await Promise.all([told('U0BOB'), lookWhenTold({ ...house.ports }, bob, { email: null })])
    await house.look()

    expect(house.changes()).toEqual([['address', bob, null]])
  })

  test('an answer that is slow, and was overtaken, is no change back', async () => {
    await house.look()
    const asBefore = await house.ports.directory.account(bob)
    house.world.clock.advance(7 * 3_600)
    const reached = meeting(2)
    const heard = meeting(2)
    const slow: Ports = {
      ...house.ports,
      directory: {
        ...house.ports.directory,
        account: async (key) => {
          if (key !== bob) return house.ports.directory.account(key)
          await reached()
          await heard()
          return asBefore
        },
      },
    }

    const looking = lookAtAccounts(slow)
    await reached()
    house.change('U0BOB', { email: 'robert@acme.test' })
    await told('U0BOB')
    await heard()
    await looking
    await house.look()

    expect(house.changes()).toEqual([['address', bob, null]])
  })

  test('what was heard while others had their turn is not compared with an answer from before', async () => {
    await house.look()
    const asBefore = await house.ports.directory.account(bob)
    house.world.clock.advance(7 * 3_600)
    const reached = meeting(2)
    const heard = meeting(2)
    const { account } = house.world.directory
    const remembering = async (key: string) => {
      if (key === bob) return asBefore
      if (key === keyOf('U0ALICE')) {
        await reached()
        await heard()
      }
      return account(key)
    }
    const directory = { ...house.ports.directory, account: remembering }

    const looking = lookAtAccounts({ ...house.ports, directory })
    await reached()
    house.change('U0BOB', { email: 'robert@acme.test' })
    await told('U0BOB')
    await heard()
    await looking
    await house.look()

    expect(house.changes()).toEqual([['address', bob, null]])
  })

  test('of somebody whom we do not know nothing is looked up, unless they are said to have an address that is taken', async () => {
    await house.look()
    house.change('U0OMAR', { email: 'bob+new@acme.test' })
    const asked = house.hearAsked()

    await told('U0OMAR')
    await told('U0OMAR', 'omar@acme.test')
    expect(asked).toEqual([])
    await told('U0OMAR', 'bob+new@acme.test')
    await told('U0OMAR', 'bob+new@acme.test')

    expect(house.changes()).toEqual([['shared', keyOf('U0OMAR'), bob]])
  })

  test('what is only said of somebody is not believed: the directory is asked', async () => {
    await house.look()

    await told('U0OMAR', 'bob@acme.test')

    expect(house.changes()).toEqual([])
  })

  test('while the directory does not answer it is looked at again', async () => {
    await house.look()
    house.change('U0BOB', { email: 'robert@acme.test' })
    house.world.directory.down = true
    await told('U0BOB')
    house.world.directory.down = false

    await lookAtAccounts(house.ports)
    await house.pass(300)

    expect(house.changes()).toHaveLength(1)
  })

  test('an address that seems to be gone is told no sooner for all that is heard', async () => {
    await house.look()
    house.change('U0BOB', { email: null })

    for (let nth = 0; nth < 3; nth += 1) await told('U0BOB')
    expect(house.changes()).toEqual([])
    await lookAtAccounts(house.ports)
    await house.pass(60)

    expect(house.changes()).toEqual([['address', bob, null]])
  })
})

test('changed-address: somebody with an account in each of two directories is nothing new; one that comes to have another’s address is', async () => {
  const there = (user: string, email: string) => {
    const account = { ...house.world.directory.accounts.get('U0BOB'), key: `slack:T0EMEA:${user}`, email }
    house.world.directory.accounts.set(user, account as Account)
    return account as Account
  }
  await linkOf(house.ports, there('U0ALSOBOB', 'bob@acme.test'))
  await linkOf(house.ports, there('U0INGA', 'inga@emea.test'))
  await house.look()
  expect(house.changes()).toEqual([])

  there('U0INGA', 'priya@acme.test')
  await house.look()

  expect(house.changes()).toEqual([['shared', 'slack:T0EMEA:U0INGA', keyOf('U0PRIYA')]])
})

test('changed-address: an address that refuses keeps nobody else from hearing it, and is tried again', async () => {
  await house.look()
  let failed = 0
  house.channel.fail = (call) => {
    if (!call.startsWith('account ') || failed > 0) return null
    failed += 1
    return { fault: lost, tookEffect: false }
  }
  house.change('U0BOB', { email: 'robert@acme.test' })

  await house.look()
  await house.runDue().catch(() => undefined)
  await house.pass(120)

  expect(failed).toBe(1)
  expect(house.alarms()).not.toEqual([])
})

test('changed-address, twin-accounts: a vote of an account that came to have the initiator’s address counts no more at the release', async () => {
  const { id } = await ask(house.world, 'db.export')
  await click(house.world, id, 'U0BOB')
  house.change('U0BOB', { email: 'alice+b@acme.test' })

  await click(house.world, id, 'U0PRIYA').catch(() => undefined)

  const request = await house.store.request(id)
  expect(request?.state).toBe('pending')
  expect(request?.decisions.find(({ account }) => account === bob)?.ended).toMatchObject({
    how: 'lapsed',
    why: { cause: 'behind', role: 'initiator' },
  })
})
