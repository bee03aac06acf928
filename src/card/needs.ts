import { type CurrentPerson, samePerson } from '../core/identity.ts'
import { type Escalated, effectiveLegs } from '../core/request.ts'
import type { Leg, NamedSource, OnCallSource } from '../core/requirement.ts'
import { addressOf, oneSpelling } from './addresses.ts'
import { callingEach, inPlaceOfText } from './delegation.ts'
import { endedApprovals } from './ended.ts'
import { howOf } from './personalToken.ts'
import {
  atTime,
  between,
  calling,
  name,
  naming,
  nothing,
  onCallFor,
  ours,
  outside,
  person,
  say,
  strong,
  type Text,
} from './span.ts'
import { sparedText } from './spared.ts'
import { isLiftable } from './titles.ts'
import { accountsIn, type RequestView } from './view.ts'

/** Whose agreement is needed, was asked for, or was given. */
export interface Needs {
  readonly label: Text
  readonly seats: readonly Seat[]
  /** Approvals that do not count any more, and why, while it can be decided; left out when all do. */
  readonly ended?: readonly Text[]
  /** Who may not decide, while it can be decided: by name, so that nobody is woken who cannot help. */
  readonly barred: Text
}

/** One person's agreement: `1 of @security` as long as it is missing, then `@Bob for data-owners, 14:09`. */
interface Seat {
  readonly filled: boolean
  readonly says: Text
}

/** Null when there is nothing to say: nobody was asked. Once it is settled, it says who was asked and who had agreed. */
export function needsOf(view: RequestView): Needs | null {
  const { request } = view
  if (!request.requirement) return null
  const pending = request.state === 'pending'
  const seats = isLiftable(request) ? [] : seatsOf(view)
  const ended = pending ? endedApprovals(request) : []
  const behind = pending ? [...new Set(request.behind.map((one) => one.person))] : []
  if (seats.length === 0 && behind.length === 0) return null
  const all = seats.every(({ filled }) => filled)
  const label = isLiftable(request)
    ? lifters(view)
    : pending
      ? [strong`Needs`]
      : [all ? strong`Agreed` : strong`Were asked`]
  const barred = between(
    behind.map((id) => [name(id)]),
    ', ',
  )
  return { label, seats, ...(ended.length > 0 && { ended }), barred }
}

/** `Escalated to @leads by @Bob, 14:20`, for each that took place, while it can be decided. */
export function escalationsOf(view: RequestView): readonly Text[] {
  const { state, escalations } = view.request
  return state === 'pending' ? escalations.map((one) => escalated(view, one)) : []
}

/** Whoever an escalation has brought in, called: or their delegate, who may help with the same. */
export function callingTo(view: RequestView, { to, legs }: Pick<Escalated, 'to' | 'legs'>): Text {
  const spared = sparedText(view, to, legs)
  if (spared) return spared
  return to.kind === 'oncall' ? calling([to]) : between([...callingEach(view, [to], legs).values()], ' or ')
}

/**
 * The people of a leg, called as far as they can help: whoever is behind the action, or has decided already, is only named, and in the place of
 * whoever is away their delegate is called.
 */
export function callingOpen(view: RequestView, { name: leg, from }: Pick<Leg, 'name' | 'from'>): Text {
  const useless = uselessIn(view)
  const named = from.filter((source) => source.kind !== 'oncall')
  const calls = callingEach(
    view,
    named.filter(({ address }) => !useless.has(oneSpelling(address))),
    [leg],
  )
  return between(
    from.flatMap((source): readonly Text[] => {
      if (source.kind === 'oncall') return [callingOnCall(view, source, { leg, useless })]
      if (useless.has(oneSpelling(source.address))) return [naming([source])]
      const called = sparedText(view, source, [leg]) ?? calls.get(source.address)
      return called ? [called] : []
    }),
    ' or ',
  )
}

/** Those who were found are called; where none could be, it says why, so that nobody waits for people who do not know of it. */
function callingOnCall(
  view: RequestView,
  source: OnCallSource,
  { leg, useless }: { readonly leg: string; readonly useless: ReadonlySet<string> },
): Text {
  const who = onCallFor(source)
  const now = view.onCall?.get(source.address)
  if (!now) return who
  if (now.is === 'nobody') return say`${who} (nobody in the group is, just now)`
  if (now.is === 'unavailable') return say`${who} (nobody could be looked up: ${ours(now.why)})`
  const spared = sparedText(view, source, [leg])
  if (spared) return spared
  const people = now.accounts.flatMap((key): readonly NamedSource[] => {
    const address = addressOf(key)
    return address && !useless.has(oneSpelling(key)) ? [{ ref: source.ref, kind: 'account', address }] : []
  })
  return people.length === 0
    ? who
    : say`${who} (${between([...callingEach(view, people, [leg]).values()], ' or ')})`
}

/** Single people who cannot fill a seat, each in its one spelling. Whoever took their approval back can decide again. */
export function uselessIn({ request, people }: RequestView): ReadonlySet<string> {
  const decided = request.decisions.filter(({ ended }) => ended?.how !== 'withdrawn').map((one) => one.person)
  const all = [...request.behind.map((one) => one.person), ...decided]
  return new Set(
    all.flatMap((id) => {
      const shown = people.get(id)
      return shown ? accountsIn(shown).map(oneSpelling) : []
    }),
  )
}

function seatsOf(view: RequestView): readonly Seat[] {
  const { request, filled } = view
  const pending = request.state === 'pending'
  return effectiveLegs(request).flatMap((leg) => {
    const people = filled.get(leg.name) ?? []
    const open = leg.count - people.length
    const seats = people.map((id) => {
      const decision = request.decisions.find((one) => !one.ended && samePerson(one.person, id))
      const when = decision ? say`, ${atTime(decision.at)}${howOf(decision)}` : nothing
      // Once nothing of it is open, only this says who was asked.
      const asked = open <= 0 ? say` (${naming(leg.from)})` : nothing
      const place = inPlaceOfText(decision?.inPlaceOf)
      return { filled: true, says: say`${person(id)} for ${outside(leg.name, 60)}${asked}${place}${when}` }
    })
    if (open <= 0) return seats
    const says = pending
      ? say`${open} of ${callingOpen(view, leg)}`
      : say`${open} of ${naming(leg.from)} had not agreed`
    return [...seats, { filled: false, says }]
  })
}

/** Without mentions: a denial is no reason to call the incident commanders. */
function lifters({ request }: RequestView): Text {
  const who = naming(request.requirement?.breakGlass?.who ?? [])
  return say`${strong`Can be lifted`} by one of ${who}, alone and with a stated reason`
}

function escalated(view: RequestView, one: Escalated<CurrentPerson>): Text {
  const { by, at } = one
  const who = by === 'deadline' ? say`because nobody had decided` : say`by ${person(by)}`
  return say`${strong`Escalated`} to ${callingTo(view, one)} ${who}, ${atTime(at)}`
}
