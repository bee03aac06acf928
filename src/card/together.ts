import { shortDigest } from '../core/digest.ts'
import type { AnyRequest } from '../core/request.ts'
import { effectiveLegs } from '../core/request.ts'
import { type Consequence, consequenceOf, oddHosts } from './consequence.ts'
import { type Facts, factsOf } from './facts.ts'
import { sayHost, textsIn } from './hosts.ts'
import { shownDigest } from './masked.ts'
import { callingOpen } from './needs.ts'
import { between, listed, name, nothing, ours, outside, say, type Text, warning } from './span.ts'
import { isolated, lengthOf } from './text.ts'
import { approversOf, decidersOf, titleOfState } from './titles.ts'
import type { RequestView } from './view.ts'
import { reasonsIn } from './why.ts'

/* Requests that one card asks about together, each in full (docs/sets.md). */

/** One request of several, on the card that asks about all of them. */
export interface Line {
  /** From 1 on. */
  readonly nth: number
  readonly request: string
  /** What it is, and how it stands once it does not wait any more. Without people and moments: from outside, and nothing is parsed. */
  readonly label: Text
  readonly consequence: Consequence
  readonly where: { readonly environment: string; readonly resource: string }
  readonly parameters: readonly string[]
  /** What is odd about it, why people are asked, who has agreed or decided. */
  readonly notes: readonly Text[]
  readonly digest: string
}

/** What one card holds of all its lines, in code points and lines as they are drawn: channels draw less than they take. */
const oneCard = { length: 7_500, lines: 160 } as const

/** Whether a card shows all of these, each whole. */
export function fitsOneCard(requests: readonly AnyRequest[]): boolean {
  const facts = requests.map(factsOf)
  if (facts.some(({ fits }) => !fits)) return false
  const texts = requests.map((request, nth) => linesIn(request, facts[nth] ?? factsOf(request)))
  const all = texts.flat()
  return all.length <= oneCard.lines && lengthOf(all.join('\n')) <= oneCard.length
}

/** As long as it is drawn, or longer: who has agreed stands there later. */
function linesIn(request: AnyRequest, facts: Facts): readonly string[] {
  const { sentence, marks, differences, values, readings } = consequenceOf({ request }, facts, [])
  const told = [marks, ...differences, ...values, ...readings, ...whyIn(request)]
  const said = [...(sentence ? [sentence] : []), ...told].map(roughly)
  return [facts.name, `${facts.environment} ${facts.resource}`, ...said, ...facts.drawn.parameters]
}

function roughly(text: Text): string {
  return text.map((span) => ('words' in span ? span.words : 'outside' in span ? span.outside : ' ')).join('')
}

export function linesOf(views: readonly RequestView[]): readonly Line[] {
  return views.map((view, at) => lineOf(view, at + 1))
}

function lineOf(view: RequestView, nth: number): Line {
  const { request } = view
  const facts = factsOf(request)
  const hosts = oddHosts(view, textsIn(request.action.params))
  const stands =
    request.state === 'pending' && !view.held ? nothing : say`: ${ours(titleOfState(request, view.held))}`
  const drawn = facts.drawn.parameters
  return {
    nth,
    request: request.id,
    label: say`${nth} · ${outside(facts.name, 130)}${stands}`,
    consequence: consequenceOf(view, facts, hosts),
    where: { environment: isolated(facts.environment), resource: isolated(facts.resource) },
    parameters: request.erased ? ['erased'] : drawn.length > 0 ? drawn : ['no parameters'],
    notes: [
      ...hosts.map((host) => say`${warning} Look closely at this name: ${sayHost(host)}.`),
      ...whyIn(request),
      ...whoIn(view),
    ],
    digest: shortDigest(shownDigest(request).digest),
  }
}

function whyIn(request: AnyRequest): readonly Text[] {
  if (request.state !== 'pending') return []
  const reasons = reasonsIn(request.verdict, { rules: 1, length: 200 })
  const errors = request.verdict.errors.length
  return [
    say`Why: ${reasons.length > 0 ? between(reasons, ' · ') : say`no rule allows this action`}`,
    ...(errors > 0
      ? [say`${warning} ${errors} of its conditions could not be evaluated, and counted as the stricter way.`]
      : []),
  ]
}

/** Who has agreed so far, or has decided it. */
export function whoIn(view: RequestView): readonly Text[] {
  const isOpen = view.request.state === 'pending'
  const people = isOpen ? approversOf(view) : decidersOf(view)
  if (people.length === 0) return []
  const names = listed(people.map((id) => [name(id)]))
  return [isOpen ? say`Agreed so far: ${names}` : say`By ${names}`]
}

/** Whose agreement is missing, and for which lines; who may not decide, and which. */
export interface Missing {
  readonly seats: readonly Text[]
  readonly barred: readonly Text[]
}

export function missingFor(views: readonly RequestView[]): Missing {
  return {
    seats: forLines(views, openSeats),
    barred: forLines(views, ({ request }) =>
      [...new Set(request.behind.map(({ person }) => person))].map((id) => [name(id)]),
    ),
  }
}

/** What is said of each line that waits, once, and for which of them it holds. */
export function forLines(
  views: readonly RequestView[],
  says: (view: RequestView) => readonly Text[],
): readonly Text[] {
  const waiting = views.flatMap((view, at) =>
    view.request.state === 'pending' ? [{ view, nth: at + 1 }] : [],
  )
  const all = waiting.flatMap(({ view, nth }) => says(view).map((one) => ({ says: one, nth })))
  return grouped(all).map((one) =>
    one.lines.length === waiting.length ? one.says : say`${one.says} for ${numbers(one.lines)}`,
  )
}

function openSeats(view: RequestView): readonly Text[] {
  return effectiveLegs(view.request).flatMap((leg) => {
    const open = leg.count - (view.filled.get(leg.name)?.length ?? 0)
    return open > 0 ? [say`${open} of ${callingOpen(view, leg)}`] : []
  })
}

interface Said {
  readonly says: Text
  readonly nth: number
}

/** What is said of several lines is said once. */
function grouped(
  all: readonly Said[],
): readonly { readonly says: Text; readonly lines: readonly number[] }[] {
  const groups = new Map<string, { says: Text; lines: number[] }>()
  for (const { says, nth } of all) {
    const key = JSON.stringify(says)
    const group = groups.get(key) ?? { says, lines: [] }
    if (!group.lines.includes(nth)) group.lines.push(nth)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** `1, 2 and 5`. */
export function numbers(lines: readonly number[]): Text {
  return listed(lines.map((nth) => [ours(String(nth))]))
}
