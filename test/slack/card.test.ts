import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verbs, windowOf } from '../../src/channels/verbs.ts'
import type { State } from '../../src/core/lifecycle.ts'
import { states } from '../../src/core/lifecycle.ts'
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { classicCard, textCard } from '../../src/slack/card/classic.ts'
import { reminderOf } from '../../src/slack/card/timeline.ts'
import { formModal } from '../../src/slack/windows/form.ts'
import { decisionOf, hostile, viewOfExport } from '../card/views.ts'
import { cases } from '../support/cases.ts'
import { fullModal, whoModal, whyModal } from './readingModals.ts'

const card = { id: 'crd_01kb', status: 'posted' as const }
const old = { recentBlocks: false }
const origin = { request: 'req_01kb', card: 'crd_01kb', page: 0, from: 'card' as const }

/** Everything a card says, one line for each block, in its order. */
function lines(message: { blocks: readonly object[] }): string[] {
  return message.blocks.map((block) => {
    const texts = [...JSON.stringify(block).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map((match) =>
      JSON.parse(`"${match[1]}"`),
    )
    return texts.join(' | ')
  })
}

test('a pending card says what matters first', () => {
  const message = renderCard(card, viewOfExport())

  expect(checkMessageBlocks(message.blocks, old)).toEqual([])
  expect(lines(message)).toEqual([
    'Approval needed: db.export',
    'Reads',
    'production · table warehouse.users | Agent: billing-agent · For: Alice (named by the agent)',
    '*Needs*   ○ 1 of <!subteam^S0DATA> or <@U0OMAR>   ○ 1 of <!subteam^S0SECURITY>',
    '*Why you are asked:* Any personal column, or 100k rows or more, also needs Security.',
    'expires <!date^1795532580^{date_short_pretty} at {time}|2026-11-24 15:03 UTC>',
    'columns: ["id", "email"]\nrows: 250000\ntable: "users"',
    'Agent says (not checked):',
    'Quarterly churn analysis for the board deck',
    'Approve | Approve this action? | db.export on table warehouse.users in production\nExactly as shown. | Approve | Not yet | Deny | Ask for changes… | Full request | Why am I asked? | Who can decide? | Ask a question… | History',
    'Cannot decide: Alice, Lee <!here>',
    'When all agree, it may do exactly this, once.',
    'Agent says it is: claude-opus-5 | Owner: Lee <!here>',
    expect.stringMatching(/^req_01kb0{22} · sha256 [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$/),
  ])
  expect(message.text).toBe(
    'Approval needed: db.export on table warehouse.users in production (asked by the agent billing-agent, req_01kb0000000000000000000000)',
  )
})

test('somebody who decided is shown in their seat, and the open seat stays open', () => {
  const view = viewOfExport({ decisions: [decisionOf('bob', 'approve')], filled: [['data', ['per_bob']]] })

  expect(lines(renderCard(card, view)).find((line) => line.startsWith('*Needs*'))).toBe(
    '*Needs*   ● <@U0BOB> for data (S0DATA or owner), <!date^1795529340^{time}|14:09 UTC>   ○ 1 of <!subteam^S0SECURITY>',
  )
})

describe('a settled card', () => {
  const settledAt = '2026-11-24T14:10:00.000Z'

  test.each(states.filter((state) => state !== 'pending'))(
    '%s cannot be decided any more, and is valid',
    (state: State) => {
      const message = renderCard(
        card,
        viewOfExport({
          state,
          settledAt,
          decisions: [decisionOf('bob', state === 'denied' ? 'deny' : 'approve', 'No.')],
        }),
      )

      expect(checkMessageBlocks(message.blocks, old)).toEqual([])
      const buttons = JSON.stringify(message.blocks).match(/"action_id":"[a-z_]+"/g) ?? []
      // An approval can be taken back until it is used.
      expect(buttons).toEqual(state === 'approved' ? ['"action_id":"withdraw"', '"action_id":"more"'] : [])
      expect(JSON.stringify(message.blocks)).not.toContain('Why you are asked')
    },
  )

  test('says by whom, when, and with which words it was denied', () => {
    const message = renderCard(
      card,
      viewOfExport({ state: 'denied', settledAt, decisions: [decisionOf('bob', 'deny', `No. ${hostile}`)] }),
    )

    expect(lines(message)[0]).toBe('Denied: db.export')
    expect(lines(message)[3]).toContain('*Denied* by <@U0BOB>, <!date^')
    expect(lines(message)[4]).toContain('No. *APPROVED* <!channel>')
    expect(message.blocks[4]).toMatchObject({ type: 'rich_text' })
    expect(lines(message)[5]).toBe('Countersign released nothing: the agent was not told to go ahead.')
    expect(lines(message).join('\n')).toContain('*Were asked*   ○ 1 of S0DATA or owner had not agreed')
  })

  test('that expired names nobody', () => {
    const message = renderCard(
      card,
      viewOfExport({ state: 'expired', settledAt, decisions: [decisionOf('bob', 'approve')] }),
    )

    expect(lines(message)[3]).toMatch(/^\*Expired\*, <!date/)
  })
})

test('a replaced card shows nothing that could be decided', () => {
  const message = renderCard({ ...card, status: 'replaced' }, viewOfExport())

  expect(checkMessageBlocks(message.blocks, old)).toEqual([])
  expect(lines(message)).toEqual([
    'This card was replaced by a newer one for the same request (req_01kb0000000000000000000000).',
  ])
})

describe('an action that does not fit', () => {
  const tooLong = [
    ['long parameters', { params: { query: 'x'.repeat(2_501) } }],
    ['many lines', { params: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i])) }],
    ['parameters that grow when revealed', { params: { query: '\u200b'.repeat(400) } }],
    [
      'a long resource',
      {
        action: {
          action: 'db.export',
          resource: { type: 'table', id: 'x'.repeat(400) },
          params: {},
          environment: 'p',
        },
      },
    ],
    [
      'a long environment',
      {
        action: {
          action: 'db.export',
          resource: { type: 't', id: 'x' },
          params: {},
          environment: 'p'.repeat(101),
        },
      },
    ],
  ] as const

  test.each(tooLong)(
    'because of %s has neither Approve nor Deny, and none of its parameters',
    (_, change) => {
      const message = renderCard(card, viewOfExport(change))

      expect(checkMessageBlocks(message.blocks, old)).toEqual([])
      expect(JSON.stringify(message.blocks)).toContain('Open full request')
      expect(JSON.stringify(message.blocks)).not.toMatch(/"action_id":"(approve|deny)"/)
      expect(JSON.stringify(message.blocks)).not.toContain('rich_text_preformatted')
    },
  )

  test('control: one line less fits', () => {
    const message = renderCard(card, viewOfExport({ params: { query: 'x'.repeat(49 * 28) } }))

    expect(checkMessageBlocks(message.blocks, old)).toEqual([])
    expect(JSON.stringify(message.blocks)).toContain('"action_id":"approve"')
  })

  test('is complete over the pages of its full view, which decides on the last page only', () => {
    const view = viewOfExport({ params: { query: 'abc '.repeat(8_000), tail: 'THE END' } })
    const pages = Array.from({ length: 20 }, (_, page) => fullModal(view, { ...origin, page }))

    for (const page of pages) expect(checkView(page, old)).toEqual([])
    const count = Number(/of (\d+)/.exec(JSON.stringify(pages[0]))?.[1])
    const shown = pages.slice(0, count).map((page) => JSON.stringify(page))
    expect(shown.at(-1)).toContain('THE END')
    expect(shown.map((text) => text.includes('approve_in_view'))).toEqual(
      shown.map((_, index) => index === count - 1),
    )
    expect(shown.join('').split('abc ').length - 1).toBeGreaterThanOrEqual(7_990)
  })
})

describe('text from outside', () => {
  const everywhere = viewOfExport({
    action: {
      action: 'db.export',
      resource: { type: 'table', id: hostile },
      params: { [hostile]: hostile },
      environment: hostile.slice(0, 60),
    },
    reason: `${hostile}\n\n\n\n\n\n\n\n${hostile}`,
    run: { model: hostile },
    agent: { id: 'agt_1', name: hostile, owner: 'per_lee', key: 'key_1' },
  })

  test('appears only where Slack parses nothing', () => {
    const parsed = (message: { blocks: readonly object[]; text: string }) =>
      [...JSON.stringify(message.blocks).matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)].map(
        (match) => match[1],
      )
    const message = renderCard(card, everywhere)

    expect(checkMessageBlocks(message.blocks, old)).toEqual([])
    for (const text of parsed(message)) expect(text).not.toContain('APPROVED')
    expect(message.text).not.toMatch(/<(!|http|@)/)
    expect(JSON.stringify(message.blocks)).not.toContain('\u202e')
    expect(lines(message).join('\n')).toContain('Contains hidden characters')
  })

  test('does not push the buttons out of sight', () => {
    const message = renderCard(card, viewOfExport({ reason: 'a\n'.repeat(500) }))
    const said = lines(message).find((line) => line.startsWith('a\n')) ?? ''

    expect(said.split('\n')).toHaveLength(7)
  })

  test('never breaks a card or a window, whatever it is', () => {
    const words = fc.string({ unit: 'binary', maxLength: 400 }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(words, words, fc.dictionary(words, words, { maxKeys: 60 }), (id, reason, params) => {
        const action = {
          action: 'db.export',
          resource: { type: 'table', id },
          params,
          environment: id.slice(0, 50),
        }
        const view = viewOfExport({
          action,
          reason,
          verdict: { ...viewOfExport().request.verdict, message: reason },
        })
        const message = renderCard(card, view)
        const classic = classicCard(message)

        expect(checkMessageBlocks(message.blocks, old)).toEqual([])
        if (classic) expect(checkMessageBlocks(classic.blocks, old)).toEqual([])
        for (const modal of [
          ...verbs.map((verb) => formModal(windowOf(verb, view, origin))),
          fullModal(view, origin),
          whyModal(view, origin),
          whoModal(view, origin),
        ])
          expect(checkView(modal, old)).toEqual([])
      }),
      { numRuns: cases(150) },
    )
  })
})

test('many legs and many people fit, or are counted', () => {
  const legs = Array.from({ length: 200 }, (_, index) => ({
    name: `leg-${index}`,
    from: [{ ref: 'group:x', kind: 'group' as const, address: 'slack:S0SECURITY' }],
    count: 3,
  }))
  const requirement = viewOfExport().request.requirement
  if (!requirement) throw new Error('a requirement is expected')
  const view = viewOfExport({ requirement: { ...requirement, legs } })

  expect(checkMessageBlocks(renderCard(card, view).blocks, old)).toEqual([])
  expect(lines(renderCard(card, view)).join('\n')).toContain('and more')
  expect(checkView(whoModal(view, origin), old)).toEqual([])
  expect(checkView(fullModal(view, origin), old)).toEqual([])
})

test('classic blocks hold the same text without rich text, and text alone names only the action', () => {
  const view = viewOfExport()
  const message = renderCard(card, view)
  const classic = classicCard(message)

  expect(JSON.stringify(classic?.blocks)).not.toContain('rich_text')
  expect(classic && lines(classic)).toEqual(lines(message))
  expect(textCard(message, view).text).toBe(
    'Approval needed: db.export. This conversation could not show the card; see `/approvals show req_01kb0000000000000000000000`.',
  )
})

test('a reminder mentions only the sets that are still open', () => {
  const view = viewOfExport({ decisions: [decisionOf('bob', 'approve')], filled: [['data', ['per_bob']]] })

  const said = reminderOf(view, '<https://acme.slack.com/archives/C1/p1|Open the card>')
  expect(said?.text).toMatch(/^Still needed until <!date[^>]+>: 1 of <!subteam\^S0SECURITY>\. <https:/)
  expect(said?.text).toContain(`db.export on table warehouse.users in production (${view.request.id})`)
  expect(reminderOf(view, null)?.text).not.toContain('https')
})
