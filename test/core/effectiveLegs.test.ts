import { describe, expect, test } from 'vitest'
import { type Escalated, effectiveLegs } from '../../src/core/request.ts'
import type { Source } from '../../src/core/requirement.ts'
import { madeRequest } from '../store/made.ts'

const group = (name: string): Source => ({ ref: `group:${name}`, kind: 'group', address: `slack:S0${name}` })
const escalated = (name: string, legs: readonly string[]): Escalated => ({
  at: '2026-11-24T14:10:00.000Z',
  by: 'deadline',
  reason: null,
  to: group(name),
  legs,
})
const legs = [
  { name: 'one', from: [group('A')], count: 1 },
  { name: 'two', from: [group('A'), group('B')], count: 2 },
]

function widenedBy(escalations: readonly Escalated[]) {
  const { requirement, ...request } = madeRequest()
  if (!requirement) throw new Error('it asks people')
  return effectiveLegs({ ...request, requirement: { ...requirement, legs }, escalations })
}

describe('the legs as they stand', () => {
  test('are those of the requirement as long as nothing was escalated', () => {
    expect(widenedBy([])).toEqual(legs)
  })

  test('gain the people of an escalation where it opens them, and need as many as before', () => {
    expect(widenedBy([escalated('C', ['two'])])).toEqual([
      { name: 'one', from: [group('A')], count: 1 },
      { name: 'two', from: [group('A'), group('B'), group('C')], count: 2 },
    ])
  })

  test('name nobody twice', () => {
    expect(widenedBy([escalated('B', ['one', 'two']), escalated('B', ['one'])])).toEqual([
      { name: 'one', from: [group('A'), group('B')], count: 1 },
      { name: 'two', from: [group('A'), group('B')], count: 2 },
    ])
  })

  test('are not widened by an escalation that only tells', () => {
    expect(widenedBy([escalated('C', [])])).toEqual(legs)
  })

  test('are none where nobody is asked', () => {
    expect(effectiveLegs({ requirement: null, escalations: [] })).toEqual([])
  })
})
