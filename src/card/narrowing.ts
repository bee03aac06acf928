import type { Json } from '../core/json.ts'
import type { CurrentRequest } from '../core/request.ts'
import type { Fact } from './asking.ts'
import { shownAction } from './masked.ts'
import type { Passage } from './passage.ts'
import { name, nothing, onDay, ours, person, say, strong } from './span.ts'
import { cut, prose, revealLine } from './text.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

/* What an approver lowered: on the card of what is left, and on that of what was asked. */

/** So many parameters stand on a card, one by one. */
const mostLowered = 8

/** On the card of what is left: what was asked first. */
export function narrowsFact({ narrows }: RequestView): readonly Fact[] {
  return narrows ? [{ label: 'Narrows', value: say`${ours(narrows.id)}, which was denied for it` }] : []
}

/** The same with what is less, and who lowered it. Empty for what narrows nothing. */
export function narrowingOf({ request, narrows }: RequestView): readonly Passage[] {
  const by = narrows?.narrowed
  if (!narrows || !by) return []
  return [
    { note: say`${strong`Differs from what was asked`}: ${name(by.person)} lowered` },
    { lines: loweredLines(narrows, request) },
    ...(by.reason === null ? [] : [{ quote: prose(by.reason, 300) }]),
  ]
}

/** How what was asked ended, on its card: by whom it was narrowed, to what. */
export function narrowedPassages(view: RequestView): readonly Passage[] {
  const { request, narrowedTo } = view
  const { narrowed, settledAt } = request
  if (!narrowed) return []
  const when = settledAt ? say`, ${onDay(settledAt)}` : nothing
  return [
    {
      line: say`${strong`Narrowed`} by ${person(narrowed.person)}${when}. Asked instead: ${ours(narrowed.to)}`,
    },
    ...(narrowedTo ? [{ lines: loweredLines(request, narrowedTo) }] : []),
    ...(narrowed.reason === null ? [] : [{ quote: prose(narrowed.reason, 500) }]),
  ]
}

/** In the thread of what was asked. */
export function narrowedTold({ request, narrowedTo }: RequestView): Told | null {
  const { narrowed } = request
  if (!narrowed) return null
  const lines = narrowedTo ? [{ lines: loweredLines(request, narrowedTo) }] : []
  return tell(
    say`${strong`${name(narrowed.person)} narrowed this`}: ${ours(narrowed.to)} asks for less instead. There is nothing left to decide here; votes of others did not move.`,
    [...lines, ...(narrowed.reason === null ? [] : [{ quote: prose(narrowed.reason, 1_000) }])],
  )
}

/** Each parameter that is less. What one of both hides is hidden on both sides. */
export function loweredLines(before: CurrentRequest, after: CurrentRequest): readonly string[] {
  if (before.erased || after.erased) return ['What was lowered is not known any more: it was erased.']
  const asked = shownAction(before.action, after.verdict).params
  const left = shownAction(after.action, before.verdict).params
  const changed = Object.keys(left).filter((one) => !isSame(asked[one], left[one]))
  const more = changed.length - mostLowered
  return [
    ...changed.slice(0, mostLowered).map((one) => loweredLine(one, asked[one], left[one])),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]
}

/** `rows: 100,000 → 5,000`; of a list what was left out of it. */
function loweredLine(parameter: string, from: Json | undefined, to: Json | undefined): string {
  const name = cut(revealLine(parameter), 80)
  if (!Array.isArray(from) || !Array.isArray(to)) return `${name}: ${side(from)} → ${side(to)}`
  const out = leftOut(from, to).map((one) => cut(revealLine(JSON.stringify(one)), 60))
  const told = out.slice(0, 10).join(', ')
  const rest = out.length > 10 ? ` and ${out.length - 10} more` : ''
  return `${name}: ${from.length} → ${to.length}, without ${told}${rest}`
}

/** In order: what is left stands in the order in which it was asked. */
function leftOut(from: readonly Json[], to: readonly Json[]): readonly Json[] {
  let at = 0
  return from.filter((one) => {
    if (at < to.length && isSame(one, to[at])) {
      at += 1
      return false
    }
    return true
  })
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function side(value: Json | undefined): string {
  if (value === undefined) return 'not given'
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 6 })
  return cut(revealLine(JSON.stringify(value)), 80)
}
