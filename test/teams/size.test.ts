import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/card/facts.ts'
import type { RequestView } from '../../src/card/view.ts'
import { renderCard } from '../../src/teams/card/card.ts'
import { tellingOf } from '../../src/teams/card/message.ts'
import { bytesOf } from '../../src/teams/card/size.ts'
import { exportWith } from '../card/situationParts.ts'
import { hostile } from '../card/views.ts'
import { inTeams } from './inTeams.ts'
import { alikeView, togetherView } from './sets.ts'
import { piecesIn, wrongIn } from './wrongIn.ts'

const card = { id: 'crd_01kb0000000000000000000000', status: 'posted' } as const
/** Of one letter in UTF-8: one byte, three, four, and of JSON's and ours six and more. */
const letters = {
  Latin: 'x',
  Chinese: '漢',
  emoji: '😀',
  quotes: '"',
  braces: '{{x',
  hidden: '\u202e',
  hostile,
}

/** As much of everything as a card takes. */
function largest(letter: string): Parameters<typeof exportWith>[0] {
  const name = letter.repeat(200)
  return {
    reason: letter.repeat(3_000),
    agent: { id: 'agt_1', name, owner: 'per_lee', key: 'key_1' },
    action: {
      action: letter.repeat(60).slice(0, 128),
      resource: { type: 'table', id: letter.repeat(140) },
      params: {},
      environment: letter.repeat(90),
    },
    judged: {
      rules: [name, name, name],
      why: [1, 2, 3].map((nth) => ({ rule: `${nth}`, says: letter.repeat(300) })),
      message: letter.repeat(500),
    },
    notes: Array.from({ length: 6 }, (_, nth) => ({
      id: `note_${nth}`,
      kind: 'question' as const,
      by: 'per_bob',
      account: 'slack:T0ACME:U0BOB',
      text: letter.repeat(900),
      at: '2026-11-24T14:09:00.000Z',
    })),
  } as Parameters<typeof exportWith>[0] // notes are looked at by their text
}

const opens = (message: ReturnType<typeof renderCard>) =>
  piecesIn(message.card).flatMap(({ type, actions }) =>
    type === 'ActionSet' && Array.isArray(actions) ? actions.map(({ data }) => String(data.open)) : [],
  )

/** Either all of the action and what decides it, or nothing of it and the way to all of it. */
function whole(view: RequestView, first: string): boolean {
  const message = renderCard(card, view)
  expect(wrongIn(message)).toEqual([])
  const decides = opens(message).includes('approve_form')
  const laidOut = piecesIn(message.card).some(({ fontType }) => fontType === 'Monospace')
  expect(laidOut).toBe(decides)
  expect(JSON.stringify(message.card).includes('Not shown here.')).toBe(!decides)
  expect(opens(message)).toContain('full')
  expect(JSON.stringify(message.card)).toContain(first)
  return decides
}

describe.each(Object.entries(letters))('of %s', (_, letter) => {
  test.each([0, 10, 100, 400, 800])(
    'a card has room for all of an action, or shows nothing of it: %i letters',
    (length) => {
      const view = inTeams(exportWith({ ...largest(letter), params: { sql: letter.repeat(length), b: 1 } }))
      whole(view, 'Approval needed')
    },
  )

  test.each([1, 5, 20])('so has one of %i lines', (count) => {
    for (const length of [0, 200]) {
      const lines = Array.from({ length: count }, (_, nth) => ({ sql: letter.repeat(length), nth }))
      whole(togetherView(lines, largest(letter)), `${count} actions`)
    }
  })

  test.each([2, 20])('so has one on which %i stand alike', (count) => {
    for (const length of [0, 200])
      whole(alikeView(count, { sql: letter.repeat(length) }, largest(letter)), `${count} times`)
  })

  test('of what is told so much is sent as fits, and that there is more', () => {
    const passages = Array.from({ length: 60 }, () => ({ quote: letter.repeat(600) }))
    const message = tellingOf({ summary: 'x', title: 'News', passages })

    expect(wrongIn(message)).toEqual([])
    expect(JSON.stringify(message.card)).toMatch(/more than one message holds/)
  })
})

test('an honest action is shown whole where it fits any card: fifty lines, and text in any alphabet', () => {
  const lines = Array.from({ length: 49 }, (_, nth) => [`p${nth}`, nth] as const)
  expect(whole(inTeams(exportWith({ params: Object.fromEntries(lines) })), 'p48: 48')).toBe(true)
  for (const letter of ['x', '漢', 'й'])
    for (const length of [100, 500, 900, 1_200]) {
      const view = inTeams(exportWith({ params: { text: `${letter} `.repeat(length) } }))
      expect(whole(view, 'Approval needed')).toBe(factsOf(view.request).fits)
    }
  expect(whole(togetherView(lines.slice(0, 20).map(([key, value]) => ({ [key]: value }))), 'p19: 19')).toBe(
    true,
  )
})

test('a card is measured in bytes', () => {
  const one = tellingOf({ summary: 'x', passages: [{ quote: '漢' }] })
  const other = tellingOf({ summary: 'x', passages: [{ quote: 'x' }] })

  expect(bytesOf(one) - bytesOf(other)).toBe(2)
})
