import type { Span, Text } from '../../src/card/span.ts'

/** A value as JSON, its sentences written out so that people can read them: `*Needs*`, «theirs ≤60», @per_bob, {set}. */
export function written(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isText(part) ? part.map(writtenSpan).join('') : part))
}

const kinds = ['words', 'strong', 'outside', 'person', 'account', 'instant', 'set', 'typed', 'link', 'sign']

function isText(part: unknown): part is Text {
  const isSpan = (item: unknown) =>
    typeof item === 'object' && item !== null && kinds.includes(Object.keys(item)[0] ?? '')
  return Array.isArray(part) && part.length > 0 && part.every(isSpan)
}

function writtenSpan(span: Span): string {
  if ('words' in span) return span.words
  if ('strong' in span) return `*${span.strong.map(writtenSpan).join('')}*`
  if ('outside' in span) return `«${span.outside} ≤${span.max}»`
  if ('person' in span) return span.calls ? `@${span.person}` : `${span.person} by name`
  if ('account' in span) return `@${span.account}`
  if ('instant' in span) return `{${span.instant} ${span.form}}`
  if ('set' in span) return `{${span.set.ref} ${span.set.address}${span.calls ? ', called' : ''}}`
  if ('typed' in span) return `\`${span.typed}\``
  if ('link' in span) return `[${span.says}](${span.link})`
  return '⚠'
}
