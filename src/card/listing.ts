import { canonical } from '../core/canonical.ts'
import type { Json } from '../core/json.ts'
import { effectiveLegs } from '../core/request.ts'
import { isChange } from './asking.ts'
import { oddHosts } from './consequence.ts'
import { factsOf, summaryOf } from './facts.ts'
import { textsIn } from './hosts.ts'
import { parameterLines } from './parameters.ts'
import { name, nothing, onDay, ours, outside, say, shown, strong, type Text, warning } from './span.ts'
import { cut } from './text.ts'
import { titleOfState } from './titles.ts'
import type { RequestView } from './view.ts'

/** One request in a list, so that it can be told from those beside it. */
export interface ListedRow {
  readonly request: string
  /** The action in one sentence: from outside, revealed, not cut. */
  readonly summary: string
  /** Its state in words, since when, until when. */
  readonly state: Text
  /** That it is not what it looks like, by which agent, for whom, what it has in other words than the others, and how many have agreed. */
  readonly about: Text
}

const shownDiffering = 2

/** Requests of one list, in its order. `now` is in milliseconds. */
export function listedRows(views: readonly RequestView[], now: number): readonly ListedRow[] {
  const summaries = views.map(({ request }) => summaryOf(factsOf(request)))
  return views.map((view, nth) => {
    const summary = summaries[nth] ?? ''
    const alike = views.filter((_, other) => summaries[other] === summary)
    const about = [...oddities(view), whoseOf(view), ...differing(view, alike), ...agreedOf(view)]
    return {
      request: view.request.id,
      summary,
      state: stateOf(view, now),
      about: about.flatMap((text, place) => (place > 0 ? [ours(' · '), ...text] : text)),
    }
  })
}

/** What its card marks: a list is where people choose what to open. */
function oddities(view: RequestView): readonly Text[] {
  const { request } = view
  return [
    ...(oddHosts(view, textsIn(request.action.params)).length > 0 ? [say`${warning} look-alike name`] : []),
    ...(factsOf(request).hidden ? [say`${warning} hidden characters`] : []),
  ]
}

function stateOf({ request }: RequestView, now: number): Text {
  const { state, createdAt, expiresAt } = request
  const until =
    state === 'pending' && expiresAt
      ? say`, until ${onDay(expiresAt)} (${ours(leftUntil(expiresAt, now))})`
      : nothing
  return say`${strong`${ours(titleOfState(request))}`}, asked ${onDay(createdAt)}${until}`
}

/** `42 minutes left`, rounded down: never more than there is. */
function leftUntil(expiresAt: string, now: number): string {
  const minutes = Math.floor((Date.parse(expiresAt) - now) / 60_000)
  if (minutes < 1) return 'less than a minute left'
  const [count, unit] = minutes < 120 ? [minutes, 'minute'] : [Math.floor(minutes / 60), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'} left`
}

function whoseOf({ request }: RequestView): Text {
  const { agent, initiator } = request
  return isChange(request)
    ? say`proposed by ${name(initiator.person)}`
    : say`${outside(agent.name, 60)} for ${name(initiator.person)}`
}

/** Parameters in which requests about the same thing differ, the first two: what tells them apart. */
function differing({ request }: RequestView, alike: readonly RequestView[]): readonly Text[] {
  const { params } = request.action
  const keys = [...new Set(alike.flatMap((one) => Object.keys(one.request.action.params)))].sort()
  const differ = keys.filter(
    (key) => new Set(alike.map((one) => textOf(one.request.action.params[key]))).size > 1,
  )
  return differ.slice(0, shownDiffering).map((key) => {
    const value = params[key]
    const [line = ''] = value === undefined ? [`${key}: none`] : oneLine(key, value)
    return [shown(cut(line, 80), 80)]
  })
}

/** A text that would take several lines is cut in one. */
function oneLine(key: string, value: Json): readonly string[] {
  return parameterLines({ [key]: typeof value === 'string' ? firstWords(value) : value })
}

function firstWords(text: string): string {
  return cut(text.replace(/\s+/g, ' '), 60)
}

function textOf(value: Json | undefined): string {
  return canonical([value ?? null])
}

function agreedOf(view: RequestView): readonly Text[] {
  const legs = effectiveLegs(view.request)
  const needed = legs.reduce((sum, { count }) => sum + count, 0)
  if (needed === 0) return []
  const filled = legs.reduce((sum, leg) => sum + (view.filled.get(leg.name)?.length ?? 0), 0)
  return [say`${filled} of ${needed} agreed`]
}
