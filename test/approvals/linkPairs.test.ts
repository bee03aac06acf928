import { beforeEach, expect, test } from 'vitest'
import { ownAccountsOf } from '../../src/approvals/people/currentPeople.ts'
import { linkPairs, type PairLinked } from '../../src/approvals/people/linkPairs.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const pair = (line: number, account: string, other: string) => ({
  line,
  account: { address: `slack:${account}` },
  other: { email: other },
})

async function linkAll(...pairs: readonly ReturnType<typeof pair>[]) {
  const done: PairLinked[] = []
  await linkPairs(world.ports, { pairs, via: 'cli' }, (one) => done.push(one))
  return done.map(({ line, outcome }) => `${line} ${outcome}`)
}

async function peopleLinked(): Promise<number> {
  const links = await world.store.accounts(['slack:T0ACME:U0ALICE', 'slack:T0ACME:U0GRACE'])
  const own = await Promise.all(links.map(({ person }) => ownAccountsOf(world.ports, person)))
  return own.filter(({ length }) => length > 1).length
}

test('each pair is one person then, and said again nothing is left to do', async () => {
  const both = [pair(1, 'U0ALICE', 'bob@acme.test'), pair(3, 'U0GRACE', 'noor@acme.test')]

  expect(await linkAll(...both)).toEqual(['1 linked', '3 linked'])
  expect(await linkAll(...both, pair(4, 'U0SAM', 'priya@acme.test'))).toEqual([
    '1 one_person_already',
    '3 one_person_already',
    '4 linked',
  ])
})

test('where one line is wrong nothing is linked, and every wrong line is named', async () => {
  world.directory.changeAccount('U0OMAR', { guest: true })

  await expect(
    linkAll(
      pair(1, 'U0ALICE', 'bob@acme.test'),
      pair(2, 'U0NOBODY', 'sam@acme.test'),
      pair(3, 'U0PRIYA', 'omar@acme.test'),
      pair(4, 'U0GRACE', 'grace@acme.test'),
    ),
  ).rejects.toMatchObject({
    code: 'invalid_request',
    problems: [
      { pointer: '/2', detail: expect.stringContaining('slack:U0NOBODY') },
      { pointer: '/3', detail: expect.stringContaining('guest') },
      { pointer: '/4', detail: 'Both are the same account.' },
    ],
  })
  expect(await peopleLinked()).toBe(0)
})

test('nothing is linked while the directory does not answer', async () => {
  world.directory.down = true

  await expect(linkAll(pair(1, 'U0ALICE', 'bob@acme.test'))).rejects.toMatchObject({
    code: 'directory_unavailable',
  })
})
