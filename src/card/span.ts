import type { AccountKey, CurrentPerson } from '../core/identity.ts'
import type { NamedSource, OnCallSource, Source } from '../core/requirement.ts'
import { onOneLine, reveal, revealLine } from './text.ts'

/**
 * One piece of a sentence. How people are mentioned, moments shown and characters escaped is the channel's own; here
 * stands only which piece is what, above all which is not ours.
 */
export type Span =
  /** Our own words. */
  | { readonly words: string }
  | { readonly strong: Text }
  /** Somebody else's, revealed: nothing in it may be parsed. At most `max` characters of it are shown. */
  | { readonly outside: string; readonly max: number }
  /** `calls` is false where somebody is named and not to be notified. */
  | { readonly person: CurrentPerson; readonly calls: boolean }
  /** One account as it was used then; named where it cannot be mentioned. */
  | { readonly account: AccountKey; readonly name: string }
  /** RFC 3339. The time alone where the day is plain. */
  | { readonly instant: string; readonly form: 'time' | 'day' }
  /** A group or a person as policy names them. `calls` is false where they are named and not to be notified. */
  | { readonly set: NamedSource; readonly calls: boolean }
  /** What people type, revealed: letter by letter as it stands here. */
  | { readonly typed: string }
  /** A place in the channel, by an address that the channel gave us. */
  | { readonly link: string; readonly says: string }
  | { readonly sign: 'warning' }

export type Text = readonly Span[]

type Part = Span | Text | number

/**
 * A sentence: the words between are ours because they stand in the code; what is put in has to say what it is, so that no
 * text from outside passes for ours.
 */
export function say(words: TemplateStringsArray, ...parts: readonly Part[]): Text {
  const spans = words.flatMap((ours, nth) => [{ words: ours }, ...spansOf(parts[nth] ?? [])])
  return spans.reduce<Span[]>(joined, [])
}

/** The same, emphasised. */
export function strong(words: TemplateStringsArray, ...parts: readonly Part[]): Span {
  return { strong: say(words, ...parts) }
}

/** A word of a table of ours, or an id that we made. */
export function ours(words: string): Span {
  return { words }
}

/** One line of somebody else's text, hidden characters revealed. */
export function outside(text: string, max: number): Span {
  return { outside: revealLine(text), max }
}

/** Several of their lines; only for a passage that has nothing else in it. */
export function outsideLines(text: string, max: number): Span {
  return { outside: reveal(text), max }
}

/** Text that was revealed already, on one line. */
export function shown(text: string, max: number): Span {
  return { outside: onOneLine(text), max }
}

/** A command, or a text that confirms: shown as what it is, and nothing put around it. */
export function typed(text: string): Span {
  return { typed: revealLine(text) }
}

/** Somebody who is mentioned, and so may be notified. */
export function person(id: CurrentPerson): Span {
  return { person: id, calls: true }
}

/** Somebody who cannot help here: their name, which wakes nobody. */
export function name(id: CurrentPerson): Span {
  return { person: id, calls: false }
}

export function onDay(instant: string): Span {
  return { instant, form: 'day' }
}

export function atTime(instant: string): Span {
  return { instant, form: 'time' }
}

export const warning: Span = { sign: 'warning' }

/** Nothing, where a part of a sentence may be missing. */
export const nothing: Text = []

/** Everybody a seat may be filled from, and they are notified: `@data-owners or @Omar`. Whoever is on call is only named. */
export function calling(from: readonly Source[]): Text {
  return between(
    from.map((set) => (set.kind === 'oncall' ? onCallFor(set) : [{ set, calls: true }])),
    ' or ',
  )
}

/** `whoever is on call for platform` */
export function onCallFor({ ref }: OnCallSource): Text {
  return say`whoever is on call for ${outside(ref.slice(ref.indexOf(':') + 1), 80)}`
}

/** The same as policy names them, so that nobody is called: `incident-commanders or omar`. */
export function naming(from: readonly Source[]): Text {
  return between(
    from.map((set) => (set.kind === 'oncall' ? onCallFor(set) : [{ set, calls: false }])),
    ' or ',
  )
}

/** Joined as people write them: `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly Text[]): Text {
  const last = texts.at(-1) ?? nothing
  if (texts.length < 2) return last
  return [...between(texts.slice(0, -1), ', '), ours(' and '), ...last]
}

export function between(texts: readonly Text[], words: string): Text {
  return texts.flatMap((text, nth) => (nth === 0 ? text : [ours(words), ...text]))
}

function spansOf(part: Part): Text {
  if (typeof part === 'number') return [ours(String(part))]
  return isText(part) ? part : [part]
}

/** `Array.isArray` does not narrow a readonly array. */
function isText(part: Span | Text): part is Text {
  return Array.isArray(part)
}

/** Words beside words are one span, and no words are none. */
function joined(spans: Span[], next: Span): Span[] {
  const last = spans.at(-1)
  if (!('words' in next) || !last || !('words' in last)) {
    if (!('words' in next) || next.words !== '') spans.push(next)
    return spans
  }
  spans[spans.length - 1] = { words: last.words + next.words }
  return spans
}
