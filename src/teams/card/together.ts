import type { CardButton } from '../../card/buttons.ts'
import { linesOfConsequence } from '../../card/consequence.ts'
import { tooLong } from '../../card/content.ts'
import { between, ours, type Text } from '../../card/span.ts'
import { type LineWithMenu, type TogetherContent, togetherContent } from '../../card/togetherContent.ts'
import type { People, RequestView } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import { heading } from '../text/heading.ts'
import { laidOut, lineOf, noteOf, notesOf } from '../text/spans.ts'
import { actionSet, dialogFor, lineButtons, refreshOf } from './buttons.ts'
import type { Element, ExecuteAction } from './elements.ts'
import { type CardMessage, messageOf } from './message.ts'
import { cannotDecide, openSeats } from './needs.ts'
import { agentSays, factNotes, placeIn } from './parts.ts'
import { firstThatFits } from './size.ts'

/** A card that asks about several requests. What it says is `src/card/togetherContent.ts`. `view` is the one that carries it. */
export function renderTogether(card: string, view: RequestView, views: readonly RequestView[]): CardMessage {
  const content = togetherContent(view, views)
  const less = { ...content, lines: onlyReading(content.lines) }
  const least = { ...less, buttons: [], agentSays: null, onApproval: null }
  const shown = (one: TogetherContent, draw: DrawLine) =>
    messageOf({
      summary: one.notification,
      body: body(card, view, { content: one, draw }),
      people: view.people,
      calling: one.missing.seats,
      ...refreshing(card, view),
    })
  return firstThatFits([
    () => shown(content, wholeLine),
    () => shown(less, wholeLine),
    () => shown(least, lineWithoutAction),
    () => shown({ ...least, facts: [], missing: { seats: [], barred: [] } }, onlyId),
  ])
}

type DrawLine = (line: LineWithMenu, people: People) => readonly Element[]

interface Body {
  readonly content: TogetherContent
  readonly draw: DrawLine
}

function body(card: string, view: RequestView, { content, draw }: Body): readonly Element[] {
  const { people } = view
  return [
    heading(content.title),
    ...(content.deadline ? [noteOf(people, content.deadline)] : []),
    ...factNotes(content.facts, people),
    ...openSeats(people, content.missing.seats),
    ...content.lines.flatMap((line) => [
      ...draw(line, people),
      ...lineButtons({ request: line.request, card }, line.menu),
    ]),
    ...agentSays(content, people),
    ...(content.onApproval ? [noteOf(people, content.onApproval)] : []),
    ...buttonsForAll(card, view, content),
    ...barred(content, people),
    noteOf(people, [ours(content.set)]),
  ]
}

const wholeLine: DrawLine = ({ consequence, where, parameters, notes, ...line }, people) => [
  labelled(people, line.label, [...linesOfConsequence(consequence), placeIn(where)]),
  laidOut(parameters),
  ...notesOf(people, [...notes, [ours(`${line.request} · sha256 ${line.digest}`)]]),
]

/** Half an action must never look like a whole one. */
const lineWithoutAction: DrawLine = ({ label, where }, people) => [
  labelled(people, label, [placeIn(where), tooLong]),
]

/** For the rare card that has no room for names, either. */
const onlyId: DrawLine = ({ nth, request }, people) => [
  labelled(people, [ours(`${nth} · ${request}`)], [tooLong]),
]

function labelled(people: People, label: Text, below: readonly Text[]): Element {
  return { ...lineOf(people, between([[{ strong: label }], ...below], '\n'), 'Medium'), separator: true }
}

/** Where there is no room for all that can be done with each line: that stands on the last page of its full view. */
export function onlyReading<L extends { readonly menu: readonly CardButton[] }>(lines: readonly L[]): L[] {
  return lines.map((line) => ({ ...line, menu: line.menu.filter(({ command }) => command === 'full') }))
}

export function buttonsForAll(
  card: string,
  { request }: RequestView,
  { buttons }: Pick<TogetherContent, 'buttons'>,
): readonly Element[] {
  if (buttons.length === 0) return []
  return [
    actionSet(
      buttons.map(({ button, together }) =>
        dialogFor(button, buttonValue({ request: request.id, card, together })),
      ),
    ),
  ]
}

export function barred(
  { missing: { seats, barred: said } }: Pick<TogetherContent, 'missing'>,
  people: People,
): readonly Element[] {
  return seats.length > 0 && said.length > 0 ? [cannotDecide(between(said, ', '), people)] : []
}

/** As long as one of its requests waits. */
export function refreshing(
  card: string,
  { request, lines = [] }: RequestView,
): { readonly refresh?: ExecuteAction } {
  const isOpen = lines.some((line) => line.request.state === 'pending')
  return isOpen ? { refresh: refreshOf(card, request.id) } : {}
}
