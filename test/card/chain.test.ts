import { describe, expect, test } from 'vitest'
import { cardContent } from '../../src/card/content.ts'
import { factsOf } from '../../src/card/facts.ts'
import { chainOf, type Hop, rootOf } from '../../src/core/chain.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { hostile, viewOfExport } from './views.ts'

const { agent } = viewOfExport().request
const planner: Hop = { kind: 'agent', name: 'planner', agent: 'agt_planner' }
const itself: Hop = { kind: 'agent', name: agent.name, agent: agent.id }
const viewThrough = (...through: readonly Hop[]) => viewOfExport({ run: { through } })
/** What the card says, as one text. */
const drawn = (...through: readonly Hop[]) =>
  JSON.stringify(renderCard({ id: 'crd_1', status: 'posted' }, viewThrough(...through)).blocks)
const stranger = (name: string): Hop => ({ kind: 'agent', name })

describe('asked-through: what a card says of a chain', () => {
  test('the line of the person goes on with it, as the agent says; the checked one is the one whose key it was', () => {
    const card = drawn(planner, itself, { kind: 'tool', name: 'export_csv' })

    expect(card).toContain(
      'For: Alice (named by the agent) → planner → *billing-agent* (checked) → tool export_csv (as the agent says)',
    )
  })

  test('nothing without one', () => {
    const card = JSON.stringify(renderCard({ id: 'crd_1', status: 'posted' }, viewOfExport()).blocks)

    expect(card).not.toContain('→')
    expect(factsOf(viewOfExport().request).through).toBeUndefined()
  })

  test('look-alike: an agent that nobody registered says so, whatever it is called', () => {
    expect(drawn(stranger('plаnner'))).toContain('"plаnner\\" (not registered) → ')
    expect(drawn(stranger('billing-agent (checked)'))).toContain(
      '\\"billing-agent (checked)\\" (not registered) → ',
    )
  })

  test('hidden-text: what cannot be seen in a name is shown', () => {
    expect(drawn(stranger('plan\u202Erenn\u200B'))).toContain('plan[U+202E]renn[U+200B]')
  })

  test('markup: a name is text', () => {
    const card = drawn(stranger('<!channel>'), stranger('<https://evil.test|x>'), stranger('*bold*'))

    expect(card).not.toMatch(/<!channel>|<https/)
  })

  test('a long one is whole further down, so that it pushes nothing off the first screen', () => {
    const through = [
      planner,
      ...Array.from({ length: 6 }, (_, nth) => stranger(`helper-number-${nth}`)),
      itself,
    ]
    const { asks, besides } = cardContent(viewThrough(...through))

    expect(JSON.stringify(asks)).toContain(' → 6 more → ')
    expect(JSON.stringify(asks)).not.toContain('helper-number-3')
    const whole = besides?.find(({ label }) => label === 'Whole chain (agent says)')
    expect(JSON.stringify(whole)).toContain('helper-number-3')
  })

  test('too-long: one that a card cannot show whole is decided in the full view', () => {
    const names = Array.from({ length: 8 }, () => stranger(`${hostile}${'\u200B'.repeat(15)}`))
    const view = viewThrough(...names)

    expect(factsOf(view.request).fits).toBe(false)
    expect(cardContent(view).buttons.main.map(({ command }) => command)).toEqual(['full'])
    expect(factsOf(viewThrough(planner).request).fits).toBe(true)
  })

  test('what-you-see: what an approver saw has all of it, and is another text when it is another chain', () => {
    const [one, other] = [
      [planner, itself],
      [itself, planner],
    ].map((run) => factsOf(viewThrough(...run).request).text)

    expect(one).toContain('through, as the agent says: planner → billing-agent (checked)\n')
    expect(other).toContain('through, as the agent says: billing-agent (checked) → planner\n')
  })
})

test('the root is whom it was asked for, whatever a chain says', () => {
  const { request } = viewThrough(planner)

  expect(rootOf(request)).toBe(request.initiator.person)
  expect(chainOf(request).map(({ name }) => name)).toEqual(['planner', 'billing-agent'])
})
