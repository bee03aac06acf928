import { beforeEach, describe, expect, test } from 'vitest'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { firstLook, lookAtAccounts, lookWhenTold } from '../../src/approvals/people/lookAtAccounts.ts'
import { DirectoryFault, type Ports } from '../../src/approvals/ports.ts'
import { bob, changingAccounts, meeting } from '../support/changingAccounts.ts'
import { shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'

let house: Awaited<ReturnType<typeof changingAccounts>>
beforeEach(async () => {
  house = await changingAccounts()
})

describe('changed-address: found by looking', () => {
  test('an address that changed is recorded and told to those who look after security, once, whoever finds it', async () => {
    await house.look()
    house.change('U0BOB', { email: 'robert@acme.test' })
    const replica = { ...house.ports }

    await Promise.all([house.look(), lookAtAccounts(replica)])
    await house.look()
    await house.runDue()

    expect(house.changes()).toEqual([['address', bob, null]])
    expect(new Set(house.alarms()).size).toBe(house.alarms().length)
    expect(house.alarms()[0]).toMatch(new RegExp(`^account address ${bob} - `))
    const entry = house.store.ledger.find(({ type }) => type === 'account.changed')
    expect(JSON.stringify(entry)).not.toContain('robert@')
    expect(
      house.store.ledger.filter(({ type, data }) => type === 'alarm.sent' && data.why === 'account'),
    ).toHaveLength(house.alarms().length)
  })

  test('capitals and a tag are no change', async () => {
    await house.look()
    house.change('U0BOB', { email: 'Bob+work@ACME.test' })

    await house.look()

    expect(house.changes()).toEqual([])
  })

  test('one that is not confirmed any more is told when a second look says so, too', async () => {
    await house.look()
    house.change('U0BOB', { email: null })
    await house.look()
    expect(house.changes()).toEqual([])
    house.world.clock.advance(60)

    await lookAtAccounts(house.ports)
    await house.look()

    expect(house.changes()).toEqual([['address', bob, null]])
  })

  test('a directory that is wrong once, and leaves the address out, is not believed', async () => {
    await house.look()
    house.change('U0BOB', { email: null })
    await house.look()
    house.change('U0BOB', { email: 'bob@acme.test' })
    house.world.clock.advance(60)

    await lookAtAccounts(house.ports)
    house.change('U0BOB', { email: null })
    await house.look()

    expect(house.changes()).toEqual([])
  })

  test('and changes back: each time it is told', async () => {
    await house.look()
    for (const email of ['other@acme.test', 'bob@acme.test', 'other@acme.test']) {
      house.change('U0BOB', { email })
      await house.look()
    }

    expect(house.changes()).toHaveLength(3)
  })

  test('an address that is another person’s, too, names both; of one’s own other account nothing is said', async () => {
    await linkAccounts(house.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'priya@acme.test' },
      via: 'cli',
      shell,
    })
    await house.look()
    house.change('U0BOB', { email: 'alice+b@acme.test' })
    house.change('U0PRIYA', { email: 'alice+p@acme.test' })

    await house.look()

    expect(house.changes()).toContainEqual(['shared', bob, keyOf('U0ALICE')])
    expect(house.changes().filter(([what]) => what === 'shared')).not.toContainEqual([
      'shared',
      keyOf('U0PRIYA'),
      keyOf('U0ALICE'),
    ])
  })

  test('an account that was deactivated and is back', async () => {
    await house.look()
    house.change('U0BOB', { active: false })
    await house.look()
    expect(house.changes()).toEqual([])

    house.change('U0BOB', { active: true })
    await house.look()

    expect(house.changes()).toEqual([['returned', bob, null]])
  })

  test('of somebody who leaves the directory may say less: that is no change of address, and neither is their return', async () => {
    await house.look()
    house.change('U0BOB', { active: false, email: null })
    await house.look()
    await house.look()
    expect(house.changes()).toEqual([])

    house.change('U0BOB', { active: true, email: 'bob@acme.test' })
    await house.look()

    expect(house.changes()).toEqual([['returned', bob, null]])
  })

  test('whoever left and comes back with the address of somebody else is told as both', async () => {
    await house.look()
    house.change('U0BOB', { active: false, email: null })
    await house.look()
    house.change('U0BOB', { active: true, email: 'priya@acme.test' })

    await house.look()

    expect(house.changes().toSorted()).toEqual([
      ['returned', bob, null],
      ['shared', bob, keyOf('U0PRIYA')],
    ])
  })

  test('while the directory does not answer nothing is found, and nothing is forgotten', async () => {
    await house.look()
    house.change('U0BOB', { email: 'robert@acme.test' })
    house.world.directory.down = true
    await house.look()
    expect(house.changes()).toEqual([])
    house.world.directory.down = false

    await house.pass(300)

    expect(house.changes()).toHaveLength(1)
  })

  test('an account that nobody can look up keeps the others from nothing', async () => {
    await house.look()
    for (let nth = 0; nth < 40; nth += 1) await house.addMember(`U0A${nth}`)
    const { account } = house.world.directory
    house.world.directory.account = async (address) => {
      if (address.includes('U0A')) throw new DirectoryFault('cannot know')
      return account(address)
    }
    house.change('U0PRIYA', { email: 'other@acme.test' })
    house.world.clock.advance(7 * 3_600)

    await house.pass(300)

    expect(house.changes()).toEqual([['address', keyOf('U0PRIYA'), null]])
  })

  test('an account in whose place the directory gives another one, once, and not when it names it as its own of before', async () => {
    await house.look()
    const priya = await house.ports.directory.account(keyOf('U0PRIYA'))
    house.world.directory.accounts.set('U0BOB', priya)
    const moved = { ...priya, key: 'slack:E0ACME:W0PRIYA', formerKeys: [keyOf('U0PRIYA')] }
    house.world.directory.accounts.set('U0PRIYA', moved)
    house.world.directory.accounts.set('W0PRIYA', moved)
    await linkOf(house.ports, moved)

    await house.look()
    await house.look()

    expect(house.changes()).toEqual([['became', bob, keyOf('U0PRIYA')]])
  })

  test('of two that come to have one address at the same moment, on two replicas, one is told', async () => {
    await house.look()
    house.change('U0BOB', { email: 'both@acme.test' })
    house.change('U0PRIYA', { email: 'Both+2@acme.test' })
    const store = { ...house.store }
    // Each reads before the other has noted.
    const meet = meeting(2)
    const replica: Ports = {
      ...house.ports,
      store: {
        ...store,
        noteSeen: async (put) => {
          await meet()
          return store.noteSeen(put)
        },
      },
    }

    await Promise.all(['U0BOB', 'U0PRIYA'].map((user) => lookWhenTold(replica, keyOf(user), { email: null })))

    expect(house.changes().filter(([what]) => what === 'shared')).toHaveLength(1)
  })

  test('whoever dies between telling it and noting it tells it once', async () => {
    await house.look()
    house.change('U0BOB', { email: 'robert@acme.test' })
    const dying = {
      ...house.ports,
      store: { ...house.ports.store, noteSeen: () => Promise.reject(new Error('dead')) },
    }
    house.world.clock.advance(7 * 3_600)
    await expect(lookAtAccounts(dying)).rejects.toThrow('dead')

    await house.look()

    expect(house.changes()).toHaveLength(1)
  })

  test('however many there are, twenty are looked up in a minute, and a process that starts begins nothing anew', async () => {
    for (let nth = 0; nth < 50; nth += 1) await house.addMember(`U0M${nth}`)
    const asked = house.hearAsked()

    const all = 50 + 4
    for (const already of [20, 40, all]) {
      await house.store.commit({ entries: [], jobs: [firstLook] })
      await house.runDue()
      expect(new Set(asked).size).toBe(already)
    }
    await house.pass(600)

    expect(asked).toHaveLength(all)
    expect(house.changes()).toEqual([])
  })
})
