import { canonical } from '../core/canonical.ts'
import { shortDigest } from '../core/digest.ts'
import type { Json } from '../core/json.ts'
import { progressOf } from '../core/progress.ts'
import { effectiveLegs } from '../core/request.ts'
import { isChange } from './asking.ts'
import { oddHosts } from './consequence.ts'
import { factsOf, summaryOf } from './facts.ts'
import { textsIn } from './hosts.ts'
import { shownDigest } from './masked.ts'
import { parameterLines } from './parameters.ts'
import { recordedOf } from './recorded.ts'
import { rollbackWords } from './rollback.ts'
import {
  between,
  name,
  nothing,
  onDay,
  ours,
  outside,
  say,
  shown,
  strong,
  type Text,
  warning,
} from './span.ts'
import { cut, lengthOf, revealLine, word } from './text.ts'
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

const shownDiffering = 3

/** Characters of a value that stand in one line. */
const comfortable = 60
const mostShown = 200

/** Requests of one list, in its order. `now` is in milliseconds. */
export function listedRows(views: readonly RequestView[], now: number): readonly ListedRow[] {
  const summaries = views.map(({ request }) => summaryOf(factsOf(request)))
  const told = views.map((view, nth) =>
    differing(
      view,
      views.filter((_, other) => summaries[other] === summaries[nth]),
    ),
  )
  return views.map((view, nth) => {
    const same = views.filter(
      (_, other) =>
        summaries[other] === summaries[nth] && JSON.stringify(told[other]) === JSON.stringify(told[nth]),
    )
    const parts = [
      ...oddities(view),
      whoseOf(view),
      ...(told[nth] ?? []),
      ...digestOf(view, same),
      ...agreedOf(view),
      ...progressIn(view),
      ...rollbackWords(view),
      ...togetherIn(view),
    ]
    return {
      request: view.request.id,
      summary: summaries[nth] ?? '',
      state: stateOf(view, now),
      about: between(parts, ' · '),
    }
  })
}

/** Asked with others, on one card; what was declared with it as its rollback is told as that. */
function togetherIn({ request: { set, alike, rollsBack }, rollbacks = [] }: RequestView): readonly Text[] {
  if (alike) return [say`asks the same as ${ours(alike.card)}, on its card`]
  const isPair = rollsBack !== undefined || rollbacks.some((one) => one.set?.id === set?.id)
  return set && !isPair ? [say`asked together with others (${ours(set.id)})`] : []
}

/** Where what is shown does not tell two actions apart, their digests do. */
function digestOf({ request }: RequestView, same: readonly RequestView[]): readonly Text[] {
  const isUnlike = same.some((other) => other.request.digest !== request.digest)
  const { name, digest } = shownDigest(request)
  return isUnlike
    ? [say`${ours(name === 'digest' ? 'sha256' : 'salted sha256')} ${ours(shortDigest(digest))}`]
    : []
}

/** What its card marks: a list is where people choose what to open. */
function oddities(view: RequestView): readonly Text[] {
  const { request } = view
  return [
    ...(oddHosts(view, textsIn(request.action.params)).length > 0 ? [say`${warning} look-alike name`] : []),
    ...(factsOf(request).hidden ? [say`${warning} hidden characters`] : []),
  ]
}

function stateOf({ request, held }: RequestView, now: number): Text {
  const { state, createdAt, expiresAt } = request
  const until =
    state === 'pending' && expiresAt
      ? say`, until ${onDay(expiresAt)} (${ours(leftUntil(expiresAt, now))})`
      : nothing
  return say`${strong`${ours(titleOfState(request, held))}`}, asked ${onDay(createdAt)}${until}`
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

/** Parameters in which requests about the same thing differ, the first ones: what tells them apart. */
function differing({ request }: RequestView, alike: readonly RequestView[]): readonly Text[] {
  const all = alike.map((one) => one.request.action.params)
  const keys = [...new Set(all.flatMap((params) => Object.keys(params)))].sort()
  const differ = keys.filter((key) => new Set(all.map((params) => textOf(params[key]))).size > 1)
  const compared = new Set(alike.flatMap((one) => comparedIn(one)))
  const weight = (key: string): number =>
    Number(compared.has(key)) + Number(all.some((params) => typeof params[key] === 'number'))
  const ranked = differ.sort((a, b) => weight(b) - weight(a))
  const more = ranked.length - shownDiffering
  const told = ranked.slice(0, shownDiffering).map((key) => [
    shown(
      oneLine(
        key,
        request.action.params[key],
        all.map((params) => params[key]),
      ),
      mostShown,
    ),
  ])
  return more > 0 ? [...told, say`${more} more differ`] : told
}

/** Parameters that rules asked by. */
function comparedIn({ request }: RequestView): readonly string[] {
  const paths = [...recordedOf(request).because.values()].flat().map(({ path }) => path)
  return paths.flatMap((path) => /params\.([\w-]+)/.exec(path)?.[1] ?? [])
}

/** Points of a value that is too long for one line: of its beginning, and before and behind where it differs. */
const pieces = { first: 16, before: 8, behind: 28 } as const

function oneLine(key: string, value: Json | undefined, all: readonly (Json | undefined)[]): string {
  const name = cut(word(key), 40)
  if (value === undefined) return `${name}: none`
  const [line = '', ...more] = parameterLines({ [key]: value })
  if (more.length === 0 && lengthOf(line) <= comfortable) return line
  const text = [...written(value)]
  const from = Math.max(0, ...all.map((other) => alikeUntil(text, [...written(other ?? null)])))
  const begin = Math.max(0, from - pieces.before)
  const end = from + pieces.behind
  const first = begin <= pieces.first ? text.slice(0, begin) : [...text.slice(0, pieces.first), '…']
  return `${name}: ${revealLine([...first, ...text.slice(begin, end), ...(end < text.length ? ['…'] : [])].join(''))}`
}

function written(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : canonical([value]).slice(1, -1)
}

/** Where two texts begin to differ; 0 when they do not. */
function alikeUntil(one: readonly string[], other: readonly string[]): number {
  return Math.max(
    0,
    one.findIndex((point, nth) => point !== other[nth]),
  )
}

function textOf(value: Json | undefined): string {
  return canonical([value ?? null])
}

/** What has become of an approval, in the words of its card. */
function progressIn({ request }: RequestView): readonly Text[] {
  const progress = progressOf(request)
  return progress === null ? [] : [say`${ours(progress)}`]
}

function agreedOf(view: RequestView): readonly Text[] {
  const legs = effectiveLegs(view.request)
  const needed = legs.reduce((sum, { count }) => sum + count, 0)
  if (needed === 0) return []
  const filled = legs.reduce((sum, leg) => sum + (view.filled.get(leg.name)?.length ?? 0), 0)
  return [say`${filled} of ${needed} agreed`]
}
