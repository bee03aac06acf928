import type { AccountKey } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import { askedSets } from '../../policy/askedSets.ts'
import { orUnknown } from '../people/askDirectory.ts'
import { membership } from '../people/membership.ts'
import type { ReadPorts } from '../ports.ts'

/** The sets of the active policy in which somebody is asked, by whether a delegate is in them too. */
export interface Coverage {
  readonly covered: readonly (readonly Source[])[]
  /** Of these the delegate is not, so whoever is away goes on being told. */
  readonly uncovered: readonly (readonly Source[])[]
  /** Those of which it could not be found out just now. */
  readonly unknown: readonly (readonly Source[])[]
}

interface Pair {
  readonly away: AccountKey
  readonly delegate: AccountKey
}

/** As of now, and only to say it: with each request it is looked up again for the people that are asked there. */
export async function coverageOf(
  ports: Pick<ReadPorts, 'directory' | 'policy' | 'store'>,
  { away, delegate }: Pair,
): Promise<Coverage> {
  const bundle = ports.policy()
  const sets = bundle ? askedSets(bundle) : []
  const sources = new Map(sets.flat().map((source) => [source.address, source]))
  const memberships = new Map<string, Readonly<Record<keyof Pair, boolean | null>>>()
  // One after the other: a group is one question, and a directory takes only so many in a minute.
  for (const [address, source] of sources)
    memberships.set(address, {
      away: await mayBeAsked(ports, source, away),
      delegate: source.kind === 'oncall' ? false : await isIn(ports, source, delegate),
    })
  const answer = (from: readonly Source[], who: keyof Pair) =>
    anyOf(from.map(({ address }) => memberships.get(address)?.[who] ?? null))
  const asked = sets.filter((from) => answer(from, 'away') !== false)
  return {
    covered: asked.filter((from) => answer(from, 'away') && answer(from, 'delegate')),
    uncovered: asked.filter((from) => answer(from, 'away') && answer(from, 'delegate') === false),
    unknown: asked.filter((from) => answer(from, 'away') === null || answer(from, 'delegate') === null),
  }
}

/** Whoever may have a turn may be asked. A delegate of theirs has none by that: turns are swapped where they are kept. */
function mayBeAsked(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  source: Source,
  account: AccountKey,
): Promise<boolean | null> {
  return isIn(ports, source.kind === 'oncall' ? source.within : source, account)
}

function isIn(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  source: Source,
  account: AccountKey,
): Promise<boolean | null> {
  return orUnknown(async () => (await membership(ports, source, account)).isIn)
}

/** One yes is enough; only all of them together say no. */
function anyOf(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(true)) return true
  return answers.includes(null) ? null : false
}
