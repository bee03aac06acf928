import type { CurrentPerson } from '../core/identity.ts'
import type { Source } from '../core/requirement.ts'
import { addressOf, oneSpelling } from './addresses.ts'
import { absences, standInFor } from './delegation.ts'
import { calling, listed, name, naming, onCallFor, person, say, type Text } from './span.ts'
import { accountsIn, type RequestView, type Spared } from './view.ts'

/** A view as a message shows it that must not call everybody. */
export function withSpared(view: RequestView, spared: Spared | undefined): RequestView {
  if (!spared) return view
  const { lines } = view
  return { ...view, spared, ...(lines && { lines: lines.map((line) => ({ ...line, spared })) }) }
}

type Sparing = Pick<RequestView, 'spared' | 'standIns' | 'people'>

/** People whom a message must spare, named, with those of them who are called instead; null of whom it may call. */
export function sparedText(view: Sparing, source: Source, legs: readonly string[]): Text | null {
  const instead = view.spared?.[source.address]
  if (!instead) return null
  const who = source.kind === 'oncall' ? onCallFor(source) : naming([source])
  if (instead.length > 0) {
    const people = instead.map((account) => calledInstead(view, { source, account, legs }))
    return say`${who} (${listed(people)}; others were mentioned often enough today)`
  }
  const standIn = source.kind === 'account' ? standInFor(view, source, legs) : undefined
  if (!standIn) return say`${who} (mentioned often enough today)`
  return say`${name(standIn.away)} (away; ${name(standIn.delegate)}, who stands in, was mentioned often enough today)`
}

/** Whoever of them stands in for others is called with the reason. */
function calledInstead(
  { standIns = [], people }: Sparing,
  one: { readonly source: Source; readonly account: string; readonly legs: readonly string[] },
): Text {
  const { source, account, legs } = one
  const isTheirs = (delegate: CurrentPerson) => {
    const shown = people.get(delegate)
    return shown ? accountsIn(shown).map(oneSpelling).includes(oneSpelling(account)) : false
  }
  const places = standIns.filter(({ leg, delegate }) => legs.includes(leg) && isTheirs(delegate))
  const [first] = places
  // Of a group everybody is called as themselves.
  if (first && source.kind === 'oncall') return say`${person(first.delegate)} (${absences(places)})`
  return calling([{ ref: source.ref, kind: 'account', address: addressOf(account) ?? account }])
}
