import type { AlikeContent } from '../../card/alikeContent.ts'
import { withoutAction } from '../../card/content.ts'
import { between, ours } from '../../card/span.ts'
import type { People, RequestView } from '../../card/view.ts'
import { lineOf, linesOf, noteOf } from '../text/spans.ts'
import { lineButtons } from './buttons.ts'
import { atAGlance, readingLines } from './consequence.ts'
import type { Element } from './elements.ts'
import { type CardMessage, messageOf } from './message.ts'
import { openSeats } from './needs.ts'
import { agentSays, digestOf, factNotes, parameters, times, titleParts, whereAndWho, why } from './parts.ts'
import { firstThatFits } from './size.ts'
import { barred, buttonsForAll, onlyReading, refreshing } from './together.ts'

/** What several requests ask alike, once; below it each of them. */
export function renderAlike(card: string, view: RequestView, alike: AlikeContent): CardMessage {
  const less = { ...alike, lines: onlyReading(alike.lines) }
  const least = { ...less, card: withoutAction(view, alike.card), buttons: [], escalations: [] }
  const { people } = view
  const shown = (one: AlikeContent) => drawn(card, view, { alike: one, body: body(card, view, one) })
  const isWhole = 'lines' in alike.card.parameters
  return firstThatFits([
    () => shown(isWhole ? alike : least),
    () => shown(isWhole ? less : least),
    () => shown(least),
    () =>
      drawn(card, view, {
        alike: least,
        body: [
          ...titleParts(least.title),
          ...parameters(least.card, people),
          ...least.lines.flatMap((line) => [
            noteOf(people, [ours(line.request)]),
            ...lineButtons({ request: line.request, card }, line.menu),
          ]),
        ],
      }),
  ])
}

function drawn(
  card: string,
  view: RequestView,
  { alike, body }: { readonly alike: AlikeContent; readonly body: readonly Element[] },
): CardMessage {
  const { missing, escalations, notification } = alike
  return messageOf({
    summary: notification,
    body,
    people: view.people,
    calling: [...missing.seats, ...escalations],
    ...refreshing(card, view),
  })
}

function body(card: string, view: RequestView, alike: AlikeContent): readonly Element[] {
  const { people } = view
  const { card: content, deadline } = alike
  return [
    ...titleParts(alike.title),
    ...atAGlance(content.consequence, people),
    ...whereAndWho(content, people),
    ...openSeats(people, alike.missing.seats),
    ...linesOf(people, alike.escalations),
    ...why(content, people),
    ...readingLines(content.consequence, people),
    ...times({ ...content, deadline }, people),
    ...factNotes(content.facts, people),
    ...parameters(content, people),
    ...agentSays(content, people),
    ...lines(card, alike, people),
    ...(alike.onApproval ? [noteOf(people, alike.onApproval)] : []),
    ...buttonsForAll(card, view, alike),
    ...barred(alike, people),
    ...(content.credentials ? [noteOf(people, content.credentials)] : []),
    noteOf(people, [ours(digestOf(content))]),
  ]
}

/** One after the other those of which something can be done, and all others in one line. */
function lines(card: string, { lines: all }: AlikeContent, people: People): readonly Element[] {
  const over = all.filter((line) => line.menu.length === 0).map(({ says }) => says)
  return [
    ...all
      .filter((line) => line.menu.length > 0)
      .flatMap((line) => [
        { ...lineOf(people, line.says, 'Medium'), separator: true },
        ...(line.reason.length > 0 ? [noteOf(people, line.reason, 'None')] : []),
        ...lineButtons({ request: line.request, card }, line.menu),
      ]),
    ...(over.length > 0 ? [noteOf(people, between(over, '   '))] : []),
  ]
}
