import { expect, test } from 'vitest'
import type { Ask } from '../../../src/policy/ask.ts'
import { Alike } from '../../../src/policyTools/simulation/alike.ts'
import { changed, example, exportOf } from './exampleChanges.ts'

/** How often something is judged. */
function judgedFor(asks: readonly Ask[], bundle = example): number {
  const alike = new Alike<string>([bundle])
  let judged = 0
  for (const ask of asks) {
    alike.of(ask, () => {
      judged += 1
      return 'x'
    })
  }
  return judged
}

const one = exportOf(10, ['id'])

test('the same, asked at another time for another reason, is judged once', () => {
  const later: Ask = {
    ...one,
    at: '2026-11-25T10:00:00Z',
    request: { reason: 'another', source: 'api' },
  }

  expect(judgedFor([one, one, later])).toBe(1)
})

test('control: what a rule could tell apart is judged anew', () => {
  const other = (change: Partial<Ask['action']>): Ask => ({ ...one, action: { ...one.action, ...change } })

  expect(judgedFor([one, exportOf(11, ['id'])])).toBe(2)
  expect(judgedFor([one, other({ environment: 'staging' })])).toBe(2)
  expect(judgedFor([one, other({ resource: { type: 'table', id: 'another' } })])).toBe(2)
  expect(judgedFor([one, { ...one, agent: { ...one.agent, name: 'another' } }])).toBe(2)
  expect(judgedFor([one, { ...one, read: { sql: { understood: false, why: 'x' } } }])).toBe(2)
})

test('control: where a rule about the action reads the time, when it was asked makes a difference', () => {
  const atNight = changed('when: params.rows > 1000', 'when: params.rows > 1000 && time.hour >= 8')
  const later: Ask = { ...one, at: '2026-11-25T10:00:00Z' }

  expect(judgedFor([one, later], atNight)).toBe(2)
})
