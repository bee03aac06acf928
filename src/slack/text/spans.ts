import type { ContextBlock, KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/types'
import type { Passage } from '../../card/passage.ts'
import type { Span, Text } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import type { People } from '../../card/view.ts'
import { context, mrkdwn, plain, quote, section } from './blocks.ts'
import { escapeText, inline } from './escape.ts'
import { person, plainSources, source, time } from './mrkdwn.ts'

/** A sentence as mrkdwn. What is not ours is escaped, so that none of it is parsed. */
export function mrkdwnOf(people: People, text: Text): string {
  return text.map((span) => mrkdwnSpan(people, span)).join('')
}

/**
 * Where somebody else's words stand and nothing has to be parsed, it is plain text, which needs no escaping. What only
 * mrkdwn can show (people, sets, moments, emphasis) makes it mrkdwn.
 */
export function elementOf(people: People, text: Text): PlainTextElement | MrkdwnElement {
  const needsMrkdwn = text.some((span) => !('words' in span || 'outside' in span || 'sign' in span))
  const fromOutside = text.some((span) => 'outside' in span)
  return fromOutside && !needsMrkdwn ? plain(text.map(plainSpan).join('')) : mrkdwn(mrkdwnOf(people, text))
}

/** Several things said beside each other, smaller. */
export function contextOf(people: People, ...texts: readonly Text[]): ContextBlock {
  return context(...texts.map((text) => elementOf(people, text)))
}

export function blocksOf(people: People, passages: readonly Passage[]): KnownBlock[] {
  return passages.map((passage) => {
    if ('line' in passage) return section(elementOf(people, passage.line))
    return 'note' in passage ? contextOf(people, passage.note) : quote(passage.quote)
  })
}

function mrkdwnSpan(people: People, span: Span): string {
  if ('words' in span) return escapeText(span.words)
  if ('strong' in span) return `*${mrkdwnOf(people, span.strong)}*`
  if ('outside' in span) return inline(span.outside, span.max)
  if ('person' in span) return person({ people }, span.person)
  if ('instant' in span) return time(span.instant, span.form)
  if ('set' in span) return span.calls ? source(span.set) : plainSources([span.set])
  return ':warning:'
}

/** Of a text that `elementOf` takes for plain. */
function plainSpan(span: Span): string {
  if ('words' in span) return span.words
  if ('outside' in span) return cut(span.outside, span.max)
  return '⚠'
}
