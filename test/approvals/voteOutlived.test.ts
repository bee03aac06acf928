import { beforeEach, describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { withCurrentPeople } from '../../src/approvals/people/currentPeople.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { cardContent } from '../../src/card/content.ts'
import type { Account } from '../../src/core/identity.ts'
import { nothingAround } from '../../src/http/around.ts'
import { presentRequest } from '../../src/http/presentRequest.ts'
import { losing } from '../support/losing.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
let id: string
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  id = (await ask(world, 'db.export')).id
})

const link = (account: string, other: string) =>
  linkAccounts(world.ports, {
    account: { email: `${account}@acme.test` },
    other: { email: `${other}@acme.test` },
    via: 'cli',
  })

const groups = (changes: Readonly<Record<string, string[]>>) => {
  for (const [group, users] of Object.entries(changes)) world.directory.groups.set(group, users)
}

const typesOf = async () => (await store.entries(id)).map((entry) => entry.type)

async function request() {
  const found = await store.request(id)
  if (!found) throw new Error('it was asked')
  return found
}

/** Seats that are filled, as the agent and as the card are told. */
async function filled() {
  const found = await request()
  const { requirement } = presentRequest(
    await withCurrentPeople(world.ports, found),
    'http://test',
    nothingAround,
  )
  const { filled: onCard } = await viewOf(world.ports, found)
  const shown = [...onCard].map(([leg, people]) => [leg, people.length])
  expect(requirement?.legs.map((leg) => [leg.name, leg.filled])).toEqual(shown)
  return Object.fromEntries(shown)
}

describe('vote-outlived: an approval whose person could not give it any more', () => {
  const outlived: readonly (readonly [string, () => unknown, object])[] = [
    ['was deactivated', () => change({ active: false }), { cause: 'not_staff', fault: 'deactivated' }],
    ['became a guest', () => change({ guest: true }), { cause: 'not_staff', fault: 'guest' }],
    [
      'went to another organisation',
      () => change({ external: true }),
      { cause: 'not_staff', fault: 'external' },
    ],
    [
      'is not there any more',
      () => world.directory.accounts.delete('U0BOB'),
      { cause: 'not_staff', fault: 'unknown' },
    ],
    ['left the group', () => groups({ S0DATA: ['U0PRIYA'] }), { cause: 'left' }],
    ['turned out to be the initiator', () => link('alice', 'bob'), { cause: 'behind', role: 'initiator' }],
    ['turned out to own the agent', () => link('bob', 'lee'), { cause: 'behind', role: 'agent_owner' }],
    [
      'turned out to share the address of the initiator',
      () => change({ email: 'Alice+2@ACME.test' }),
      { cause: 'behind', role: 'initiator' },
    ],
  ]
  const change = (facts: Partial<Account>) => world.directory.changeAccount('U0BOB', facts)

  test.each(outlived)('because they %s, does not release it', async (_, happens, why) => {
    await click(world, id, 'U0BOB')
    await happens()

    const { request: after } = await click(world, id, 'U0SAM')

    expect(after.state).toBe('pending')
    expect(after.decisions.map((one) => one.ended)).toEqual([
      { how: 'lapsed', why, at: expect.any(String) },
      undefined,
    ])
    expect(await filled()).toEqual({ data: 0, security: 1 })
    expect(await typesOf()).toEqual([
      'request.submitted',
      'decision.made',
      'decision.made',
      'decision.lapsed',
    ])
    expect((await entriesOf(store, id, 'decision.lapsed'))[0]).toMatchObject({
      actor: { kind: 'system', id: 'release' },
      data: { account: keyOf('U0BOB'), legs: ['data'], why },
    })
    // Its leg is open again, and the decision that found it counts for its own.
    expect((await click(world, id, 'U0PRIYA')).request.state).toBe('approved')
  })

  test('control: releases it together with the other when nothing has happened', async () => {
    await click(world, id, 'U0BOB')

    expect((await click(world, id, 'U0SAM')).request.state).toBe('approved')
    expect(await typesOf()).not.toContain('decision.lapsed')
  })

  test('is known as soon as people are linked, to whoever looks, and recorded with the next decision', async () => {
    await click(world, id, 'U0BOB')
    expect(await filled()).toEqual({ data: 1, security: 0 })

    await link('alice', 'bob')

    expect(await filled()).toEqual({ data: 0, security: 0 })
    const current = await withCurrentPeople(world.ports, await request())
    expect(presentRequest(current, 'http://test', nothingAround).decisions[0]?.ended).toEqual({
      how: 'lapsed',
      why: 'behind',
      at: null,
    })
    await click(world, id, 'U0SAM')
    expect(await typesOf()).toContain('decision.lapsed')
  })

  test('does not stand in the way of its person, who may decide again when they are back', async () => {
    await click(world, id, 'U0BOB')
    groups({ S0DATA: [] })
    await click(world, id, 'U0SAM')
    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'not_in_leg' })
    groups({ S0DATA: ['U0BOB'] })

    const { request: after } = await click(world, id, 'U0BOB')

    expect(after.state).toBe('approved')
    expect(after.decisions).toHaveLength(3)
    const card = cardContent(await viewOf(world.ports, after))
    expect(card.needs?.seats).toHaveLength(2)
  })

  test('whose person left one of their groups counts for the other', async () => {
    world.setPolicy(
      bundleWithRules((rules) =>
        rules.replace('[owner, group:data-owners], count: 1', '[owner, group:data-owners], count: 2'),
      ),
    )
    const both = (await ask(world, 'db.export')).id
    await click(world, both, 'U0PRIYA')
    await click(world, both, 'U0BOB')
    groups({ S0DATA: ['U0BOB'], S0SECURITY: ['U0PRIYA', 'U0SAM'] })

    // Priya is in both, Sam in Security: with Omar, who owns the table, the data leg is filled without Priya.
    const { request: after } = await click(world, both, 'U0OMAR')

    expect(after.state).toBe('approved')
    expect(after.decisions[0]).toMatchObject({ legs: ['security'] })
    expect(after.decisions[0]?.ended).toBeUndefined()
    expect((await entriesOf(store, both, 'decision.lapsed'))[0]?.data).toMatchObject({ legs: ['data'] })
  })
})

describe('while the directory does not say whether an approval still counts', () => {
  beforeEach(async () => {
    await click(world, id, 'U0BOB')
    world.directory.unreadable.add('S0DATA')
  })
  const attempt = { delivery: 'the same click' }

  test('nothing is released and no vote is taken away: that click is refused, and recorded once', async () => {
    for (const _ of ['once', 'again'])
      await expect(click(world, id, 'U0SAM', attempt)).rejects.toMatchObject({
        code: 'directory_unavailable',
        kind: 'unavailable',
      })

    expect(await request()).toMatchObject({ state: 'pending', version: 2 })
    expect((await request()).decisions.map((one) => one.ended)).toEqual([undefined])
    expect(await refusalsOf(store, id)).toEqual(['directory_unavailable'])
  })

  test('the click is not spent: brought again when the directory answers, it counts, once', async () => {
    await expect(click(world, id, 'U0SAM', attempt)).rejects.toMatchObject({ code: 'directory_unavailable' })
    world.directory.unreadable.clear()

    expect(await click(world, id, 'U0SAM', attempt)).toMatchObject({
      repeated: false,
      request: { state: 'approved' },
    })
    expect(await click(world, id, 'U0SAM', attempt)).toMatchObject({ repeated: true })
  })

  test('a set that says yes is enough, whatever another one does', async () => {
    world.directory.unreadable.clear()
    const omars = (await ask(world, 'db.export')).id
    await click(world, omars, 'U0OMAR')
    world.directory.unreadable.add('S0DATA')

    expect((await click(world, omars, 'U0SAM')).request.state).toBe('approved')
  })

  test('a denial needs nobody else’s groups', async () => {
    expect((await click(world, id, 'U0SAM', { kind: 'deny' })).request.state).toBe('denied')
  })
})

describe('race: people are linked between the judgement and the commit', () => {
  /** The initiator and the approver turn out to be one just before the click is committed. */
  async function linkedMeanwhile(user: string, asLinked: () => Promise<unknown>) {
    let linked = false
    const racing = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (!linked && change.request) {
          linked = true
          await asLinked()
        }
        return store.commit(change)
      },
    }
    return click({ ...world, ports: { ...world.ports, store: racing } }, id, user)
  }

  test('whoever decides is judged again, as who they are now', async () => {
    await click(world, id, 'U0BOB')

    await expect(linkedMeanwhile('U0SAM', () => link('alice', 'sam'))).rejects.toMatchObject({
      code: 'own_request',
    })
    expect((await request()).state).toBe('pending')
  })

  test('whoever decided before is judged again', async () => {
    await click(world, id, 'U0BOB')

    const { request: after } = await linkedMeanwhile('U0SAM', () => link('alice', 'bob'))

    expect(after.state).toBe('pending')
    expect(after.decisions[0]?.ended).toMatchObject({ why: { cause: 'behind' } })
  })

  test('control: a link between two others changes nothing', async () => {
    await click(world, id, 'U0BOB')

    expect((await linkedMeanwhile('U0SAM', () => link('grace', 'noor'))).request.state).toBe('approved')
  })
})

test('an answer of the database that is lost while a vote lapses leaves one record of it', async () => {
  await click(world, id, 'U0BOB')
  groups({ S0DATA: [] })
  const broken = losing(store, 2, 'after') // the first is about Sam, who is new
  const attempt = { delivery: 'one click' }

  await expect(
    click({ ...world, ports: { ...world.ports, store: broken.store } }, id, 'U0SAM', attempt),
  ).rejects.toThrow('broke')
  expect(await click(world, id, 'U0SAM', attempt)).toMatchObject({ repeated: true })

  expect(await entriesOf(store, id, 'decision.lapsed')).toHaveLength(1)
})
