import { expect, test } from 'vitest'
import { whyPassages } from '../../src/card/grounds.ts'
import { whyOf } from '../../src/card/why.ts'
import { exportWith } from './situationParts.ts'
import { written } from './written.ts'

const why = 'The agent saw another definition of this tool than the one that was reviewed: it counts as new.'
const view = (unread: readonly { readonly param: string; readonly why: string }[]) =>
  exportWith({ judged: { facts: { unread: unread.map((one) => ({ ...one })) } } })

test('people are told why something was not understood, on the card and where they ask why', () => {
  const told = view([{ param: 'digest', why }])

  expect(written(whyOf(told)?.says)).toContain(why)
  expect(written(whyPassages(told))).toContain(why)
})

test('a card has one such sentence, cut, as somebody else’s words', () => {
  const many = view([
    { param: 'first', why: `Long ${'x'.repeat(1_000)}` },
    { param: 'second', why },
  ])
  const said = written(whyOf(many)?.says)

  expect(said).not.toContain(why)
  expect(said).toContain('≤250»')
  expect(written(whyPassages(many))).toContain(why)
})
