import { describe, expect, test } from 'vitest'
import type { Decision } from '../../src/core/request.ts'
import { endingOf, standing, standingApprovals } from '../../src/core/standing.ts'
import { decisionOf } from '../card/views.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { requestOfToday } from '../support/people.ts'

const at = '2026-11-24T14:10:00.000Z'
const bob: Decision = decisionOf('bob', 'approve')
const lapsed: Decision = { ...bob, ended: { how: 'lapsed', why: { cause: 'left' }, at } }
const withdrawn: Decision = { ...bob, ended: { how: 'withdrawn', reason: null, at } }
const asLee: Decision = { ...bob, person: 'per_lee' }

const of = (state: 'pending' | 'approved', ...decisions: readonly Decision[]) =>
  requestOfToday(exportRequest({ state, decisions }))

describe('the approvals that count', () => {
  test.each([
    ['one as the version before wrote it, which says nothing of an end', [bob], 1],
    ['not one that lapsed', [lapsed], 0],
    ['not one that was taken back', [withdrawn], 0],
    ['the new one of somebody whose first one ended', [lapsed, bob], 1],
    ['not one of somebody who turned out to be behind the action', [asLee], 0],
  ])('%s', (_, decisions, count) => {
    const request = of('pending', ...decisions)

    expect(standingApprovals(request)).toHaveLength(count)
    expect(standing(request)?.filled.get('data')).toHaveLength(count)
  })

  test('once it is released they stay as they were counted, whoever is joined later', () => {
    expect(standingApprovals(of('approved', asLee))).toHaveLength(1)
  })
})

test('a denial never ends by itself: whoever gave it may have left since', () => {
  const request = of('pending', { ...asLee, kind: 'deny' })
  const [denial] = request.decisions
  if (!denial) throw new Error('there is one')

  expect(endingOf(request, denial)).toBeNull()
})
