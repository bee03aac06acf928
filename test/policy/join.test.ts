import { describe, expect, test } from 'vitest'
import type { Demand, Floor, LegTemplate } from '../../src/policy/bundle.ts'
import { type Joined, join, overLimits } from '../../src/policy/join.ts'

const noFloor: Floor = {
  separation: [],
  maxExpiresInSeconds: null,
  maxGrantTtlSeconds: null,
  neverAllowEffects: [],
}
const leg = (name: string, from: readonly string[], count = 1): LegTemplate => ({ name, from, count })
function demand(changes: Partial<Demand> = {}): Demand {
  return {
    legs: [leg('a', ['group:a'])],
    denyCount: 1,
    expiresInSeconds: 3_600,
    grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
    channels: ['slack:C1'],
    remindAfterSeconds: [],
    reason: null,
    confirm: [],
    stepUp: false,
    via: ['card', 'thread'],
    escalate: [],
    ...changes,
  }
}
const joined = (left: Partial<Demand>, right: Partial<Demand>, floor: Floor = noFloor): Joined =>
  join([demand(left), demand(right)], floor)

/** Each row of the table in docs/policy.md#how-a-verdict-is-reached that this version has; every row is tried in both orders. */
const rows: readonly [
  what: string,
  left: Partial<Demand>,
  right: Partial<Demand>,
  expected: Partial<Demand>,
][] = [
  [
    'different sets stay separate',
    { legs: [leg('a', ['group:a'])] },
    { legs: [leg('b', ['group:b'])] },
    { legs: [leg('a', ['group:a']), leg('b', ['group:b'])] },
  ],
  [
    'the same set asks for the larger count',
    { legs: [leg('a', ['group:a'], 2)] },
    { legs: [leg('a', ['group:a'], 3)] },
    { legs: [leg('a', ['group:a'], 3)] },
  ],
  [
    'the same set under two names is one leg',
    { legs: [leg('x', ['group:a'])] },
    { legs: [leg('b', ['group:a'])] },
    { legs: [leg('b', ['group:a'])] },
  ],
  [
    'two sets under one name get different names',
    { legs: [leg('a', ['group:a'])] },
    { legs: [leg('a', ['group:b'])] },
    { legs: [leg('a', ['group:a']), leg('a-2', ['group:b'])] },
  ],
  [
    'a made-up name meets no written one',
    { legs: [leg('a', ['group:a']), leg('a-2', ['group:c'])] },
    { legs: [leg('a', ['group:b'])] },
    { legs: [leg('a', ['group:a']), leg('a-3', ['group:b']), leg('a-2', ['group:c'])] },
  ],
  [
    'a set and a part of it stay separate',
    { legs: [leg('a', ['owner', 'group:a'])] },
    { legs: [leg('b', ['group:a'])] },
    { legs: [leg('a', ['owner', 'group:a']), leg('b', ['group:a'])] },
  ],
  [
    'only ways that all take count',
    { via: ['card', 'thread', 'api'] },
    { via: ['card', 'api'] },
    { via: ['card', 'api'] },
  ],
  ['the card always counts', { via: ['card', 'thread'] }, { via: ['card', 'api'] }, { via: ['card'] }],
  [
    'the earlier expiry counts',
    { expiresInSeconds: 60 },
    { expiresInSeconds: 120 },
    { expiresInSeconds: 60 },
  ],
  [
    'the shorter grant counts',
    { grant: { withinSeconds: 900, ttlSeconds: 60, uses: 1 } },
    { grant: { withinSeconds: 900, ttlSeconds: 30, uses: 1 } },
    { grant: { withinSeconds: 900, ttlSeconds: 30, uses: 1 } },
  ],
  [
    'the fewer uses count',
    { grant: { withinSeconds: 900, ttlSeconds: 60, uses: 3 } },
    { grant: { withinSeconds: 900, ttlSeconds: 60, uses: 2 } },
    { grant: { withinSeconds: 900, ttlSeconds: 60, uses: 2 } },
  ],
  ['the fewer denials count', { denyCount: 3 }, { denyCount: 2 }, { denyCount: 2 }],
  [
    'channels are united',
    { channels: ['slack:C2'] },
    { channels: ['slack:C1', 'slack:C2'] },
    { channels: ['slack:C1', 'slack:C2'] },
  ],
  [
    'reminders are united, in order',
    { remindAfterSeconds: [60, 20] },
    { remindAfterSeconds: [40, 20] },
    { remindAfterSeconds: [20, 40, 60] },
  ],
  [
    'reminders at or after the joined expiry are dropped',
    { remindAfterSeconds: [30, 60, 90], expiresInSeconds: 120 },
    { expiresInSeconds: 60 },
    { remindAfterSeconds: [30], expiresInSeconds: 60 },
  ],
]

describe('joining two demands', () => {
  test.each(rows)('%s', (_what, left, right, expected) => {
    expect(joined(left, right)).toMatchObject(expected)
    expect(joined(right, left)).toEqual(joined(left, right))
  })

  test('joining a demand with itself changes nothing', () => {
    expect(joined({}, {})).toEqual(demand())
  })
})

describe('the floor', () => {
  const floor: Floor = { ...noFloor, maxExpiresInSeconds: 600, maxGrantTtlSeconds: 60 }

  test('shortens what is longer, and the reminders with it', () => {
    expect(join([demand({ remindAfterSeconds: [300, 600] })], floor)).toMatchObject({
      expiresInSeconds: 600,
      grant: { withinSeconds: 900, ttlSeconds: 60, uses: 1 },
      remindAfterSeconds: [300],
    })
  })

  test('never lengthens', () => {
    expect(
      join([demand({ expiresInSeconds: 5, grant: { withinSeconds: 900, ttlSeconds: 5, uses: 1 } })], floor),
    ).toMatchObject({
      expiresInSeconds: 5,
      grant: { withinSeconds: 900, ttlSeconds: 5, uses: 1 },
    })
  })
})

test('six legs and ten people can be asked, one more cannot', () => {
  const legs = (count: number, seats: number) =>
    demand({ legs: Array.from({ length: count }, (_, n) => leg(`l${n}`, [`group:${n}`], seats)) })

  expect(overLimits(legs(6, 1))).toBeNull()
  expect(overLimits(legs(5, 2))).toBeNull()
  expect(overLimits(legs(7, 1))).toContain('7 legs')
  expect(overLimits(legs(1, 11))).toContain('11 people')
})
