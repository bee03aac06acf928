import { beforeEach, describe, expect, test } from 'vitest'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { firstLook, lookAtAccounts, lookWhenTold } from '../../src/approvals/people/lookAtAccounts.ts'
import { DirectoryFault, type Ports } from '../../src/approvals/ports.ts'
import type { Account } from '../../src/core/identity.ts'
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

/** Everything whose turn comes within seven hours, as the jobs would. */
const look = async () => {
  house.world.clock.advance(7 * 3_600)
  await lookAtAccounts(house.ports)
}
const change = (user: string, to: Parameters<typeof house.world.directory.changeAccount>[1]) =>
  house.world.directory.changeAccount(user, to)
const changes = () =>
  house.store.ledger
    .filter(({ type }) => type === 'account.changed')
    .map(({ data }) => [data.what, data.account, data.other])
const alarms = () => house.channel.said.filter((line) => line.startsWith('account '))
const bob = keyOf('U0BOB')

/** Somebody more whom we know. */
async function addMember(user: string): Promise<void> {
  const some = await house.ports.directory.account(bob)
  const account = { ...some, key: keyOf(user), email: `${user}@acme.test` }
  house.world.directory.accounts.set(user, account)
  await linkOf(house.ports, account)
}

/** Resolves for everybody when so many have come. */
function meeting(size: number): () => Promise<void> {
  let come = 0
  let open = (): void => undefined
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return async () => {
    come += 1
    if (come === size) open()
    await all
  }
}

describe('changed-address: found by looking', () => {
  test('an address that changed is recorded and told to those who look after security, once, whoever finds it', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    const replica = { ...house.ports }

    await Promise.all([look(), lookAtAccounts(replica)])
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

  test('capitals and a tag are no change', async () => {
    await look()
    change('U0BOB', { email: 'Bob+work@ACME.test' })

    await look()

    expect(changes()).toEqual([])
  })

  test('one that is not confirmed any more is told when a second look says so, too', async () => {
    await look()
    change('U0BOB', { email: null })
    await look()
    expect(changes()).toEqual([])
    house.world.clock.advance(60)

    await lookAtAccounts(house.ports)
    await look()

    expect(changes()).toEqual([['address', bob, null]])
  })

  test('a directory that is wrong once, and leaves the address out, is not believed', async () => {
    await look()
    change('U0BOB', { email: null })
    await look()
    change('U0BOB', { email: 'bob@acme.test' })
    house.world.clock.advance(60)

    await lookAtAccounts(house.ports)
    change('U0BOB', { email: null })
    await look()

    expect(changes()).toEqual([])
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

  test('of somebody who leaves the directory may say less: that is no change of address, and neither is their return', async () => {
    await look()
    change('U0BOB', { active: false, email: null })
    await look()
    await look()
    expect(changes()).toEqual([])

    change('U0BOB', { active: true, email: 'bob@acme.test' })
    await look()

    expect(changes()).toEqual([['returned', bob, null]])
  })

  test('whoever left and comes back with the address of somebody else is told as both', async () => {
    await look()
    change('U0BOB', { active: false, email: null })
    await look()
    change('U0BOB', { active: true, email: 'priya@acme.test' })

    await look()

    expect(changes().toSorted()).toEqual([
      ['returned', bob, null],
      ['shared', bob, keyOf('U0PRIYA')],
    ])
  })

  test('while the directory does not answer nothing is found, and nothing is forgotten', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    house.world.directory.down = true
    await look()
    expect(changes()).toEqual([])
    house.world.directory.down = false

    await house.pass(300)

    expect(changes()).toHaveLength(1)
  })

  test('an account that nobody can look up keeps the others from nothing', async () => {
    await look()
    for (let nth = 0; nth < 40; nth += 1) await addMember(`U0A${nth}`)
    const { account } = house.world.directory
    house.world.directory.account = async (address) => {
      if (address.includes('U0A')) throw new DirectoryFault('cannot know')
      return account(address)
    }
    change('U0PRIYA', { email: 'other@acme.test' })
    house.world.clock.advance(7 * 3_600)

    await house.pass(300)

    expect(changes()).toEqual([['address', keyOf('U0PRIYA'), null]])
  })

  test('an account in whose place the directory gives another one, once, and not when it names it as its own of before', async () => {
    await look()
    const priya = await house.ports.directory.account(keyOf('U0PRIYA'))
    house.world.directory.accounts.set('U0BOB', priya)
    const moved = { ...priya, key: 'slack:E0ACME:W0PRIYA', formerKeys: [keyOf('U0PRIYA')] }
    house.world.directory.accounts.set('U0PRIYA', moved)
    house.world.directory.accounts.set('W0PRIYA', moved)
    await linkOf(house.ports, moved)

    await look()
    await look()

    expect(changes()).toEqual([['became', bob, keyOf('U0PRIYA')]])
  })

  test('of two that come to have one address at the same moment, on two replicas, one is told', async () => {
    await look()
    change('U0BOB', { email: 'both@acme.test' })
    change('U0PRIYA', { email: 'Both+2@acme.test' })
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

    expect(changes().filter(([what]) => what === 'shared')).toHaveLength(1)
  })

  test('whoever dies between telling it and noting it tells it once', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    const dying = {
      ...house.ports,
      store: { ...house.ports.store, noteSeen: () => Promise.reject(new Error('dead')) },
    }
    house.world.clock.advance(7 * 3_600)
    await expect(lookAtAccounts(dying)).rejects.toThrow('dead')

    await look()

    expect(changes()).toHaveLength(1)
  })

  test('however many there are, twenty are looked up in a minute, and a process that starts begins nothing anew', async () => {
    for (let nth = 0; nth < 50; nth += 1) await addMember(`U0M${nth}`)
    const asked: string[] = []
    const { account } = house.world.directory
    house.world.directory.account = async (address) => {
      asked.push(address)
      return account(address)
    }

    const all = 50 + 4
    for (const already of [20, 40, all]) {
      await house.store.commit({ entries: [], jobs: [firstLook] })
      await house.runDue()
      expect(new Set(asked).size).toBe(already)
    }
    await house.pass(600)

    expect(asked).toHaveLength(all)
    expect(changes()).toEqual([])
  })
})

describe('changed-address: heard from the channel', () => {
  const told = (user: string, email: string | null = null) =>
    lookWhenTold(house.ports, keyOf(user), { email })

  test('is found at once, by two replicas that hear it as by one, and not again by looking', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })

    await Promise.all([told('U0BOB'), lookWhenTold({ ...house.ports }, bob, { email: null })])
    await look()

    expect(changes()).toEqual([['address', bob, null]])
  })

  test('an answer that is slow, and was overtaken, is no change back', async () => {
    await look()
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
    change('U0BOB', { email: 'robert@acme.test' })
    await told('U0BOB')
    await heard()
    await looking
    await look()

    expect(changes()).toEqual([['address', bob, null]])
  })

  test('of somebody whom we do not know nothing is looked up, unless they are said to have an address that is taken', async () => {
    await look()
    change('U0OMAR', { email: 'bob+new@acme.test' })
    const asked: string[] = []
    const { account } = house.world.directory
    house.world.directory.account = async (address) => {
      asked.push(address)
      return account(address)
    }

    await told('U0OMAR')
    await told('U0OMAR', 'omar@acme.test')
    expect(asked).toEqual([])
    await told('U0OMAR', 'bob+new@acme.test')
    await told('U0OMAR', 'bob+new@acme.test')

    expect(changes()).toEqual([['shared', keyOf('U0OMAR'), bob]])
  })

  test('what is only said of somebody is not believed: the directory is asked', async () => {
    await look()

    await told('U0OMAR', 'bob@acme.test')

    expect(changes()).toEqual([])
  })

  test('while the directory does not answer it is looked at again', async () => {
    await look()
    change('U0BOB', { email: 'robert@acme.test' })
    house.world.directory.down = true
    await told('U0BOB')
    house.world.directory.down = false

    await lookAtAccounts(house.ports)
    await house.pass(300)

    expect(changes()).toHaveLength(1)
  })

  test('an address that seems to be gone is told no sooner for all that is heard', async () => {
    await look()
    change('U0BOB', { email: null })

    for (let nth = 0; nth < 3; nth += 1) await told('U0BOB')
    expect(changes()).toEqual([])
    await lookAtAccounts(house.ports)
    await house.pass(60)

    expect(changes()).toEqual([['address', bob, null]])
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
  await look()
  expect(changes()).toEqual([])

  there('U0INGA', 'priya@acme.test')
  await look()

  expect(changes()).toEqual([['shared', 'slack:T0EMEA:U0INGA', keyOf('U0PRIYA')]])
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
