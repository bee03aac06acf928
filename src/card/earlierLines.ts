import type { CurrentPerson } from '../core/identity.ts'
import type { Json } from '../core/json.ts'
import type { AnyRequest } from '../core/request.ts'
import type { Difference, DifferenceKind } from './difference.ts'
import { type Earlier, earlierOf, lookedBack } from './earlier.ts'
import { leavesOf, type Scalar } from './leaves.ts'
import { resembling } from './similar.ts'
import { between, listed, name, nothing, onDay, ours, say, shown, type Text, warning } from './span.ts'
import { cut, lengthOf, revealLine } from './text.ts'
import type { RequestView } from './view.ts'

/** A request, and what people approved last of its kind. */
export interface WithPrecedent extends Pick<RequestView, 'precedent'> {
  readonly request: AnyRequest
}

/** Marks on a card; the full request has all that were kept. */
const mostOnCard = 3

/**
 * How this differs from what people approved before, while anybody is asked: a mark for each value that none of them had. Whoever is in a hurry
 * looks there first (threats: look-alike).
 */
export function differenceMarks(view: WithPrecedent): readonly Text[] {
  const marks = everyDifference(view)
  const onCard = fitting(marks.slice(0, mostOnCard))
  const more = marks.length - onCard.length + (pendingEarlier(view)?.more ?? 0)
  return [...onCard, ...(more > 0 ? [say`${warning} and ${more} more`] : [])]
}

/** All that were kept, for the full request. */
export function everyDifference(view: WithPrecedent): readonly Text[] {
  const before = valuesBefore(view)
  const all = groupedAdditions(pendingEarlier(view)?.differences ?? [])
  return all.map((one) => say`${warning} ${sayDifference(one, before)}`)
}

/** Characters of all marks together: three lines of a phone, however long the agent makes its names. */
const longestMarks = 120

/** As many whole ones as have room, and the first in any case. */
function fitting(marks: readonly Text[]): readonly Text[] {
  const lengths = marks.map((mark) => lengthOf(mark.map(wordsOf).join('')))
  const isIn = (nth: number) => lengths.slice(0, nth + 1).reduce((sum, one) => sum + one, 0) <= longestMarks
  return marks.filter((_, nth) => nth === 0 || isIn(nth))
}

function wordsOf(span: Text[number]): string {
  if ('outside' in span) return cut(span.outside, span.max)
  return 'words' in span ? span.words : '⚠'
}

/**
 * `3rd time this week · last approved … by Bob with the same parameters · this agent in 90 days: 41 of 44 approved, 1 deviated`. Ours and true, and
 * nobody is asked more or less for it. Nothing once nobody is asked any more.
 */
export function earlierSays(view: WithPrecedent): Text {
  const earlier = pendingEarlier(view)
  if (!earlier) return nothing
  const parts = [
    ...(earlier.nth > 1 ? [say`${ours(ordinal(earlier.nth))} time this week`] : []),
    ...lastApproved(view, earlier),
    ...ofAgent(earlier),
  ]
  return between(parts, ' · ')
}

function pendingEarlier({ request }: WithPrecedent): Earlier | null {
  return request.state === 'pending' ? earlierOf(request) : null
}

function lastApproved({ precedent }: WithPrecedent, { last, differences }: Earlier): readonly Text[] {
  if (!last) return [say`never approved in ${lookedBack.days} days`]
  if (!precedent || precedent.erased) return [say`what was approved last is erased`]
  const approvals = precedent.decisions.filter(({ kind, ended }) => kind === 'approve' && !ended)
  const at = approvals.at(-1)?.at ?? precedent.settledAt ?? precedent.createdAt
  const people = [...new Set(approvals.map(({ person }) => person))]
  const by = people.length > 0 ? say` by ${listed(people.map((id: CurrentPerson) => [name(id)]))}` : nothing
  const how = last.isSame
    ? say` with the same parameters`
    : differences === null
      ? say`, too long to be compared`
      : differences.length === 0
        ? say`, nothing new in this one`
        : nothing
  return [say`last approved ${onDay(at)}${by}${how}`]
}

function ofAgent({ answered, approved, deviated, isCut }: Earlier): readonly Text[] {
  if (answered === 0) return []
  const span = isCut ? say`of the newest ${lookedBack.requests}` : say`in ${lookedBack.days} days`
  const strayed = deviated > 0 ? say`, ${warning} ${deviated} deviated` : nothing
  return [say`this agent ${span}: ${approved} of ${answered} approved${strayed}`]
}

function ordinal(count: number): string {
  const tens = count % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${ending}`
}

/**
 * What stood in the same place in what was approved last. Nothing of what was erased; nor of another resource: whoever is asked about this one may
 * not be told of that.
 */
function valuesBefore({ precedent, request }: WithPrecedent): (path: string) => readonly Scalar[] {
  const isSame = precedent?.action.resource.id === request.action.resource.id
  const leaves = precedent && isSame && !precedent.erased ? leavesOf(precedent.action) : null
  return (path) => leaves?.get(path) ?? leaves?.get(`params.${path}`) ?? []
}

interface Grouped extends Difference {
  readonly others: readonly Scalar[]
}

/** What one list has more stands together. */
function groupedAdditions(differences: readonly Difference[]): readonly Grouped[] {
  const groups = new Map<string, Grouped>()
  for (const [nth, one] of differences.entries()) {
    const key = one.kind === 'added' || one.kind === 'dropped' ? `${one.kind} ${one.path}` : `${nth}`
    const group = groups.get(key)
    groups.set(key, group ? { ...group, others: [...group.others, one.value] } : { ...one, others: [] })
  }
  return [...groups.values()]
}

function sayDifference(one: Grouped, valuesOf: (path: string) => readonly Scalar[]): Text {
  const before = valuesOf(one.path)
  const called = shown(revealLine(one.path.replaceAll('[]', '')), 30)
  return say`${called}${forms[one.kind](one, before)}`
}

const forms: Readonly<Record<DifferenceKind, (one: Grouped, before: readonly Scalar[]) => Text>> = {
  lookalike: ({ value }, before) => {
    const alike = before.find((one) => typeof one === 'string' && resembling([one])(String(value)) !== null)
    return alike === undefined
      ? say` ${said(value)} looks like a known name`
      : say` ${said(value)} looks like ${said(alike)}`
  },
  content: ({ value }) => say`: same name, other content ${said(String(value).replace(/^.*@/s, ''), 20)}`,
  wildcard: ({ value }, before) => say` ${changed(value, before)}, a wildcard`,
  more: ({ value }, before) => say` ${changed(value, before)}`,
  less: ({ value }, before) => say` ${changed(value, before)}`,
  wider: ({ value }) => say`: longer, ${said(value)} days`,
  added: ({ value, others }) => say` + ${series([value, ...others])}`,
  longer: ({ value }, before) => say`: ${said(value)} of them, before ${said(before.length)}`,
  dropped: ({ value, others }) => say` − ${series([value, ...others])}`,
  gone: () => say` left out`,
  new: ({ value }, before) => say` ${changed(value, before)}`,
  name: ({ value }) => say` has ${said(value)}, which is new`,
}

const mostInSeries = 3

function series(values: readonly Scalar[]): Text {
  const more = values.length - mostInSeries
  const first = between(
    values.slice(0, mostInSeries).map((one) => said(one)),
    ', ',
  )
  return more > 0 ? say`${first} and ${more} more` : first
}

/** `5,000 → 250,000`; the value alone where there was none, or it stood in a list. */
function changed(value: Scalar, before: readonly Scalar[]): Text {
  const [earlier] = before
  if (before.length !== 1 || earlier === undefined) return say`${said(value)}`
  if (typeof value !== 'string' || typeof earlier !== 'string' || value.length <= shortText)
    return say`${said(earlier, shortText)} → ${said(value)}`
  return say`${said(otherPart(value, earlier))}`
}

const shortText = 30

/** Of a long text what is not as before: from the word that it begins in to the word that it ends in. */
function otherPart(text: string, before: string): string {
  let start = 0
  while (start < text.length && text[start] === before[start]) start += 1
  while (start > 0 && !/\s/.test(text[start - 1] ?? ' ')) start -= 1
  let end = 0
  while (end < text.length - start && text.at(-1 - end) === before.at(-1 - end)) end += 1
  while (end > 0 && !/\s/.test(text.at(-end) ?? ' ')) end -= 1
  const part = text.slice(start, text.length - end)
  return `${start > 0 ? '… ' : ''}${part.trim() === '' ? text : part}${end > 0 ? ' …' : ''}`
}

/** Numbers in groups of three, texts in quotes. */
function said(value: Json, length = 60): Text {
  if (typeof value === 'number') return [ours(value.toLocaleString('en', { maximumFractionDigits: 6 }))]
  if (typeof value !== 'string') return [shown(String(JSON.stringify(value)), length)]
  return [shown(cut(revealLine(JSON.stringify(value)), length), length)]
}
