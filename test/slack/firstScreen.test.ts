import { describe, expect, test } from 'vitest'
import { renderCard } from '../../src/slack/card/card.ts'
import { situations } from '../card/situations.ts'
import { cardsOf, pairs } from './hasty/pairs.ts'
import { firstScreen } from './phone.ts'

/** Of every kind of card that somebody is asked by. */
const asking = Object.entries(situations).filter(
  ([, { view, status }]) => view.request.state === 'pending' && status !== 'replaced',
)
const screenOf = (view: (typeof situations)[string]['view']) =>
  firstScreen(renderCard({ id: 'crd_01kb', status: 'posted' }, view).blocks)

describe('what it is, what it does, where, who asks, what is needed and why begin on the first screen of a phone', () => {
  test.each(asking)('%s', (_, { view }) => {
    const screen = screenOf(view)
    const { action, environment } = view.request.action

    expect(screen).toMatch(/Approval needed|Denied by policy|On hold|Stopped/)
    expect(screen).toContain(action.slice(0, 30))
    if (/^[a-z]+$/.test(environment)) expect(screen).toContain(`${environment} · `)
    expect(screen).toMatch(/Agent: |Proposed by: /)
    expect(screen).toMatch(/Needs|Can be lifted/)
    expect(screen).toMatch(/Why you are asked:|Why it is denied:|Why: /)
  })

  test('also where three marks say what differs', () => {
    const pair = pairs.find(({ name }) => name === 'one more column')
    if (!pair) throw new Error('there is one')
    const dangerous = { params: { columns: ['id', 'iban'], rows: 90_000, force: true, limit: 7 } }
    const screen = screenOf(cardsOf({ ...pair, dangerous }).dangerous)

    expect(screen).toMatch(/⚠ rows 5,000 → 90,000.*⚠ columns \+ "iban".*⚠ and 1 more/)
    expect(screen).toMatch(/Needs/)
    expect(screen).toMatch(/Why you are asked:/)
  })
})
