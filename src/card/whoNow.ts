import type { Source } from '../core/requirement.ts'
import { type AwayNow, awayNowText } from './delegation.ts'
import type { Passage } from './passage.ts'
import { between, calling, listed, naming, ours, outside, person, say, strong, type Text } from './span.ts'
import type { People, RequestView } from './view.ts'

/** Who can still decide on a pending request, as far as its groups say it: nobody in them was looked up. */
export interface WhoNow {
  /** In the order of the requirement. */
  readonly legs: readonly LegNow[]
  /** People whose decision counts already. */
  readonly decided: readonly RequestView['request']['decisions'][number]['person'][]
  /** The legs that the viewer could decide for now, or why they could not: a sentence of ours. */
  readonly viewer: { readonly legs: readonly string[] } | { readonly says: string }
  /** Who of them is away, with their names. */
  readonly away: readonly AwayNow[]
  readonly people: People
}

export interface LegNow {
  readonly leg: string
  /** So many agreements it still needs. */
  readonly missing: number
  /** Accounts in its sets, without those of people who cannot decide; null where a set could not be read. */
  readonly left: number | null
  /** Those accounts, where they are few enough to be named. */
  readonly named: readonly Source[]
  /** Sets that have nobody: disabled, or empty. */
  readonly empty: readonly Source[]
  /** Sets that could not be read. */
  readonly unread: readonly Source[]
}

/** What can be said of one leg beside whom it asks. */
export function legNowText({ missing, left, named, empty, unread }: LegNow): Text {
  if (missing === 0) return say`It has all the agreement it needs.`
  const others = [
    ...(empty.length > 0 ? [say`Nobody is in ${naming(empty)} now.`] : []),
    ...(unread.length > 0 ? [say`Who is in ${naming(unread)} could not be found out just now.`] : []),
  ]
  return between(
    [canStill({ left, named }), ...others].filter((text) => text.length > 0),
    ' ',
  )
}

function canStill({ left, named }: Pick<LegNow, 'left' | 'named'>): Text {
  if (left === null) return []
  if (left === 0) return say`${strong`Nobody`} in it can decide any more.`
  if (named.length > 0) return say`Can still decide: ${listed(named.map((one) => calling([one])))}.`
  return say`${left} ${ours(left === 1 ? 'member' : 'members')} can still decide.`
}

/** So many people who are away are named. */
const mostAway = 10

/** The viewer, then who has decided, then who is away, then what was not looked at. */
export function whoNowPassages({ viewer, decided, legs, away }: WhoNow): readonly Passage[] {
  const you =
    'says' in viewer
      ? say`${strong`You cannot decide`}: ${outside(viewer.says, 600)}`
      : say`${strong`You can decide`}, for ${listed(viewer.legs.map((leg) => [outside(leg, 60)]))}.`
  const again =
    decided.length > 0
      ? [
          {
            line: say`${strong`Have decided`}, and cannot again: ${listed(decided.map((id) => [person(id)]))}.`,
          },
        ]
      : []
  const counted = legs.some(({ left }) => left !== null && left > 0)
    ? [
        {
          note: say`Members were counted, not looked up one by one: whoever has left, is a guest, or counts as one person with somebody behind the action is refused at the click.`,
        },
      ]
    : []
  const absent = away.slice(0, mostAway).map((one) => ({ line: awayNowText(one) }))
  return [{ line: you }, ...again, ...absent, ...counted]
}
