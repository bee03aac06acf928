import { oneSpelling } from '../card/addresses.ts'
import { median } from '../core/median.ts'
import { effectiveLegs } from '../core/request.ts'
import type { Source } from '../core/requirement.ts'
import type { AskedOf } from './cards/mentionReader.ts'
import { DirectoryFault, NobodyThere, type ReadPorts } from './ports.ts'

/** What is asked of one account, and what it does. */
interface Load {
  /** Its address, such as `slack:U012AB3CD`. */
  readonly account: string
  /** As it is called now; null where nobody could say. */
  readonly name: string | null
  /** Requests that asked a group or a person which it is by now; whoever is on call was asked by turns, so that is not counted. */
  readonly asked: number
  readonly decided: number
  /** In the median, from the asking to its decision; null where it decided nothing. */
  readonly medianSeconds: number | null
  /** In the last 24 hours. */
  readonly mentioned: number
}

/** Those who are asked most. */
export interface Loads {
  readonly people: readonly Load[]
  /** Sets that could not be looked up now, as policy names them: their people may be asked more than it says. */
  readonly unknown: readonly string[]
}

const dayMs = 86_400_000

/** So many of the newest requests are looked at, allowed ones too, and so many accounts are told of. */
const most = { requests: 5_000, accounts: 15 } as const

/** Since a moment (RFC 3339), those who are asked most first. */
export async function loadByPerson(
  ports: Pick<ReadPorts, 'store' | 'directory' | 'clock'>,
  since: string,
): Promise<Loads> {
  const dayAgo = new Date(ports.clock().getTime() - dayMs).toISOString()
  const [asked, called] = await Promise.all([
    ports.store.askedOf(since, most.requests),
    ports.store.mostCalled(dayAgo, 1_000),
  ])
  const { times, unknown } = await timesAsked(ports, asked)
  const took = secondsOf(asked)
  const mentioned = new Map(called.map((one) => [one.account, one.times]))
  const accounts = [...new Set([...times.keys(), ...took.keys(), ...mentioned.keys()])]
  const loads = accounts.map((account) => {
    const seconds = took.get(account) ?? []
    return {
      account,
      asked: times.get(account) ?? 0,
      decided: seconds.length,
      medianSeconds: median(seconds),
      mentioned: mentioned.get(account) ?? 0,
    }
  })
  const first = loads
    .sort(
      (one, other) =>
        other.asked - one.asked || other.mentioned - one.mentioned || other.decided - one.decided,
    )
    .slice(0, most.accounts)
  const people = await Promise.all(
    first.map(async (one) => ({ ...one, name: await nameOf(ports, one.account) })),
  )
  return { people, unknown }
}

/** By account: how many requests asked a set that it is in. Each set is looked up once. */
async function timesAsked(
  { directory }: Pick<ReadPorts, 'directory'>,
  asked: readonly AskedOf[],
): Promise<{ readonly times: ReadonlyMap<string, number>; readonly unknown: readonly string[] }> {
  const members = new Map<string, readonly string[]>()
  const unknown = new Set<string>()
  const times = new Map<string, number>()
  for (const one of asked) {
    const sources = effectiveLegs(one).flatMap(({ from }) => from)
    const people = new Set<string>()
    for (const source of sources) {
      const known = members.get(source.address) ?? (await membersOf(directory, source))
      if (known === null) unknown.add(source.ref)
      members.set(source.address, known ?? [])
      for (const account of known ?? []) people.add(account)
    }
    for (const account of people) times.set(account, (times.get(account) ?? 0) + 1)
  }
  return { times, unknown: [...unknown] }
}

/** Null where the directory does not say. */
async function membersOf(
  directory: ReadPorts['directory'],
  source: Source,
): Promise<readonly string[] | null> {
  if (source.kind === 'oncall') return []
  if (source.kind === 'account') return [source.address]
  try {
    return (await directory.members(source)).map((one) => oneSpelling(one))
  } catch (fault) {
    if (fault instanceof NobodyThere) return []
    if (fault instanceof DirectoryFault) return null
    throw fault
  }
}

/** By account: how long each of its decisions took. */
function secondsOf(asked: readonly AskedOf[]): ReadonlyMap<string, readonly number[]> {
  const took = new Map<string, number[]>()
  for (const { createdAt, decisions } of asked)
    for (const { account, at } of decisions) {
      const address = oneSpelling(account)
      const seconds = Math.max(0, Math.floor((Date.parse(at) - Date.parse(createdAt)) / 1_000))
      took.set(address, [...(took.get(address) ?? []), seconds])
    }
  return took
}

async function nameOf({ directory }: Pick<ReadPorts, 'directory'>, account: string): Promise<string | null> {
  return directory.account(account).then(
    ({ name }) => name,
    () => null,
  )
}
