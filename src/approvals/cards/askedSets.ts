import { addressOf, oneSpelling } from '../../card/addresses.ts'
import { standInFor } from '../../card/delegation.ts'
import { uselessIn } from '../../card/needs.ts'
import type { RequestView } from '../../card/view.ts'
import { type Escalated, effectiveLegs } from '../../core/request.ts'
import type { NamedSource, Source } from '../../core/requirement.ts'
import { orUnknown } from '../people/askDirectory.ts'
import type { Ports } from '../ports.ts'

/** A set that a message is about to call, for some legs of one request. */
export interface AskedSet {
  readonly line: RequestView
  readonly source: Source
  readonly legs: readonly string[]
}

/** Those that a card or a reminder calls: of every leg that is open, and of what was escalated. */
export function setsAsked(view: RequestView): readonly AskedSet[] {
  const waiting = (view.lines ?? [view]).filter(({ request }) => request.state === 'pending')
  return waiting.flatMap((line) => [
    ...effectiveLegs(line.request)
      .filter(({ name, count }) => (line.filled.get(name)?.length ?? 0) < count)
      .flatMap(({ name, from }) => from.map((source) => ({ line, source, legs: [name] }))),
    ...line.request.escalations.map((one) => broughtBy(line, one)),
  ])
}

/** Whom an escalation of a request has brought in. */
export function broughtBy(line: RequestView, { to, legs }: Pick<Escalated, 'to' | 'legs'>): AskedSet {
  return { line, source: to, legs }
}

/** A set with those whom a mention of it reaches: in the place of whoever is called by themselves and away, their delegate. */
export interface CalledSet {
  readonly source: Source
  /** Addresses or keys, each account once. */
  readonly people: readonly string[]
  /** For which it is called. */
  readonly asked: readonly AskedSet[]
}

/** Each set once; what could not be found out, and whoever is only named anyway, is left out. */
export async function calledSets(
  { directory }: Pick<Ports, 'directory'>,
  asked: readonly AskedSet[],
): Promise<readonly CalledSet[]> {
  const sets = new Map<string, CalledSet>()
  const groups = new Map<string, readonly string[]>()
  for (const one of asked) {
    const { source } = one
    const before = sets.get(source.address)
    if (source.kind === 'group' && !groups.has(source.address))
      groups.set(source.address, (await orUnknown(() => directory.members(asMentioned(source)))) ?? [])
    const found = groups.get(source.address) ?? byThemselves(one)
    const people = new Map([...(before?.people ?? []), ...found].map((each) => [oneSpelling(each), each]))
    sets.set(source.address, {
      source,
      people: [...people.values()],
      asked: [...(before?.asked ?? []), one],
    })
  }
  return [...sets.values()].filter(({ people }) => people.length > 0)
}

/** A message calls whoever is in the group that it mentions, and not those who may decide. */
function asMentioned(group: NamedSource): NamedSource {
  return { ...group, address: group.mention ?? group.address }
}

/** Single people whom the policy names, or who are on call. */
function byThemselves({ line, source, legs }: AskedSet): readonly string[] {
  const useless = uselessIn(line)
  const named = source.kind === 'account' ? [source.address] : onDutyIn(line, source.address)
  return named
    .filter((one) => !useless.has(oneSpelling(one)))
    .map((one) => {
      const standIn = standInFor(line, { address: one }, legs)
      return (standIn && line.people.get(standIn.delegate)?.account) ?? one
    })
}

function onDutyIn({ onCall }: RequestView, address: string): readonly string[] {
  const now = onCall?.get(address)
  return now?.is === 'people' ? now.accounts.filter((key) => addressOf(key) !== null) : []
}
