import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/card/facts.ts'
import { approveForm, denyForm } from '../../src/card/forms/deciding.ts'
import { fullContent, pageCount } from '../../src/card/reading/full.ts'
import { whyContent } from '../../src/card/reading/grounds.ts'
import { pagesOf } from '../../src/card/reading/pages.ts'
import { opened } from '../../src/channels/verbs.ts'
import { bytesOf } from '../../src/teams/card/size.ts'
import type { Dialog } from '../../src/teams/windows/dialog.ts'
import { formDialog } from '../../src/teams/windows/form.ts'
import { readingDialog } from '../../src/teams/windows/reading.ts'
import { exportWith } from '../card/situationParts.ts'
import { hostile } from '../card/views.ts'
import { inTeams } from './inTeams.ts'

const letters = {
  Latin: 'x',
  Chinese: '漢',
  emoji: '😀',
  quotes: '"',
  braces: '{{x',
  hidden: '\u202e',
  hostile,
}
const origin = { request: 'req_1', card: 'crd_1', page: 0, from: 'card' } as const
const most = 28_000

/** With as much of everything around it as there can be. */
function viewOf(letter: string, length: number) {
  const name = letter.repeat(200)
  return inTeams(
    exportWith({
      reason: letter.repeat(3_000),
      action: {
        action: 'db.export',
        resource: { type: 'table', id: letter.repeat(140) },
        params: { sql: letter.repeat(length) },
        environment: letter.repeat(90),
      },
      judged: {
        rules: [name, name, name],
        why: [1, 2, 3].map((nth) => ({ rule: `${nth}`, says: letter.repeat(300) })),
        message: letter.repeat(500),
      },
    } as Parameters<typeof exportWith>[0]), // the rest of what was judged is nothing to a window
  )
}

const sizeOf = ({ card }: Dialog) => bytesOf({ card })
const framed = ({ card }: Dialog) =>
  card.body.flatMap((one) => (one.type === 'Container' ? [JSON.stringify(one)] : [])).join('')

describe.each(Object.entries(letters))('of %s', (_, letter) => {
  test.each([100, 800, 2_000])('no window is more than Teams takes: %i letters', (length) => {
    const view = viewOf(letter, length)
    const last = pageCount(view.request) - 1
    const blocks = pagesOf(factsOf(view.request).drawn.text)
    for (const page of new Set([0, Math.floor(last / 2), last])) {
      const content = fullContent(view, page)
      const drawn = readingDialog({ choice: 'full', content, origin: { ...origin, page } })
      expect(sizeOf(drawn)).toBeLessThan(most)
      // Nothing of the action is left out for it, and what decides stands there.
      expect(framed(drawn).match(/"Container"/g)?.length).toBeGreaterThanOrEqual(blocks[page]?.length ?? 0)
      expect(JSON.stringify(drawn).includes('approve_form_in_view')).toBe(page === last)
    }
    expect(sizeOf(readingDialog({ choice: 'why', content: whyContent(view), origin }))).toBeLessThan(most)
    expect(sizeOf(formDialog(opened('approve_form', approveForm(view), origin)))).toBeLessThan(most)
    expect(sizeOf(formDialog(opened('deny', denyForm(view), origin)))).toBeLessThan(most)
  })
})

test('what a window has no room for it says that it leaves out; control: of what fits nothing', () => {
  const drawn = (letter: string) =>
    JSON.stringify(readingDialog({ choice: 'full', content: fullContent(viewOf(letter, 2_500), 0), origin }))

  expect(drawn('x')).not.toContain('more than one window holds')
  const passages = Array.from({ length: 60 }, () => ({ quote: '漢'.repeat(600) }))
  const content = { ...whyContent(viewOf('x', 1)), passages }
  const long = readingDialog({ choice: 'why', content, origin })
  expect(sizeOf(long)).toBeLessThan(most)
  expect(JSON.stringify(long)).toContain('more than one window holds')
})
