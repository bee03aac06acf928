import { beforeEach, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { membersNow } from '../../src/approvals/policy/livePolicyFacts.ts'
import type { Source } from '../../src/core/requirement.ts'
import { testBundle } from '../support/testBundle.ts'
import { keyOf, type TestDirectory } from '../support/testDirectory.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
let directory: TestDirectory
beforeEach(async () => {
  world = await testWorld()
  directory = world.directory
})

const bundle = testBundle()
const source = (name: string): Source => {
  const found = bundle.people.get(name)
  if (!found) throw new Error(`no ${name}`)
  return found
}
const countIn = async (name: string) => (await membersNow(world.ports, bundle)).members(source(name))?.length

test('every name that the bundle uses is looked up, also owners and emergency paths; others are not known', async () => {
  const { members, names } = await membersNow(world.ports, bundle)

  expect(names).toBe(8)
  expect(members(source('group:security'))).toEqual([keyOf('U0PRIYA'), keyOf('U0SAM')])
  expect(members(source('group:incident-commanders'))).toHaveLength(2)
  expect(members(source('user:omar'))).toEqual([keyOf('U0OMAR')])
  expect(members(source('group:nobody'))).toEqual([])
  expect(members(source('user:bob'))).toBeNull()
})

test('who could not approve does not count: guests, bots, the deactivated, and second accounts', async () => {
  const sam = directory.accounts.get('U0SAM')
  if (!sam) throw new Error('no Sam')

  expect(await countIn('group:iam-admins')).toBe(3)

  directory.accounts.set('U0SAM', { ...sam, guest: true })
  expect(await countIn('group:iam-admins')).toBe(2)

  await linkAccounts(world.ports, {
    account: { email: 'grace@acme.test' },
    other: { email: 'lee@acme.test' },
    via: 'test',
  })
  expect(await countIn('group:iam-admins')).toBe(1)
})

test('of a large group no more is looked at than could matter', async () => {
  const someone = directory.accounts.get('U0BOB')
  if (!someone) throw new Error('no Bob')
  const users = Array.from({ length: 500 }, (_, nth) => `U0X${nth}`)
  for (const user of users) directory.accounts.set(user, { ...someone, key: keyOf(user) })
  directory.groups.set('S0SECURITY', users)

  expect(await countIn('group:security')).toBe(12)
})

test('what cannot be looked up is a fault that names all of it', async () => {
  directory.unreadable.add('S0SECURITY')
  directory.unreadable.add('S0INCIDENT')

  await expect(membersNow(world.ports, bundle)).rejects.toThrow(
    /group:incident-commanders \(cannot know\).*group:security \(cannot know\)/,
  )
})

test('whom the directory does not know is nobody, and spoils no group', async () => {
  directory.accounts.delete('U0OMAR')

  expect(await countIn('user:omar')).toBe(0)
  expect(await countIn('group:incident-commanders')).toBe(1)
})
