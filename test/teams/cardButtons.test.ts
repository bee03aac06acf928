import { expect, test } from 'vitest'
import { cardButtons } from '../../src/card/buttons.ts'
import { factsOf } from '../../src/card/facts.ts'
import { actionSet, buttonsOf, dialog } from '../../src/teams/card/buttons.ts'
import { renderCard } from '../../src/teams/card/card.ts'
import { situations } from '../card/situations.ts'
import { inTeams } from './inTeams.ts'
import { piecesIn, wrongIn } from './wrongIn.ts'

test('more buttons than Teams draws beside each other are in the menu, and none is left out', () => {
  const { actions } = actionSet(Array.from({ length: 9 }, (_, nth) => dialog(`${nth}`, 'full', 'x')))

  expect(actions.map(({ title }) => title)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8'])
  expect(actions.filter(({ mode }) => mode === 'secondary').map(({ title }) => title)).toEqual([
    '6',
    '7',
    '8',
  ])
})

test('every button of a card opens a window: nothing on it decides by one press', () => {
  for (const [name, { view, status = 'posted' }] of Object.entries(situations)) {
    const message = renderCard({ id: 'crd_01kb', status }, inTeams(view))
    const actions = piecesIn(message.card.body).filter(({ type }) => String(type).startsWith('Action.'))

    expect(
      actions.filter(({ type }) => type !== 'Action.Submit'),
      name,
    ).toEqual([])
    for (const { data } of actions)
      expect(data, name).toMatchObject({ msteams: { type: 'task/fetch' }, open: expect.any(String) })
  }
})

test('a card has the buttons that its content has, and an approval is a window without being asked for in writing', () => {
  const { view } = situations.pending ?? { view: null }
  if (!view) throw new Error('there is such a situation')
  const buttons = cardButtons(view.request, factsOf(view.request))
  const [set] = buttonsOf('crd_01kb', view.request, buttons)

  expect(set?.actions.map(({ title }) => title)).toEqual(
    [...buttons.main, ...buttons.menu].map(({ label }) => label),
  )
  expect(set?.actions[0]).toMatchObject({ title: 'Approve', data: { open: 'approve_form' } })
})

test('a card asks to be refreshed while it can be decided, and only then', () => {
  const refreshes = (name: string) => {
    const { view } = situations[name] ?? { view: null }
    const message = view && renderCard({ id: 'crd_01kb', status: 'posted' }, inTeams(view))
    expect(message && wrongIn(message)).toEqual([])
    return message?.card.refresh?.action.verb ?? null
  }

  expect(refreshes('pending')).toBe('refresh')
  expect(refreshes('denied')).toBeNull()
})
