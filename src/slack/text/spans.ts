import type { ContextBlock, KnownBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types'
import type { Passage } from '../../card/passage.ts'
import type { Span, Text } from '../../card/span.ts'
import { cut, isolated, revealLine } from '../../card/text.ts'
import type { People } from '../../card/view.ts'
import type { CurrentPerson } from '../../core/identity.ts'
import { context, mrkdwn, plain, preformatted, quote, section } from './blocks.ts'
import { escapeText, inline, inlineShown } from './escape.ts'
import { account, person, plainSources, source, time } from './mrkdwn.ts'

/** A sentence as mrkdwn. What is not ours is escaped, so that none of it is parsed. */
export function mrkdwnOf(people: People, text: Text): string {
  return text.map((span) => mrkdwnSpan(people, span)).join('')
}

/**
 * Where somebody else's words stand and nothing has to be parsed, it is plain text, which needs no escaping. What only
 * mrkdwn can show (people, sets, moments, emphasis) makes it mrkdwn.
 */
export function elementOf(people: People, text: Text): PlainTextElement | MrkdwnElement {
  const needsMrkdwn = text.some((span) => !('words' in span || isTheirs(span) || 'sign' in span))
  const isPlain = text.some(isTheirs) && !needsMrkdwn
  return isPlain ? plain(plainOf(people, text)) : mrkdwn(mrkdwnOf(people, text))
}

/** A sentence in which nothing is parsed: for one that mentions nobody and names no moment. */
export function plainOf(people: People, text: Text): string {
  return text.map((span) => plainSpan(people, span)).join('')
}

/** Several things said beside each other, smaller. */
export function contextOf(people: People, ...texts: readonly Text[]): ContextBlock {
  return context(...texts.map((text) => elementOf(people, text)))
}

export function blocksOf(people: People, passages: readonly Passage[]): KnownBlock[] {
  return passages.map((passage) => {
    if ('line' in passage) return section(elementOf(people, passage.line))
    if ('aside' in passage) return context(plain(passage.aside))
    if ('consequence' in passage) return plainLines(people, passage.consequence)
    if ('lines' in passage) return preformatted(passage.lines.join('\n'))
    if ('notes' in passage) return contextOf(people, ...passage.notes)
    return 'note' in passage ? contextOf(people, passage.note) : quote(passage.quote)
  })
}

/** All of it plain: the values are the agent's, and there is nothing to parse. */
export function plainLines(people: People, lines: readonly Text[]): SectionBlock {
  return section(plain(lines.map((line) => plainOf(people, line)).join('\n')))
}

function mrkdwnSpan(people: People, span: Span): string {
  if ('words' in span) return escapeText(span.words)
  if ('strong' in span) return `*${mrkdwnOf(people, span.strong)}*`
  if ('outside' in span) return isolated(inlineShown(span.outside, span.max))
  if ('person' in span) return personOf(people, span)
  if ('account' in span) return account(span.account) ?? isolated(inline(unformatted(span.name), longestName))
  if ('typed' in span) return `\`${escapeText(span.typed)}\``
  if ('link' in span) return `<${span.link}|${escapeText(span.says)}>`
  if ('instant' in span) return time(span.instant, span.form)
  if ('set' in span) return span.calls ? source(span.set) : plainSources([span.set])
  return ':warning:'
}

/** Their words, or a name that they chose. */
function isTheirs(span: Span): boolean {
  return 'outside' in span || ('person' in span && !span.calls)
}

function personOf(people: People, { person: id, calls }: Extract<Span, { person: unknown }>): string {
  return calls ? person({ people }, id) : isolated(inline(unformatted(nameOf(people, id)), longestName))
}

/** Of a text that `elementOf` takes for plain. */
function plainSpan(people: People, span: Span): string {
  if ('words' in span) return span.words
  if ('outside' in span) return isolated(cut(span.outside, span.max))
  if ('account' in span) return isolated(cut(revealLine(span.name), longestName))
  if ('typed' in span) return span.typed
  if ('link' in span) return span.says
  if ('person' in span) return isolated(cut(revealLine(nameOf(people, span.person)), longestName))
  return '⚠'
}

const longestName = 80

/** Without what mrkdwn takes for emphasis or for the code of an emoji, which nothing escapes there. */
function unformatted(name: string): string {
  return name.replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=[\w+'-]+:)/gu, '')
}

function nameOf(people: People, id: CurrentPerson): string {
  return people.get(id)?.name || id
}
