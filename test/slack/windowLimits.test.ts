import type { SectionBlock } from '@slack/types'
import { expect, test } from 'vitest'
import { happened } from '../../src/card/happened.ts'
import { pageCount } from '../../src/card/reading/full.ts'
import { entriesPerPage } from '../../src/card/reading/story.ts'
import type { EntryType } from '../../src/ledger/entry.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'
import { madeLine } from '../store/made.ts'
import { fullModal, historyModal, whoModal, whyModal } from './readingModals.ts'

/** Slack: a view has at most so many blocks. */
const mostBlocks = 100

const many = <T>(count: number, make: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => make(nth))
const plain = viewOfExport().request
const comparisons = many(8, (nth) => ({ path: `params.p${nth}`, operator: '>', value: nth, limit: 0 }))
const crowded = viewOfExport({
  decisions: many(40, () => decisionOf('bob', 'deny', 'Not in this way.')),
  requirement: plain.requirement && {
    ...plain.requirement,
    legs: many(30, (nth) => ({ name: `leg-${nth}`, from: [], count: 1 })),
  },
  verdict: {
    ...plain.verdict,
    why: many(20, (nth) => ({ rule: `r${nth}`, says: 'It wants to be asked.' })),
    errors: many(20, (nth) => `error ${nth}`),
    facts: { ...plain.verdict.facts, because: many(20, (nth) => ({ rule: `r${nth}`, comparisons })) },
  },
})
const origin = {
  request: plain.id,
  card: 'crd_01kb',
  page: pageCount(crowded.request) - 1,
  from: 'card',
} as const

test.each([
  ['the full request', fullModal],
  ['why', whyModal],
  ['who', whoModal],
])(
  'too-long: however much stands behind a request, the window of %s can be opened, and says what it leaves out',
  (_, window) => {
    const { blocks } = window(crowded, origin)

    expect(blocks.length).toBeLessThanOrEqual(mostBlocks)
    if (window !== whoModal)
      expect(JSON.stringify(blocks)).toMatch(/and \d+ more lines, which the record has/)
  },
)

test('control: what fits is shown whole', () => {
  expect(JSON.stringify(fullModal(viewOfExport(), { ...origin, page: 0 }).blocks)).not.toContain('more lines')
})

test('too-long: a page of the history has room for the longest lines there can be, none of them cut', () => {
  const kinds = Object.keys(happened) as EntryType[] // keys of a table over all of them
  const longest = kinds.reduce((most, type) =>
    (happened[type] ?? type).length > (happened[most] ?? most).length ? type : most,
  )
  const { entry } = madeLine({
    type: longest,
    request: 'req_0',
    actor: { kind: 'resource', id: 'r'.repeat(300), via: 'api' },
    data: { kind: 'k'.repeat(300), revised_by: 'r'.repeat(60) },
  })
  const entries = many(entriesPerPage, (nth) => ({
    ...entry,
    id: `ent_${nth}`,
    ts: '2026-11-24T14:00:00.000Z',
  }))
  const indexes = new Map(entries.map(({ id }, nth) => [id, Number.MAX_SAFE_INTEGER - nth]))

  const { blocks } = historyModal(
    { view: crowded, entries, places: { origin: 'acme/ledger', indexes } },
    origin,
  )

  const lines = JSON.stringify(blocks).match(/\*\d{16}\*/g)
  expect(lines).toHaveLength(entriesPerPage)
  expect(JSON.stringify(blocks).match(/line \d+ [^…]/g)).toHaveLength(entriesPerPage)
  const texts = blocks.flatMap((block) =>
    block.type === 'section' ? [(block as SectionBlock).text?.text ?? ''] : [],
  )
  for (const text of texts) expect(text.length).toBeLessThan(3_000)
})
