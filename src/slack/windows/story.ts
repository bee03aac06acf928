import type { KnownBlock, ModalView } from '@slack/types'
import type { Places } from '../../approvals/queries.ts'
import { factsOf } from '../../card/facts.ts'
import { titleOf } from '../../card/titles.ts'
import type { RequestView } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import type { Entry } from '../../ledger/entry.ts'
import { commandToVerify, placeIn, placeText } from '../../ledger/place.ts'
import { titleBlock } from '../card/card.ts'
import { actions, button, context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { happened } from '../text/happened.ts'
import { account, time } from '../text/mrkdwn.ts'
import { turningButtons } from './pages.ts'
import { shell } from './shell.ts'

/** What is recorded about a request and its rollbacks, as somebody may read it, in order; and where it stands in the ledger. */
export interface Story {
  readonly view: RequestView
  readonly entries: readonly Entry[]
  /** Null before the ledger has begun. */
  readonly places: Places | null
}

/** Entries on a page: so many are read without scrolling for ever. */
export const entriesPerPage = 20

/** The request's entries in order, each with its index in the ledger, its time and who did it; a page of them. */
export function historyModal(story: Story, origin: ViewOrigin): ModalView {
  const { view, entries } = story
  const { request } = view
  const pages = Math.max(1, Math.ceil(entries.length / entriesPerPage))
  const page = Math.min(Math.max(origin.page, 0), pages - 1)
  const from = page * entriesPerPage
  const here = entries.slice(from, from + entriesPerPage)
  const count =
    entries.length > here.length
      ? `${from + 1} to ${from + here.length} of ${entries.length} entries`
      : `${here.length} ${here.length === 1 ? 'entry' : 'entries'}`
  const whole = button('view_full', 'Full request', buttonValue({ request: request.id, card: origin.card }))
  return {
    ...shell('History', { ...origin, page }),
    callback_id: 'history',
    blocks: [
      titleBlock(titleOf(request, factsOf(request), view.held)),
      context(plain(`${count} · ${request.id}`)),
      ...lineBlocks(story, here),
      context(plain(placeOf(story))),
      actions(`turn.${page}`, [...turningButtons(page, pages), whole]),
    ],
  }
}

/** Where what is told stands in the ledger, and what shows that it does. Of what the viewer may not hear nothing is said. */
export function placeOf({ view: { request }, entries, places }: Story): string {
  if (!places) return 'The ledger has not begun yet.'
  const own = entries.filter((entry) => entry.request === request.id)
  const place = placeIn(
    places.origin,
    own.map((entry) => places.indexes.get(entry.id) ?? null),
  )
  return `It is ${placeText(place)}; an auditor verifies it with: ${commandToVerify(request.id)}`
}

/** A block has room for 3,000 characters, and the longest line is shorter than 300. */
const linesPerBlock = 8

/** Entries as lines, a few to a block, so that none is cut. */
export function lineBlocks(story: Story, entries: readonly Entry[]): KnownBlock[] {
  if (entries.length === 0) return [section(mrkdwn('Nothing is recorded.'))]
  const lines = entries.map((entry) => storyLine(story, entry))
  const starts = Array.from(
    { length: Math.ceil(lines.length / linesPerBlock) },
    (_, nth) => nth * linesPerBlock,
  )
  return starts.map((at) => section(mrkdwn(lines.slice(at, at + linesPerBlock).join('\n'))))
}

/** What was attempted, where the word of the record is not one that people use. */
const attempted: Readonly<Record<string, string>> = {
  break_glass: 'break glass',
  close_review: 'close the review',
}

/** `*12*  today at 14:03  asked, by agent …`: ids, names of agents and our own words only. What happened to a rollback, or to another line of its card, says so. */
function storyLine(story: Story, entry: Entry): string {
  const { view, places } = story
  const index = places?.indexes.get(entry.id)
  const said = entry.data.kind
  const kind = typeof said === 'string' ? ` (${attempted[said] ?? inline(said, 20)})` : ''
  const what = `${whoseIn(story, entry)}${happened[entry.type] ?? inline(entry.type, 40)}${kind}${other(entry)}`
  return `*${index ?? '–'}*  ${time(entry.ts, 'day')}  ${what}, by ${actorOf(view, entry)}`
}

/** The other request where one was asked instead of another: what this one was asked instead of, or what is asked instead of it. */
function other({ data }: Entry): string {
  const found = instead.find(([name]) => typeof data[name] === 'string')
  return found ? `, ${found[1]} \`${inline(String(data[found[0]]), 40)}\`` : ''
}

const instead = [
  ['revises', 'as a revision of'],
  ['narrows', 'for less than'],
  ['revised_by', 'revised as'],
  ['narrowed_to', 'to'],
] as const

/** What undoes it is a rollback; anything else told with it is another line of its card, by the number that it has there. */
function whoseIn({ view, entries }: Story, { request }: Entry): string {
  const undoing = (view.rollbacks ?? []).map(({ id }) => id)
  if (request === view.request.id || request === null) return ''
  if (undoing.includes(request)) return 'rollback '
  const all = entries.flatMap((one) => one.request ?? [])
  const lines = [...new Set(all)].filter((id) => !undoing.includes(id)).sort()
  return `line ${lines.indexOf(request) + 1} `
}

function actorOf({ request: { agent } }: RequestView, { actor }: Entry): string {
  const mention = actor.account ? account(actor.account) : null
  if (mention !== null) return mention
  if (actor.kind === 'system') return 'Countersign'
  // As much of it as tells two policies apart, and as cards say.
  if (actor.kind === 'policy') return inline(`policy ${actor.id.slice(0, 'sha256:'.length + 12)}`, 80)
  const nameOf = new Map([[agent.id, agent.name]])
  const name = actor.kind === 'agent' ? nameOf.get(actor.id) : undefined
  return inline(`${actor.kind} ${name ?? actor.id}`, 80)
}
