import type { AccountKey } from '../../core/identity.ts'
import type { Entry } from '../../ledger/entry.ts'
import { commandToVerify, placeIn, placeText } from '../../ledger/place.ts'
import { factsOf } from '../facts.ts'
import { happened } from '../happened.ts'
import type { Passage } from '../passage.ts'
import { between, nothing, onDay, ours, outside, say, strong, type Text, typed } from '../span.ts'
import { cut } from '../text.ts'
import { titleOf } from '../titles.ts'
import type { RequestView } from '../view.ts'
import type { WindowContent } from './window.ts'

/** What is recorded about a request and its rollbacks, as somebody may read it, in order; and where it stands in the ledger. */
export interface Story {
  readonly view: RequestView
  readonly entries: readonly Entry[]
  /** Null before the ledger has begun. */
  readonly places: {
    readonly origin: string
    /** By the id of an entry. */
    readonly indexes: ReadonlyMap<string, number>
  } | null
  /** Of the accounts that did what is told. */
  readonly names: ReadonlyMap<AccountKey, string>
}

/** Entries on a page: so many are read without scrolling for ever. */
export const entriesPerPage = 20

/** The request's entries in order, each with its index in the ledger, its time and who did it; a page of them. */
export function historyContent(story: Story, wanted: number): WindowContent {
  const { view, entries } = story
  const { request, people } = view
  const pages = Math.max(1, Math.ceil(entries.length / entriesPerPage))
  const page = Math.min(Math.max(wanted, 0), pages - 1)
  const from = page * entriesPerPage
  const here = entries.slice(from, from + entriesPerPage)
  const count =
    entries.length > here.length
      ? `${from + 1} to ${from + here.length} of ${entries.length} entries`
      : `${here.length} ${here.length === 1 ? 'entry' : 'entries'}`
  return {
    title: 'History',
    heading: titleOf(request, factsOf(request), view.held),
    passages: [
      { aside: `${count} · ${request.id}` },
      ...storyPassages(story, here),
      { aside: placeOf(story) },
    ],
    page,
    pages,
    buttons: [],
    leadsTo: 'full',
    people,
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

/** A passage has room for 3,000 characters, and the longest line is shorter than 300. */
const linesPerPassage = 8

/** Entries as lines, a few to a passage, so that none is cut. */
export function storyPassages(story: Story, entries: readonly Entry[]): readonly Passage[] {
  if (entries.length === 0) return [{ line: say`Nothing is recorded.` }]
  const lines = entries.map((entry) => storyLine(story, entry))
  const starts = Array.from(
    { length: Math.ceil(lines.length / linesPerPassage) },
    (_, nth) => nth * linesPerPassage,
  )
  return starts.map((at) => ({ line: between(lines.slice(at, at + linesPerPassage), '\n') }))
}

/** What was attempted, where the word of the record is not one that people use. */
const attempted: Readonly<Record<string, string>> = {
  break_glass: 'break glass',
  close_review: 'close the review',
}

/** `*12*  today at 14:03  asked, by agent …`: ids, names of agents and our own words only. What happened to a rollback, or to another line of its card, says so. */
function storyLine(story: Story, entry: Entry): Text {
  const { view, places } = story
  const index = places?.indexes.get(entry.id)
  const said = entry.data.kind
  const kind = typeof said === 'string' ? say` (${outside(attempted[said] ?? said, 20)})` : nothing
  const what = happened[entry.type] ?? entry.type
  return say`${strong`${ours(String(index ?? '–'))}`}  ${onDay(entry.ts)}  ${ours(whoseIn(story, entry))}${ours(what)}${kind}${other(entry)}, by ${actorOf(view, story.names, entry)}`
}

/** The other request where one was asked instead of another: what this one was asked instead of, or what is asked instead of it. */
function other({ data }: Entry): Text {
  const found = instead.find(([name]) => typeof data[name] === 'string')
  return found ? say`, ${ours(found[1])} ${typed(cut(String(data[found[0]]), 40))}` : nothing
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

function actorOf({ request: { agent } }: RequestView, names: Story['names'], { actor }: Entry): Text {
  if (actor.account)
    return [{ account: actor.account, name: names.get(actor.account) ?? `${actor.kind} ${actor.id}` }]
  if (actor.kind === 'system') return say`Countersign`
  // As much of it as tells two policies apart, and as cards say.
  if (actor.kind === 'policy') return [outside(`policy ${actor.id.slice(0, 'sha256:'.length + 12)}`, 80)]
  const nameOf = new Map([[agent.id, agent.name]])
  const name = actor.kind === 'agent' ? nameOf.get(actor.id) : undefined
  return [outside(`${actor.kind} ${name ?? actor.id}`, 80)]
}
