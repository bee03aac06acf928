import { expect, test } from 'vitest'
import type { RequestView } from '../../src/card/view.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { cardsOf, pairs } from './hasty/pairs.ts'
import { firstParagraphs, marksIn } from './phone.ts'

/**
 * The hasty reader: a program that sees the first twelve lines of a card's text at forty columns, and looks for one of our marks on what
 * differs. What the action's kind is marked with anyway tells it nothing.
 */
function read({ name, fact, ...pair }: (typeof pairs)[number]) {
  const cards = cardsOf({ name, fact, ...pair })
  const usual = marksOn(cards.first)
  const found = marksOn(cards.dangerous).filter((mark) => !usual.includes(mark))
  const twin = marksOn(cards.harmless).filter((mark) => !usual.includes(mark))
  return { name, isMarked: found.some((mark) => mark.includes(fact)), found, twin }
}

function marksOn(view: RequestView): readonly string[] {
  return marksIn(firstParagraphs(renderCard({ id: 'crd_01kb', status: 'posted' }, view).blocks))
}

test('a hasty reader sees the one dangerous thing in 54 of 60 cards, and a mark on the harmless twin in one at most', () => {
  const all = pairs.map(read)
  const missed = all.filter(({ isMarked }) => !isMarked)
  const cried = all.filter(({ twin }) => twin.length > 0)
  expect(all).toHaveLength(60)
  expect(missed.length, missed.map(({ name }) => name).join('; ')).toBeLessThanOrEqual(6)
  expect(cried.length, cried.map(({ name }) => name).join('; ')).toBeLessThanOrEqual(1)
})
