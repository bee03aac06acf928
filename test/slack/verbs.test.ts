import { expect, test } from 'vitest'
import type { Verb } from '../../src/approvals/personCommand.ts'
import { channelVerbs, verbs, windowOf } from '../../src/channels/verbs.ts'
import type { BrokenGlass } from '../../src/core/request.ts'
import type { BreakGlass } from '../../src/core/requirement.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'
import { fullModal } from './readingModals.ts'

const origin = { request: 'req_01kb', card: 'crd_01kb', page: 0, from: 'card' as const }
const security = { ref: 'group:security', kind: 'group', address: 'slack:S0SEC' } as const
const path: BreakGlass = {
  who: [security],
  reason: { minLength: 10, patterns: [] },
  stepUp: false,
  grant: { withinSeconds: 900, ttlSeconds: 300, uses: 1 },
  notify: [],
  reviewWithinSeconds: 3_600,
}
const glass: BrokenGlass = {
  person: 'per_bob',
  account: 'slack:T0ACME:U0BOB',
  reason: 'INC-42 again',
  at: '2026-11-24T14:09:00.000Z',
  via: 'slack',
  reviewBy: '2026-11-24T15:09:00.000Z',
  review: null,
}
const { requirement, verdict } = viewOfExport().request
if (!requirement) throw new Error('a requirement is expected')
const escalate = [{ afterSeconds: 600, to: security, legs: ['data'] }]

/** Requests with which everything can be done that anybody can do. */
const requests = [
  viewOfExport({
    requirement: { ...requirement, confirm: ['users'], escalate, breakGlass: path },
    verdict: { ...verdict, facts: { ...verdict.facts, narrowable: { rows: { min: 1 } } } },
    decisions: [decisionOf('bob', 'approve')],
  }),
  viewOfExport({ requirement: { ...requirement, breakGlass: path }, state: 'approved', brokenGlass: glass }),
]

/** Ids of what can be pressed in these blocks, and of what can be chosen from their menus. */
function pressable(blocks: readonly object[]): readonly string[] {
  const text = JSON.stringify(blocks)
  const ids = [...text.matchAll(/"action_id":"(\w+)"/g), ...text.matchAll(/"value":"(\w+)\|req_/g)]
  return ids.map(([, id = '']) => id)
}

const onCards = requests.flatMap((view) =>
  pressable(renderCard({ id: 'crd_01kb', status: 'posted' }, view).blocks),
)
const onFullViews = requests.flatMap((view) => pressable(fullModal(view, origin).blocks))

/** What is begun from a message of its own, to the one who is asked. */
const elsewhere: readonly Verb[] = ['answer_question']

test.each(verbs.filter((verb) => !elsewhere.includes(verb)))(
  '%s can be begun from a card and from the last page of the full view',
  (verb) => {
    expect(onCards).toContain(channelVerbs[verb].window)
    expect(onFullViews).toContain(`${channelVerbs[verb].window}_in_view`)
  },
)

test('control: a window that no button opens is found missing', () => {
  expect(onCards).not.toContain('no_such_verb')
  expect(onFullViews).not.toContain('no_such_verb_in_view')
})

test('each verb has a window of its own, apart from those that only show something', () => {
  const names = verbs.map((verb) => channelVerbs[verb].window)

  expect(new Set([...names, 'approve', 'full', 'why', 'who', 'note', 'more']).size).toBe(names.length + 6)
  for (const [index, verb] of verbs.entries())
    for (const view of requests) expect(windowOf(verb, view, origin)).toMatchObject({ window: names[index] })
})
