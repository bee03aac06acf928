import type { RequestView, StandIn } from '../../src/card/view.ts'
import { personOfToday } from '../support/people.ts'
import { at, decided, entry, exportWith, group } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile } from './views.ts'

const omar = { ref: 'user:omar', kind: 'account' as const, address: 'slack:U0OMAR' }
const legs = [
  { name: 'data', from: [omar, group('S0DATA')], count: 1 },
  { name: 'security', from: [group('S0SECURITY')], count: 1 },
]
const standIn = (leg: string): StandIn => ({
  leg,
  address: omar.address,
  away: personOfToday('per_omar'),
  delegate: personOfToday('per_ann'),
  until: '2026-11-27T17:00:00.000Z',
})
const named: RequestView['people'] = new Map([
  [personOfToday('per_omar'), { account: 'slack:T0ACME:U0OMAR', name: `Omar ${hostile}` }],
  [personOfToday('per_ann'), { account: 'slack:T0ACME:U0ANN', name: 'Ann' }],
])

function away(
  change: Parameters<typeof exportWith>[0],
  standIns: readonly StandIn[],
  people: RequestView['people'] = named,
): Situation['view'] {
  const view = exportWith(change)
  return { ...view, standIns, people: new Map([...view.people, ...people]) }
}

/** Somebody whom the policy names is away, and another is told in their place. */
export const awaySituations: Readonly<Record<string, Situation>> = {
  away: { view: away({ demands: { legs } }, [standIn('data')]) },
  'away-brought-in': {
    view: away(
      {
        demands: { legs: legs.map((leg) => ({ ...leg, from: leg.from.slice(-1) })) },
        escalations: [
          { at, by: 'per_bob', reason: 'The board meets at four.', to: omar, legs: ['data', 'security'] },
        ],
      },
      [standIn('data')],
      new Map([...named].map(([id, one]) => [id, { ...one, name: one.name.slice(0, 4) }])),
    ),
    entries: [entry('request.escalated', { data: { nth: 0 } })],
  },
  'away-decided': {
    view: away(
      {
        demands: { legs },
        decisions: [{ ...decisionOf('bob', 'approve'), inPlaceOf: ['per_omar'] }],
        filled: [['data', ['per_bob']]],
      },
      [],
    ),
    entries: [decided],
  },
}
