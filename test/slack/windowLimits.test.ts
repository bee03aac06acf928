import { expect, test } from 'vitest'
import { fullModal, pageCount, whoModal, whyModal } from '../../src/slack/windows/modals.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'

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
