import type { Card } from '../../approvals/records.ts'
import { alikeContent, isAlike } from '../../card/alikeContent.ts'
import { type CardContent, cardContent, replacedContent, withoutAction } from '../../card/content.ts'
import { ours } from '../../card/span.ts'
import type { RequestView } from '../../card/view.ts'
import { elementsOf, noteOf, plainOf } from '../text/spans.ts'
import { renderAlike } from './alike.ts'
import { buttonsOf, refreshOf } from './buttons.ts'
import { atAGlance, readingLines } from './consequence.ts'
import type { Element } from './elements.ts'
import { type CardMessage, messageOf } from './message.ts'
import { barredNote, callingIn, cardNeeds } from './needs.ts'
import {
  agentSays,
  digestOf,
  factNotes,
  parameters,
  rollback,
  times,
  titleParts,
  whereAndWho,
  why,
} from './parts.ts'
import { firstThatFits } from './size.ts'
import { renderTogether } from './together.ts'

/** The card of one request, drawn in the order of its content; what it says is `src/card/content.ts`. */
export function renderCard(card: Pick<Card, 'id' | 'status'>, view: RequestView): CardMessage {
  const { people } = view
  if (card.status === 'replaced') {
    const text = replacedContent(view)
    return messageOf({ summary: plainOf(people, text), body: [noteOf(people, text)], people })
  }
  const [first, ...others] = view.lines ?? []
  if (first) {
    return isAlike(others)
      ? renderAlike(card.id, view, alikeContent([first, ...others]))
      : renderTogether(card.id, view, [first, ...others])
  }
  const content = cardContent(view)
  const less = withoutAction(view, content)
  return firstThatFits([
    () => drawn(card.id, view, { content, body: wholeBody(card.id, view, content) }),
    () => drawn(card.id, view, { content: less, body: wholeBody(card.id, view, less) }),
    () => drawn(card.id, view, { content: less, body: leastBody(card.id, view, less) }),
  ])
}

interface Body {
  readonly content: CardContent
  readonly body: readonly Element[]
}

function drawn(card: string, { request, people }: RequestView, { content, body }: Body): CardMessage {
  const isOpen = request.state === 'pending'
  return messageOf({
    summary: content.notification,
    body,
    people,
    calling: isOpen ? callingIn(content) : [],
    ...(isOpen && { refresh: refreshOf(card, request.id) }),
  })
}

function wholeBody(card: string, { request, people }: RequestView, content: CardContent): readonly Element[] {
  const ending = elementsOf(people, content.ending)
  const isOpen = request.state === 'pending'
  return [
    ...titleParts(content.title),
    ...atAGlance(content.consequence, people),
    ...whereAndWho(content, people),
    ...(isOpen ? [] : ending),
    ...cardNeeds(content, people),
    ...why(content, people),
    ...(isOpen ? ending : []),
    ...readingLines(content.consequence, people),
    ...times(content, people),
    ...factNotes(content.facts, people),
    ...parameters(content, people),
    ...rollback(content, people),
    ...agentSays(content, people),
    ...elementsOf(people, content.revision),
    ...elementsOf(people, content.notes),
    ...buttonsOf(card, request, content.buttons),
    ...barredNote(content, people),
    ...(content.onApproval ? [noteOf(people, content.onApproval)] : []),
    ...(content.credentials ? [noteOf(people, content.credentials)] : []),
    ...factNotes(content.besides, people),
    noteOf(people, [ours(`${content.request} · ${digestOf(content)}`)]),
  ]
}

/** For the rare card that has no room for what stands around the action, either. */
function leastBody(card: string, { request, people }: RequestView, content: CardContent): readonly Element[] {
  return [
    ...titleParts(content.title),
    ...parameters(content, people),
    ...buttonsOf(card, request, content.buttons),
    noteOf(people, [ours(`${content.request} · ${digestOf(content)}`)]),
  ]
}
