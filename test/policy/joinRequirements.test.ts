import { describe, expect, test } from 'vitest'
import type { Leg, Requirement, Source } from '../../src/core/requirement.ts'
import { joinRequirements } from '../../src/policy/joinRequirements.ts'

const source = (ref: string, address = `slack:${ref}`): Source => ({ ref, kind: 'group', address })
const leg = (name: string, from: readonly Source[], count = 1): Leg => ({ name, from, count })

function requirement(changes: Partial<Requirement> = {}): Requirement {
  return {
    legs: [leg('a', [source('group:a')])],
    denyCount: 1,
    expiresInSeconds: 3_600,
    grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
    notify: { channels: ['slack:C1'], remindAfterSeconds: [] },
    reason: null,
    confirm: [],
    escalate: [],
    stepUp: false,
    breakGlass: null,
    ...changes,
  }
}

const glass = {
  who: [source('group:a')],
  reason: { minLength: 1, patterns: [] },
  stepUp: false,
  grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
  notify: [],
  reviewWithinSeconds: 60,
}
const up = (afterSeconds: number, legs: readonly string[]) => ({ afterSeconds, to: source('group:up'), legs })

const rows: readonly [
  what: string,
  left: Partial<Requirement>,
  right: Partial<Requirement>,
  expected: Partial<Requirement>,
][] = [
  [
    'different sets stay separate, also under one name',
    { legs: [leg('a', [source('group:a')])] },
    { legs: [leg('a', [source('group:b')])] },
    { legs: [leg('a', [source('group:a')]), leg('a-2', [source('group:b')])] },
  ],
  [
    'the same set asks for the larger count',
    { legs: [leg('a', [source('group:a')], 2)] },
    { legs: [leg('x', [source('group:a')], 3)] },
    { legs: [leg('a', [source('group:a')], 3)] },
  ],
  [
    'the owners of two resources are two sets',
    { legs: [leg('owner', [source('owner', 'slack:U1')])] },
    { legs: [leg('owner', [source('owner', 'slack:U2')])] },
    { legs: [leg('owner', [source('owner', 'slack:U1')]), leg('owner-2', [source('owner', 'slack:U2')])] },
  ],
  ['the shorter deadline stands', {}, { expiresInSeconds: 60 }, { expiresInSeconds: 60 }],
  ['fewer denials end it', { denyCount: 3 }, { denyCount: 2 }, { denyCount: 2 }],
  [
    'the shortest times of a grant',
    {},
    { grant: { withinSeconds: 60, ttlSeconds: 300, uses: 1 } },
    { grant: { withinSeconds: 60, ttlSeconds: 180, uses: 1 } },
  ],
  [
    'every conversation is told, and reminded in time',
    { notify: { channels: ['slack:C2'], remindAfterSeconds: [600] }, expiresInSeconds: 700 },
    { notify: { channels: ['slack:C1'], remindAfterSeconds: [60, 900] } },
    { notify: { channels: ['slack:C1', 'slack:C2'], remindAfterSeconds: [60, 600] } },
  ],
  [
    'what either wants to be written is wanted',
    { reason: { minLength: 10, patterns: [] }, confirm: ['users'] },
    { reason: { minLength: 5, patterns: ['X'] }, confirm: ['users', 'other'] },
    { reason: { minLength: 10, patterns: ['X'] }, confirm: ['users', 'other'] },
  ],
  ['only ways that both take count', { via: ['card', 'api'] }, {}, { via: ['card'] }],
  [
    'a way that both take counts',
    { via: ['card', 'api'] },
    { via: ['card', 'thread', 'api'] },
    { via: ['card', 'api'] },
  ],
  ['a proof of presence that either wants', {}, { stepUp: true }, { stepUp: true }],
  ['a glass is broken for one action', { breakGlass: glass }, { breakGlass: glass }, { breakGlass: null }],
  [
    'an escalation of one does not widen what the other asks of the same people',
    { escalate: [up(600, ['a'])] },
    {},
    { escalate: [up(600, [])] },
  ],
  [
    'what both escalate is open at the later of their times',
    { escalate: [up(600, ['a'])] },
    { escalate: [up(900, ['a'])] },
    { escalate: [up(600, []), up(900, ['a'])] },
  ],
]

describe('what is asked about an action and its rollback together', () => {
  test.each(rows)('%s', (_, left, right, expected) => {
    expect(joinRequirements(requirement(left), requirement(right))).toMatchObject(expected)
  })

  test('is the same as of one, where both ask the same', () => {
    expect(joinRequirements(requirement(), requirement())).toEqual(requirement())
  })
})
