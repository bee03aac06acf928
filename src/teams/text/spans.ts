import type { Passage } from '../../card/passage.ts'
import { between, type Span, type Text } from '../../card/span.ts'
import { cut, isolated, onOneLine, revealLine } from '../../card/text.ts'
import type { People } from '../../card/view.ts'
import type { CurrentPerson } from '../../core/identity.ts'
import type { NamedSource } from '../../core/requirement.ts'
import { moment, momentInWords } from './moment.ts'
import type { Framed, RichTextBlock, TextRun } from './pieces.ts'
import { withIndents, withoutFunctions, withSpaces } from './verbatim.ts'

/** How a run looks. */
type Look = Omit<TextRun, 'type' | 'text'>

/** What is said beside something: smaller. */
const small: Look = { size: 'Small', isSubtle: true }
const bold: Look = { weight: 'Bolder' }
const warns: Look = { color: 'Attention' }
const mono: Look = { fontType: 'Monospace' }

type Spacing = NonNullable<RichTextBlock['spacing']>

/** A sentence on a line of its own. */
export function lineOf(people: People, text: Text, spacing: Spacing = 'Small'): RichTextBlock {
  return block(runsOf(people, text), spacing)
}

/** The same, smaller. */
export function noteOf(people: People, text: Text, spacing: Spacing = 'Small'): RichTextBlock {
  return block(runsOf(people, text, small), spacing)
}

/** Large, as what stands beside a heading. */
export function largeOf(text: Text): RichTextBlock {
  return block(runsOf(new Map(), text, { ...bold, size: 'Large' }), 'None')
}

export function elementsOf(
  people: People,
  passages: readonly Passage[],
): readonly (RichTextBlock | Framed)[] {
  return passages.flatMap((passage): readonly (RichTextBlock | Framed)[] => {
    if ('line' in passage) return [lineOf(people, passage.line)]
    if ('consequence' in passage) return linesOf(people, passage.consequence)
    if ('notes' in passage) return notesOf(people, passage.notes)
    if ('note' in passage) return [noteOf(people, passage.note)]
    if ('aside' in passage) return [noteOf(people, [{ words: passage.aside }])]
    return ['lines' in passage ? laidOut(passage.lines) : quoted(passage.quote)]
  })
}

/** Several lines that belong together, in one block: each costs as much as many letters. */
export function linesOf(
  people: People,
  texts: readonly Text[],
  spacing: Spacing = 'Small',
): readonly RichTextBlock[] {
  return texts.length > 0 ? [lineOf(people, between(texts, '\n'), spacing)] : []
}

/** The same, smaller. */
export function notesOf(people: People, texts: readonly Text[]): readonly RichTextBlock[] {
  return texts.length > 0 ? [noteOf(people, between(texts, '\n'))] : []
}

/** Laid out in narrow lines, revealed. One run holds all of them, because a card has room for so many bytes and no more. */
export function laidOut(lines: readonly string[]): Framed {
  return framed(plainRuns(withIndents(lines.join('\n')), mono))
}

/** Somebody else's words, revealed and cut. */
export function quoted(words: string): Framed {
  return framed(plainRuns(withIndents(words), {}))
}

/** A sentence where nothing is drawn, such as a notification: all of it is shown as it is. */
export function plainOf(people: People, text: Text): string {
  return text.map((span) => plainSpan(people, span)).join('')
}

/** A line of a notification. */
export function summaryLine(text: string): string {
  return cut(onOneLine(text), 1_000)
}

/** What policy calls a set of people. */
export function nameOfSet({ ref }: Pick<NamedSource, 'ref'>): string {
  return isolated(cut(revealLine(ref.slice(ref.indexOf(':') + 1)), longestName))
}

export function nameOf(people: People, id: CurrentPerson): string {
  return isolated(cut(revealLine(people.get(id)?.name || id), longestName))
}

const longestName = 80

function block(inlines: readonly TextRun[], spacing: Spacing): RichTextBlock {
  return { type: 'RichTextBlock', spacing, inlines }
}

function framed(inlines: readonly TextRun[]): Framed {
  return { type: 'Container', style: 'emphasis', spacing: 'Small', items: [block(inlines, 'None')] }
}

function runsOf(people: People, text: Text, look: Look = {}): readonly TextRun[] {
  return joined(coloured(text, look).flatMap(({ span, look }) => pieces(people, span, look))).flatMap(
    (piece) => (piece.drawn ? [run(piece.text, piece.look)] : plainRuns(piece.text, piece.look)),
  )
}

/** A sign colours what it stands before, as far as the next thing that is said beside it. */
function coloured(text: Text, look: Look): readonly { readonly span: Span; readonly look: Look }[] {
  const { isSubtle: _, ...strong } = look
  let warning = false
  return text.map((span) => {
    if ('sign' in span) warning = true
    else if ('words' in span && /^( · |\n)/.test(span.words)) warning = false
    return { span, look: warning ? { ...strong, ...warns } : look }
  })
}

/** `drawn`: what Teams makes something else of, and so always a run of its own. */
interface Piece {
  readonly text: string
  readonly look: Look
  readonly drawn?: true
}

function pieces(people: People, span: Span, look: Look): readonly Piece[] {
  if ('strong' in span) return span.strong.flatMap((one) => pieces(people, one, { ...look, ...bold }))
  if ('instant' in span) return [{ text: moment(span.instant, span.form), look, drawn: true }]
  if ('typed' in span) return [{ text: span.typed, look: { ...look, ...mono } }]
  const calls = 'calls' in span && span.calls
  return [{ text: plainSpan(people, span), look: calls ? { ...look, ...bold } : look }]
}

/** Pieces that look alike are one run: each costs as much as many letters. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = []
  for (const next of pieces) {
    const last = all.at(-1)
    if (!last || last.drawn || next.drawn || !looksLike(last.look, next.look)) all.push(next)
    else all[all.length - 1] = { text: last.text + next.text, look: last.look }
  }
  return all
}

function looksLike(one: Look, other: Look): boolean {
  return JSON.stringify(run('', one)) === JSON.stringify(run('', other))
}

function plainRuns(text: string, look: Look): readonly TextRun[] {
  return withoutFunctions(withSpaces(text)).map((part) => run(part, look))
}

function run(text: string, { weight, isSubtle, size, color, fontType }: Look): TextRun {
  return {
    type: 'TextRun',
    text,
    ...(weight && { weight }),
    ...(isSubtle && { isSubtle }),
    ...(size && { size }),
    ...(color && { color }),
    ...(fontType && { fontType }),
  }
}

function plainSpan(people: People, span: Span): string {
  if ('words' in span) return span.words
  if ('strong' in span) return plainOf(people, span.strong)
  if ('outside' in span) return isolated(cut(span.outside, span.max))
  if ('person' in span) return nameOf(people, span.person)
  if ('account' in span) return isolated(cut(revealLine(span.name), longestName))
  if ('typed' in span) return span.typed
  if ('link' in span) return span.says
  if ('instant' in span) return momentInWords(span.instant, span.form)
  return 'set' in span ? nameOfSet(span.set) : '⚠'
}
