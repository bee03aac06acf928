import type { CurrentPerson } from '../core/identity.ts'
import type { NamedSource, Source } from '../core/requirement.ts'
import { oneSpelling } from './addresses.ts'
import type { Passage } from './passage.ts'
import {
  between,
  calling,
  listed,
  name,
  naming,
  nothing,
  onDay,
  ours,
  person,
  say,
  strong,
  type Text,
} from './span.ts'
import type { RequestView, StandIn } from './view.ts'

/* Somebody who is away, and who is told in their place (docs/slack.md#out-of-office). */

interface Delegated {
  readonly away: CurrentPerson
  readonly delegate: CurrentPerson
  /** RFC 3339. */
  readonly until: string
}

/** What one of the two hears of a delegation. */
export interface ToldDelegation extends Delegated {
  readonly delegation: string
  readonly why: 'started' | 'ended' | 'declined' | 'delegate_away'
}

/** A message to one of the two. */
export interface DelegationContent {
  readonly title: string
  readonly passages: readonly Passage[]
  /** The delegate can decline. */
  readonly asks: boolean
}

export function delegationContent(about: ToldDelegation): DelegationContent {
  const { away, delegate, until } = about
  const again = say`Name somebody else: ${strong`/approvals delegate @person until friday`}.`
  const yourself = say`You are told yourself again.`
  switch (about.why) {
    case 'started':
      return {
        title: 'You stand in for somebody who is away',
        passages: [
          {
            line: say`${name(away)} is away until ${onDay(until)}. Where the policy asks both of you, you are mentioned and written to in their place.`,
          },
          { note: effect },
        ],
        asks: true,
      }
    case 'ended':
      return {
        title: 'You do not stand in any more',
        passages: [{ line: say`What asks ${name(away)} goes to ${name(away)} again.` }],
        asks: false,
      }
    case 'declined':
      return {
        title: 'Somebody does not stand in for you',
        passages: [{ line: say`${name(delegate)} declined to be told in your place. ${yourself} ${again}` }],
        asks: false,
      }
    case 'delegate_away':
      return {
        title: 'Whoever stands in for you is away, too',
        passages: [
          {
            line: say`${name(delegate)} is away now, and has somebody else told in their place. ${yourself} ${again}`,
          },
        ],
        asks: false,
      }
  }
}

const effect = say`Nothing else changes: you decide for yourself, by your own groups, as one person, and the record says in whose place you were told.`

/** Instead of its button, once the delegate has declined. */
export function declinedText({ away }: Delegated): Text {
  return say`You declined. What asks ${name(away)} goes to ${name(away)} again.`
}

/** How it is shown to whoever is away. */
export function awayText(about: Delegated & { readonly unable: 'left' | 'away' | null }): Text {
  const { delegate, until, unable } = about
  const told = say`${strong`You are away`} until ${onDay(until)}: ${person(delegate)} is told in your place.`
  if (unable === null) return told
  const why = unable === 'left' ? say`has left or is no full member any more` : say`is away, too`
  return say`${strong`You are away`} until ${onDay(until)}, but ${person(delegate)} ${why}, so you are told yourself.`
}

/** The same, to the delegate. */
export function standsForText({ away, until }: Delegated): Text {
  return say`You stand in for ${name(away)} until ${onDay(until)}.`
}

/** What was just begun, with the sets in which it has an effect and those in which it has none. */
export interface BegunDelegation extends Delegated {
  readonly covered: readonly (readonly Source[])[]
  readonly uncovered: readonly (readonly Source[])[]
  readonly unknown: readonly (readonly Source[])[]
  /** Those in whose place whoever goes away was told so far. */
  readonly givenBack: readonly CurrentPerson[]
}

export function begunPassages(about: BegunDelegation): readonly Passage[] {
  const { covered, uncovered, unknown, givenBack } = about
  const turns = uncovered.flat().some(({ kind }) => kind === 'oncall')
    ? say` A turn of being on call is swapped where turns are kept.`
    : nothing
  return [
    { line: awayText({ ...about, unable: null }) },
    { line: say`They are told where the policy may ask ${setsText(covered)}.` },
    ...(uncovered.length > 0
      ? [
          {
            line: say`${strong`Not`} where it may ask only ${setsText(uncovered)}: they are not in it, so they could not decide, and you are told yourself.${turns}`,
          },
        ]
      : []),
    ...(unknown.length > 0
      ? [
          {
            line: say`Who is in ${setsText(unknown)} could not be found out just now. It is looked up each time.`,
          },
        ]
      : []),
    ...(givenBack.length > 0
      ? [
          {
            line: say`You stood in for ${listed(givenBack.map((id) => [name(id)]))}, who hear that they are told themselves again.`,
          },
        ]
      : []),
    {
      note: say`You can still decide whatever you could. They were told, and can decline. ${strong`/approvals delegate off`} ends it.`,
    },
  ]
}

const shownSets = 6

/** Without those that are another one with more people in it. */
function setsText(all: readonly (readonly Source[])[]): Text {
  const has = (from: readonly Source[], { address }: Source) => from.some((one) => one.address === address)
  const within = (one: readonly Source[], other: readonly Source[]) =>
    one.length < other.length && one.every((source) => has(other, source))
  const least = all.filter((one) => !all.some((other) => within(other, one)))
  const more = least.length - shownSets
  const shown = least.slice(0, shownSets).map((from) => naming(from))
  return more > 0 ? say`${between(shown, '; ')} and ${more} more` : between(shown, '; ')
}

/**
 * People by their addresses, called: or whoever is told in their place for one of these legs. By the address of the first of those for
 * whom somebody is called: several in whose place the same person is told call that person once.
 */
export function callingEach(
  view: RequestView,
  sources: readonly NamedSource[],
  legs: readonly string[],
): ReadonlyMap<string, Text> {
  const said = new Map<string, { readonly first: string; readonly calls: Text; readonly for: StandIn[] }>()
  for (const source of sources) {
    const standIn = standInFor(view, source, legs)
    const called = standIn ? (view.people.get(standIn.delegate)?.account ?? '') : source.address
    const one = said.get(oneSpelling(called)) ?? {
      first: source.address,
      calls: standIn ? [person(standIn.delegate)] : calling([source]),
      for: [],
    }
    if (standIn) one.for.push(standIn)
    said.set(oneSpelling(called), one)
  }
  return new Map(
    [...said.values()].map(({ first, calls, for: away }) => [
      first,
      away.length === 0 ? calls : say`${calls} (${absences(away)})`,
    ]),
  )
}

/** `for Alice, away until Friday` */
export function absences(all: readonly StandIn[]): Text {
  return listed(all.map(({ away, until }) => say`for ${name(away)}, away until ${onDay(until)}`))
}

/** Who is told in the place of somebody, for one of these legs. */
export function standInFor(
  { standIns = [] }: Pick<RequestView, 'standIns'>,
  { address }: Pick<NamedSource, 'address'>,
  legs: readonly string[],
): StandIn | undefined {
  return standIns.find((one) => oneSpelling(one.address) === oneSpelling(address) && legs.includes(one.leg))
}

/** `, in place of Alice`; nothing where somebody decided as themselves alone. */
export function inPlaceOfText(people: readonly CurrentPerson[] = []): Text {
  return people.length === 0 ? nothing : say`, in place of ${listed(people.map((id) => [name(id)]))}`
}

/** Of one request: who is away, and whether somebody is told in their place. */
export interface AwayNow extends Delegated {
  /** The legs of theirs for which the delegate could decide now. */
  readonly legs: readonly string[]
}

export function awayNowText({ away, delegate, until, legs }: AwayNow): Text {
  const told =
    legs.length > 0
      ? say`${person(delegate)} is told in their place`
      : say`${name(delegate)} stands in but could not decide this, so they are told themselves`
  return say`${strong`${name(away)}`} is away until ${onDay(until)}: ${told}${ours('.')}`
}
