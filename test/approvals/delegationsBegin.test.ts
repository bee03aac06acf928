import { beforeEach, describe, expect, test } from 'vitest'
import { cardViewOf } from '../../src/approvals/cards/lines.ts'
import { declineDelegation, endOwnDelegation } from '../../src/approvals/delegations/end.ts'
import { partsOf } from '../../src/approvals/erasure/parts.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { shell } from '../support/claims.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, testWorld, type World } from '../support/world.ts'
import { asking, declineFirst, goAway } from './away.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const refusal = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    (error) => {
      const { code, problems } = error as { code: string; problems: readonly { detail: string }[] }
      return [code, ...problems.map(({ detail }) => detail)].join(': ')
    },
  )

describe('beginning one', () => {
  test.each<readonly [string, string, () => unknown, string]>([
    [
      'oneself',
      'U0OMAR',
      () => undefined,
      'cannot_stand_in: That is you, or an account that counts as yours.',
    ],
    [
      'an account with the same address',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { email: 'omar+x@acme.test' }),
      'cannot_stand_in: That is you, or an account that counts as yours.',
    ],
    [
      'a guest',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { guest: true }),
      'cannot_stand_in: That is a guest, and only full members decide.',
    ],
    [
      'a stranger',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { external: true }),
      'cannot_stand_in: That is somebody of another organisation, and only members of this one decide.',
    ],
    [
      'an app',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { human: false }),
      'cannot_stand_in: That is an app, and only people decide.',
    ],
    [
      'somebody deactivated',
      'U0BOB',
      () => world.directory.changeAccount('U0BOB', { active: false }),
      'cannot_stand_in: That account is deactivated.',
    ],
    ['nobody', 'U0GHOST', () => undefined, 'cannot_stand_in: There is nobody of that name here.'],
    [
      'somebody of other groups',
      'U0NOOR',
      () => undefined,
      'cannot_stand_in: They are in none of the groups in which the policy asks you, so they could decide nothing in your place.',
    ],
    [
      'somebody who is away',
      'U0BOB',
      () => goAway(world, 'U0BOB', { to: 'U0PRIYA' }),
      'cannot_stand_in: They are away themselves, and have somebody who is told in their place.',
    ],
    [
      'anybody, while groups cannot be read',
      'U0BOB',
      () => world.directory.unreadable.add('S0DATA'),
      'directory_unavailable',
    ],
  ])('delegate: %s cannot stand in', async (_, to, change, says) => {
    await change()

    expect(await refusal(goAway(world, 'U0OMAR', { to }))).toBe(says)
    expect(await store.delegation(keyOf('U0OMAR'))).toBeNull()
  })

  test('whoever the policy asks nothing has nothing to be told in their place', async () => {
    world.directory.groups.set('S0ONLYBEHIND', ['U0LEE'])

    expect(await refusal(goAway(world, 'U0ALICE', { to: 'U0BOB' }))).toBe(
      'cannot_stand_in: The policy asks you nothing, so there is nothing to be told in your place.',
    )
  })

  test.each([0, -1, 30.01])('nobody is away until %s days from now', async (days) => {
    expect(await refusal(goAway(world, 'U0OMAR', { to: 'U0BOB', days: days }))).toMatch(
      /^invalid_request: Name a moment to come/,
    )
  })

  test('whoever is no full member goes away from nothing', async () => {
    world.directory.changeAccount('U0OMAR', { guest: true })

    expect(await refusal(goAway(world, 'U0OMAR', { to: 'U0BOB' }))).toBe('not_staff')
  })

  test('says which sets are covered, and which are not', async () => {
    world.directory.groups.set('S0SECURITY', ['U0PRIYA', 'U0SAM'])

    const { coverage } = await goAway(world, 'U0PRIYA', { to: 'U0BOB' })

    const named = (sets: typeof coverage.covered) =>
      sets.map((from) => from.map(({ ref }) => ref).join(' or '))
    expect(named(coverage.covered)).toContain('group:data-owners')
    expect(named(coverage.uncovered)).toContain('group:security')
    expect(coverage.unknown).toEqual([])
  })

  test('another one takes the place of the one before, whose delegate hears of it', async () => {
    await goAway(world, 'U0PRIYA', { to: 'U0BOB' })
    const { replaced } = await goAway(world, 'U0PRIYA', { to: 'U0SAM' })

    expect(replaced).toHaveLength(1)
    expect(await store.standingDelegations(world.clock())).toMatchObject([{ delegate: keyOf('U0SAM') }])
    expect(store.ledger.filter(({ type }) => type === 'delegation.ended')).toMatchObject([
      { data: { why: 'replaced' } },
    ])
    expect(told()).toEqual([
      ['ended', 'U0BOB'],
      ['started', 'U0BOB'],
      ['started', 'U0SAM'],
    ])
  })

  test('also by another account of theirs: nobody is away twice', async () => {
    await linkAccounts(world.ports, {
      account: { address: 'slack:U0OMAR' },
      other: { address: 'slack:U0PRIYA' },
      via: 'cli',
    })
    world.directory.groups.set('S0DATAOWN', ['U0OMAR', 'U0PRIYA', 'U0BOB', 'U0SAM'])
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })

    await goAway(world, 'U0PRIYA', { to: 'U0SAM' })

    const standing = await store.standingDelegations(world.clock())
    expect(standing.map(({ id, delegate }) => [id, delegate])).toEqual([[keyOf('U0PRIYA'), keyOf('U0SAM')]])
    await expect(declineFirst(world, 'U0BOB')).rejects.toMatchObject({ code: 'not_asked' })
  })

  test('whoever stands in and goes away gives back, and whose delegate that was hears of it', async () => {
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    const { givenBack } = await goAway(world, 'U0BOB', { to: 'U0PRIYA' })

    expect(givenBack).toMatchObject([{ id: keyOf('U0OMAR') }])
    expect(told()).toContainEqual(['delegate_away', 'U0OMAR'])
  })
})

/** What is to be told of delegations, and to whom. */
function told() {
  return [...store.jobs.values()]
    .flatMap((job) => (job.task === 'delegation' ? [[job.why, job.to.split(':').at(-1) ?? '']] : []))
    .sort()
}

describe.each([
  ['only claimed to be theirs', true, keyOf('U0OMAR')],
  ['theirs', false, keyOf('U0PRIYA')],
])('an account that is %s', (_, confirms, expected) => {
  test('delegate: an account that is only claimed to be theirs moves nobody’s mentions', async () => {
    world = await testWorld({ store: memoryStore(), confirms })
    await linkAccounts(world.ports, {
      account: { email: 'omar@acme.test' },
      other: { email: 'sam@acme.test' },
      via: 'cli',
      shell,
    })
    await goAway(world, 'U0SAM', { to: 'U0PRIYA' })
    const { id } = await ask(world, 'db.export')

    const view = await cardViewOf(world.ports, (await world.store.request(id)) ?? expect.fail())

    const [standIn] = view.standIns ?? []
    expect(standIn ? view.people.get(standIn.delegate)?.account : keyOf('U0OMAR')).toBe(expected)
    expect(await refusal(endOwnDelegation(world.ports, await asking(world, 'U0OMAR')))).toBe(
      confirms ? 'not_applicable' : 'done',
    )
  })
})

test('erasing either of the two takes what the entries keep of them, and the table has no name', async () => {
  await goAway(world, 'U0OMAR', { to: 'U0BOB' })
  const { delegation } = await goAway(world, 'U0OMAR', { to: 'U0PRIYA' })
  await declineFirst(world, 'U0PRIYA')
  const { person, delegatePerson } = delegation
  const erased = async (id: string) => {
    const found: string[] = []
    for await (const part of partsOf(world.ports, { what: 'person', id }))
      found.push(...part.values.map(({ entry }) => store.ledger.find((one) => one.id === entry)?.type ?? ''))
    return found.filter((type) => type.startsWith('delegation.'))
  }

  const kept = store.blobs.filter(({ entry }) =>
    store.ledger.some(({ id, type }) => id === entry && type.startsWith('delegation.')),
  )
  expect(kept.map(({ name }) => name)).toEqual(['identity', 'identity', 'identity', 'identity'])
  expect(await erased(person)).toEqual([
    'delegation.started',
    'delegation.ended',
    'delegation.started',
    'delegation.ended',
  ])
  expect(await erased(delegatePerson)).toEqual(['delegation.ended'])
  expect(JSON.stringify([...store.ledger, await store.delegation(keyOf('U0OMAR'))])).not.toContain(
    'acme.test',
  )
})

describe('ending one', () => {
  test('delegate: only the delegate declines, and only one that stands', async () => {
    const { delegation } = await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    const decline = async (user: string) =>
      refusal(
        declineDelegation(world.ports, { ...(await asking(world, user)), delegation: delegation.delegation }),
      )

    expect(await decline('U0SAM')).toBe('not_asked')
    expect(await decline('U0OMAR')).toBe('not_asked')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)

    expect(await decline('U0BOB')).toBe('done')
    expect(await store.standingDelegations(world.clock())).toEqual([])
    expect(told()).toContainEqual(['declined', 'U0OMAR'])
    expect(await decline('U0BOB')).toBe('not_applicable')
  })

  test('the button of one that was replaced ends nothing', async () => {
    const { delegation } = await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    await goAway(world, 'U0OMAR', { to: 'U0BOB', days: 5 })

    const again = declineDelegation(world.ports, {
      ...(await asking(world, 'U0BOB')),
      delegation: delegation.delegation,
    })

    expect(await refusal(again)).toBe('not_applicable')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)
  })

  test('whoever is not away ends nothing, nor anybody else’s', async () => {
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })

    expect(await refusal(endOwnDelegation(world.ports, await asking(world, 'U0BOB')))).toBe('not_applicable')
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)
  })

  test('of two ends in the same moment one is written', async () => {
    const { delegation } = await goAway(world, 'U0OMAR', { to: 'U0BOB' })

    const ends = await Promise.all([
      refusal(endOwnDelegation(world.ports, await asking(world, 'U0OMAR'))),
      refusal(
        declineDelegation(world.ports, {
          ...(await asking(world, 'U0BOB')),
          delegation: delegation.delegation,
        }),
      ),
    ])

    expect(ends.toSorted()).toEqual(['done', 'not_applicable'])
    expect(store.ledger.filter(({ type }) => type === 'delegation.ended')).toHaveLength(1)
  })
})
