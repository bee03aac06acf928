import type { Passage } from '../../card/passage.ts'
import { ours, say, type Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { heading } from '../text/heading.ts'
import { callOf } from '../text/mentions.ts'
import { elementsOf, noteOf, summaryLine } from '../text/spans.ts'
import type { AdaptiveCard, Element, ExecuteAction } from './elements.ts'
import { firstThatFits } from './size.ts'

/** What is posted: a card, and the text that notifications and screen readers use instead. */
export interface CardMessage {
  readonly summary: string
  readonly card: AdaptiveCard
}

interface Drawn {
  /** Revealed, not cut. */
  readonly summary: string
  readonly body: readonly Element[]
  readonly people: People
  /** What calls people: whoever it calls is mentioned at the end. */
  readonly calling?: readonly Text[]
  readonly refresh?: ExecuteAction
}

export function messageOf({ summary, body, people, calling = [], refresh }: Drawn): CardMessage {
  const call = callOf(people, calling)
  const card: AdaptiveCard = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body: [...body, ...(call ? [call.line] : [])],
    ...(refresh && { refresh: { action: refresh } }),
    msteams: { width: 'Full', ...(call && { entities: call.entities }) },
  }
  return { summary: summaryLine(summary), card }
}

interface Told {
  readonly summary: string
  /** Our words; left out of what needs no heading. */
  readonly title?: string
  /** In its place. */
  readonly above?: readonly Element[]
  readonly passages?: readonly Passage[]
  /** Several things drawn already, after the passages. */
  readonly told?: readonly (readonly Element[])[]
  readonly people?: People
  /** Whether whoever its passages call is mentioned. */
  readonly calls?: boolean
  /** What stands below, whatever has room above it. */
  readonly below?: readonly Element[]
}

/** Passages below a heading. Of what is more than a message holds, the end is left out, and it says so. */
export function tellingOf({ summary, passages = [], people = new Map(), ...told }: Told): CardMessage {
  const { title, above = title === undefined ? [] : [heading(title)], below = [], calls = false } = told
  const all = [...passages.map((one) => elementsOf(people, [one])), ...(told.told ?? [])]
  const calling = calls ? passages.flatMap(textsIn) : []
  const drawn = (some: readonly (readonly Element[])[], more: readonly Element[]) =>
    messageOf({ summary, body: [...above, ...some.flat(), ...more, ...below], people, calling })
  const cut = [noteOf(people, leftOut)]
  const shorter = all.map((_, nth) => () => drawn(all.slice(0, all.length - 1 - nth), cut))
  return firstThatFits([() => drawn(all, []), ...shorter])
}

const leftOut = say`There is more than one message holds; the request and its history have all of it.`

function textsIn(passage: Passage): readonly Text[] {
  if ('line' in passage) return [passage.line]
  if ('note' in passage) return [passage.note]
  return 'notes' in passage ? passage.notes : []
}

/** The id at the end. */
export function idNote(id: string) {
  return noteOf(new Map(), [ours(id)])
}

/** The same, calling nobody: whoever it names it still names. Null when it calls nobody as it is. */
export function withoutCalls({ summary, card }: CardMessage): CardMessage | null {
  const { entities, ...msteams } = card.msteams
  if (!entities) return null
  const isCall = (one: Element) => one.type === 'TextBlock' && one.text.includes('<at>')
  return { summary, card: { ...card, body: card.body.filter((one) => !isCall(one)), msteams } }
}

/** With something said at its end. */
export function withNote({ summary, card }: CardMessage, note: Text): CardMessage {
  return { summary, card: { ...card, body: [...card.body, noteOf(new Map(), note)] } }
}
