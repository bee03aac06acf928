import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Requirement, Source } from '../../src/core/requirement.ts'
import type { Demand, Floor } from '../../src/policy/bundle.ts'
import { join } from '../../src/policy/join.ts'
import { requirementOf } from '../../src/policy/requirement.ts'
import { cases } from '../support/cases.ts'
import { canApprove, letInSooner } from './letIn.ts'

const names = ['group:data', 'group:security', 'user:omar'] as const
const people = new Map<string, Source>(
  names.map((ref) => [ref, { ref, kind: 'group', address: `slack:${ref.slice(ref.indexOf(':') + 1)}` }]),
)
const noFloor: Floor = {
  maxExpiresInSeconds: null,
  maxGrantTtlSeconds: null,
  neverAllowEffects: [],
  separation: [],
}
const leg = (name: string, from: readonly string[], count = 1) => ({ name, from: [...from].sort(), count })
const asking = (change: Partial<Demand>): Demand => ({
  legs: [leg('a', ['group:data'])],
  denyCount: 1,
  expiresInSeconds: 3_600,
  grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
  channels: [],
  remindAfterSeconds: [],
  reason: null,
  confirm: [],
  stepUp: false,
  via: ['card', 'thread'],
  escalate: [],
  ...change,
})
const required = (owner: string | null, first: Demand, ...others: readonly Demand[]): Requirement =>
  requirementOf(
    join([first, ...others], noFloor),
    { people, facts: { resource: { ...(owner && { owner }) } } },
    { confirm: [], breakGlass: null },
  )

const sources = fc.constantFrom(
  ['group:data'],
  ['owner', 'group:data'],
  ['owner'],
  ['group:data', 'group:security'],
)
const demand = fc
  .record({
    legs: fc.array(fc.tuple(sources, fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 2 }),
    escalate: fc.array(fc.record({ afterSeconds: fc.constantFrom(10, 20), to: fc.constantFrom(...names) }), {
      maxLength: 2,
    }),
    expiresInSeconds: fc.constantFrom(15, 3_600),
  })
  .map(({ legs, ...rest }) =>
    asking({ ...rest, legs: legs.map(([from, count], n) => leg(`l${n}`, from, count)) }),
  )

describe('who can approve, tried with every crew at every moment', () => {
  test('joining one more rule that asks lets nobody in who could not be before, or later', () => {
    fc.assert(
      fc.property(
        fc.array(demand, { minLength: 1, maxLength: 2 }),
        demand,
        fc.constantFrom(null, ...names),
        ([first = asking({}), ...others], added, owner) => {
          const before = required(owner, first, ...others)
          const after = required(owner, first, ...others, added)

          expect(letInSooner(after, before)).toEqual([])
        },
      ),
      { numRuns: cases(1_000) },
    )
  })

  test('two legs that lead to the same people, one of which escalates to them, let nobody in sooner', () => {
    // Nobody owns the resource, so the first leg is the same people as the second.
    const alone = asking({ legs: [leg('a', ['owner', 'group:data'])] })
    const beside = asking({
      legs: [leg('b', ['group:data'])],
      escalate: [{ afterSeconds: 10, to: 'group:data' }],
    })
    const both = required(null, alone, beside)

    expect(both.legs.map(({ from }) => from)).toEqual([
      [people.get('group:data')],
      [people.get('group:data')],
    ])
    expect(letInSooner(both, required(null, alone))).toEqual([])
    expect(letInSooner(both, required(null, beside))).toEqual([])
    expect(canApprove(both, { members: { 'slack:data': 2 }, afterSeconds: 0 })).toBe(true)
    expect(canApprove(both, { members: { 'slack:data': 1 }, afterSeconds: 20 })).toBe(false)
  })

  test('control: an escalation into a leg that did not have it lets somebody in', () => {
    const before = required(null, asking({}))
    const after = required(null, asking({ escalate: [{ afterSeconds: 10, to: 'group:security' }] }))

    expect(letInSooner(after, before)).toContainEqual({
      members: { 'slack:data': 0, 'slack:security': 1 },
      afterSeconds: 10,
    })
    expect(letInSooner(before, after)).toEqual([])
  })
})
