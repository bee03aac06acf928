import type { Fact } from '../../card/asking.ts'
import type { CardContent } from '../../card/content.ts'
import { between, ours, say, type Text } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import type { Title } from '../../card/titles.ts'
import type { People } from '../../card/view.ts'
import { heading } from '../text/heading.ts'
import type { RichTextBlock } from '../text/pieces.ts'
import { laidOut, largeOf, lineOf, linesOf, noteOf, notesOf, quoted } from '../text/spans.ts'
import { consequenceLines } from './consequence.ts'
import type { Element } from './elements.ts'

/* The parts of a card about one action, in the order in which cards have them. */

/** A heading is parsed, so the action's name stands below it. */
export function titleParts({ says, action }: Title): readonly Element[] {
  return [heading(says), largeOf([ours(cut(action, 150))])]
}

/** Where, and who asks for whom. */
export function whereAndWho({ where, asks }: CardContent, people: People): readonly Element[] {
  return [placeLine(where), factNotes(asks, people)].flat()
}

function placeLine(where: CardContent['where']): RichTextBlock {
  return lineOf(new Map(), placeIn(where))
}

export function placeIn({ environment, resource }: CardContent['where']): Text {
  return [ours(`${cut(environment, 100)} · ${cut(resource, 300)}`)]
}

/** One to a line, which a phone does not break in the middle. */
export function factNotes(facts: readonly Fact[], people: People): readonly Element[] {
  return notesOf(
    people,
    facts.map(({ label, value }) => [ours(`${label}: `), ...value]),
  )
}

/** When it ends, and what the record says. */
export function times(
  { deadline, estimated, earlier }: Pick<CardContent, 'deadline' | 'estimated' | 'earlier'>,
  people: People,
): readonly Element[] {
  const said = [deadline ?? [], estimated ?? [], earlier ?? []].filter((one) => one.length > 0)
  return said.length > 0 ? [noteOf(people, between(said, ' · '))] : []
}

export function parameters({ parameters: shown, oddities }: CardContent, people: People): readonly Element[] {
  return [
    'lines' in shown ? laidOut(shown.lines) : lineOf(people, shown.instead),
    ...linesOf(people, oddities),
  ]
}

/** Below the action, whole: it is decided with it. */
export function rollback(
  { parameters: first, rollback: declared }: CardContent,
  people: People,
): readonly Element[] {
  if (!declared) return []
  const label = lineOf(people, declared.label, 'Medium')
  if (!declared.action || !('lines' in first)) return [label]
  const { where, parameters: lines, why: reasons } = declared.action
  return [
    label,
    ...consequenceLines(declared.action.consequence, people),
    placeLine(where),
    laidOut(lines),
    ...(reasons ? [noteOf(people, reasons)] : []),
  ]
}

export function agentSays(
  { agentSays: said }: Pick<CardContent, 'agentSays'>,
  people: People,
): readonly Element[] {
  return said ? [noteOf(people, said.label), quoted(said.quote)] : []
}

/** The values by which rules ask before their sentences: what is unusual is read first. */
export function why(
  { why: reasons, consequence: { values } }: CardContent,
  people: People,
): readonly Element[] {
  if (!reasons) return []
  const { label, says, notEvaluated, more } = reasons
  const left = more > 0 ? [say`and ${more} more`] : []
  return notesOf(people, [
    ...(values.length > 0 ? [say`${label} ${between(values, ' · ')}`, says] : [say`${label} ${says}`]),
    ...(notEvaluated.length > 0 ? [...notEvaluated, ...left] : []),
  ])
}

/** What a person can compare with what stands elsewhere. */
export function digestOf({ digest, isDigestSalted }: CardContent): string {
  return `${isDigestSalted ? 'salted sha256' : 'sha256'} ${digest}`
}
