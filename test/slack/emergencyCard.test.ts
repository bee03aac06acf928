import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verbs, windowOf } from '../../src/channels/verbs.ts'
import { states } from '../../src/core/lifecycle.ts'
import type { ActionRequest, BrokenGlass } from '../../src/core/request.ts'
import type { BreakGlass } from '../../src/core/requirement.ts'
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts'
import { alarmOf } from '../../src/slack/card/alarm.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { classicCard } from '../../src/slack/card/classic.ts'
import { formModal } from '../../src/slack/windows/form.ts'
import { listBlocks } from '../../src/slack/windows/lists.ts'
import { hostile, viewOfExport } from '../card/views.ts'
import { cases } from '../support/cases.ts'
import { fullModal, whoModal, whyModal } from './readingModals.ts'

const card = { id: 'crd_01kb', status: 'posted' as const }
const old = { recentBlocks: false }
const origin = { request: 'req_01kb', card: 'crd_01kb', page: 0, from: 'card' as const }
const group = (id: string) => ({
  ref: `group:${id.toLowerCase()}`,
  kind: 'group' as const,
  address: `slack:${id}`,
})

const path: BreakGlass = {
  who: [group('S0INCIDENT')],
  reason: { minLength: 30, patterns: ['^INC-[0-9]+', 'again'] },
  stepUp: false,
  grant: { withinSeconds: 900, ttlSeconds: 300, uses: 1 },
  notify: ['slack:C0SECURITY'],
  reviewWithinSeconds: 5_400,
}

const glass: BrokenGlass = {
  person: 'per_bob',
  account: 'slack:T0ACME:U0BOB',
  reason: 'INC-42 again',
  at: '2026-11-24T14:09:00.000Z',
  via: 'slack',
  reviewBy: '2026-11-25T14:09:00.000Z',
  review: null,
}

/** The export with the demands of policy in it. */
function view(
  change: Partial<ActionRequest> & { demands?: Partial<NonNullable<ActionRequest['requirement']>> } = {},
) {
  const { demands = {}, ...rest } = change
  const { requirement } = viewOfExport().request
  if (!requirement) throw new Error('a requirement is expected')
  return viewOfExport({ requirement: { ...requirement, ...demands }, ...rest })
}

const verdictWith = (change: Partial<ActionRequest['verdict']>) => ({
  ...viewOfExport().request.verdict,
  ...change,
})
const textOf = (message: { blocks: readonly object[] }) => JSON.stringify(message.blocks)

describe('what policy could not evaluate', () => {
  const error = 'Rule data.export.pii could not be evaluated and was treated as matching: no such key'

  test('is said on the card and in the reasons, and rules that only watch in the reasons', () => {
    const shown = view({ verdict: verdictWith({ errors: [error], observed: ['new.rule'] }) })

    expect(textOf(renderCard(card, shown))).toContain(error)
    expect(textOf(whyModal(shown, origin))).toContain(error)
    expect(textOf(whyModal(shown, origin))).toContain('Only observing, without effect: new.rule')
    expect(textOf(renderCard(card, shown))).not.toContain('new.rule')
  })

  test('stands where Slack parses nothing, and does not push the buttons away', () => {
    const message = renderCard(
      card,
      view({ verdict: verdictWith({ errors: Array(40).fill(hostile.repeat(20)) }) }),
    )

    expect(checkMessageBlocks(message.blocks, old)).toEqual([])
    expect(textOf(message)).not.toMatch(/"mrkdwn","text":"[^"]*APPROVED/)
    expect(textOf(message)).toContain('and 37 more')
    expect(textOf(message)).toContain('"action_id":"approve"')
  })
})

test('a denial that can be lifted has one button, and its full view the same one', () => {
  const denied = view({
    verdict: verdictWith({ kind: 'deny', message: 'Not in November.', breakGlass: path }),
    demands: { legs: [], breakGlass: path },
  })

  const message = renderCard(card, denied)

  expect(message.text).toContain('Denied by policy: db.export')
  expect([...textOf(message).matchAll(/"action_id":"(\w+)"/g)].map((match) => match[1])).toEqual([
    'break_glass',
    'more',
  ])
  expect(textOf(fullModal(denied, origin))).toMatch(/"action_id":"break_glass_in_view"/)
  expect(textOf(fullModal(denied, origin))).not.toMatch(/"action_id":"(approve|deny)/)
  expect(textOf(whoModal(denied, origin))).toContain('nobody is asked to agree')
})

test('a glass broken after somebody agreed names who broke it, not who agreed', () => {
  const message = renderCard(
    card,
    view({
      state: 'approved',
      settledAt: glass.at,
      brokenGlass: { ...glass, person: 'per_sam' },
      demands: { breakGlass: path },
    }),
  )

  expect(textOf(message)).toContain('*Approved by breaking the glass*: <@U0SAM> alone')
  expect(textOf(message)).not.toContain('*Approved* by')
})

describe('whatever people wrote', () => {
  const shapes = (text: string) => {
    const review = { person: 'per_sam', account: 'slack:T0ACME:U0SAM', note: text, at: glass.at }
    const demands = {
      reason: { minLength: 5_000, patterns: [text] },
      confirm: [text, 'second', `${text}\n`],
      breakGlass: path,
      escalate: [{ afterSeconds: 60, to: group('S0DATA'), legs: [text, 'security'] }],
    }
    const verdict = verdictWith({ message: text, errors: [text], observed: [text] })
    const took = { at: glass.at, by: 'per_bob', reason: text, to: group('S0DATA'), legs: ['security'] }
    return [
      view({ demands, verdict }),
      view({ demands, escalations: [took, { ...took, by: 'deadline', reason: null }] }),
      view({ demands: { ...demands, legs: [] }, verdict: { ...verdict, kind: 'deny', breakGlass: path } }),
      ...states
        .filter((state) => state !== 'pending')
        .flatMap((state) => [
          view({ state, settledAt: glass.at, demands, brokenGlass: { ...glass, reason: text } }),
          view({ state, settledAt: glass.at, demands, brokenGlass: { ...glass, reason: text, review } }),
        ]),
    ]
  }

  test('no card, window or alarm breaks', () => {
    const words = fc.string({ unit: 'binary', maxLength: 1_000 }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(words, (text) => {
        for (const one of shapes(text)) {
          const message = renderCard(card, one)
          expect(checkMessageBlocks(message.blocks, old)).toEqual([])
          const classic = classicCard(message)
          if (classic) expect(checkMessageBlocks(classic.blocks, old)).toEqual([])
          const shown = [fullModal, whyModal, whoModal].map((make) => make(one, origin))
          const written = verbs.map((verb) => formModal(windowOf(verb, one, origin)))
          for (const window of [...written, ...shown]) expect(checkView(window, old)).toEqual([])
          for (const why of ['broken', 'overdue'] as const) {
            const alarm = alarmOf(one, { why })
            if (alarm) expect(checkMessageBlocks(alarm.blocks, old)).toEqual([])
          }
        }
      }),
      { numRuns: cases(25) },
    )
  })

  test('nothing of it is parsed by Slack', () => {
    for (const one of shapes(hostile)) {
      const blocks = [
        ...renderCard(card, one).blocks,
        ...(alarmOf(one, { why: 'broken' })?.blocks ?? []),
        ...verbs.flatMap((verb) => formModal(windowOf(verb, one, origin)).blocks),
        ...fullModal(one, origin).blocks,
      ]
      const parsed = [...JSON.stringify(blocks).matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)]
      for (const [, text] of parsed) expect(text).not.toMatch(/<!channel>|<https:/)
      expect(JSON.stringify(blocks)).not.toContain('\u202e')
    }
  })
})

test('full lists of everything fit in one message', () => {
  const views = Array.from({ length: 100 }, () => viewOfExport({ state: 'approved', brokenGlass: glass }))
  const many = { count: 100, views }

  const blocks = listBlocks({ now: 0, waiting: many, reviews: many, emergencies: many, asked: many })

  expect(checkMessageBlocks(blocks, old)).toEqual([])
})
