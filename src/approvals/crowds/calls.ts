import { oneSpelling } from '../../card/addresses.ts'
import { shownSets } from '../../card/crowd.ts'
import { ofOneAgent } from '../../card/load.ts'
import type { Source } from '../../core/requirement.ts'
import { orUnknown } from '../people/askDirectory.ts'
import type { Ports } from '../ports.ts'
import type { Mention } from '../records.ts'

const dayMs = 86_400_000

/** For whom calls are counted that a card makes which stands for several agents: all such cards have one agent's share of somebody's day. */
const onBehalfOf = 'crowds'

/**
 * The sets that a message about many calls: those of whom each may be called (docs/policy.md, `mentions_per_day`). The others it names. Counted before
 * the message is sent, so whoever asks and takes back again and again does not call people with each of these cards. Where the directory does not
 * answer, the set is called and not counted; where others came between, nobody is called.
 */
export async function crowdCalls(
  ports: Pick<Ports, 'store' | 'directory' | 'policy' | 'clock'>,
  { needed, name }: { readonly needed: readonly Source[]; readonly name: string },
): Promise<readonly string[]> {
  const sets = await Promise.all(needed.slice(0, shownSets).map((source) => withMembers(ports, source)))
  const addresses = sets.map(({ address }) => address)
  const bundle = ports.policy()
  if (!bundle) return addresses
  const { mentionsPerDay: atMost } = bundle.brakes
  const ofAgentAtMost = ofOneAgent(atMost)
  const at = ports.clock()
  const since = new Date(at.getTime() - dayMs).toISOString()
  const accounts = [...new Set(sets.flatMap(({ members }) => members))]
  const known = await ports.store.called({ accounts, agent: onBehalfOf, name, since })
  const tooOften = new Set(
    known
      .filter(({ byAll, byAgent }) => byAll >= atMost || byAgent >= ofAgentAtMost)
      .map(({ account }) => account),
  )
  const called = sets.filter(({ members }) => !members.some((one) => tooOften.has(one)))
  const mentions = [...new Set(called.flatMap(({ members }) => members))].map(
    (account): Mention => ({
      ...{ account, name, agent: onBehalfOf, at: at.toISOString() },
      ...{ atMost, ofAgentAtMost },
    }),
  )
  if (mentions.length === 0) return called.map(({ address }) => address)
  const committed = await ports.store.commit({ mentions, entries: [] })
  return committed === 'applied' ? called.map(({ address }) => address) : []
}

/** Whoever is on call is only named. */
async function withMembers(
  { directory }: Pick<Ports, 'directory'>,
  source: Source,
): Promise<{ readonly address: string; readonly members: readonly string[] }> {
  const { address } = source
  if (source.kind === 'oncall') return { address, members: [] }
  const members = (await orUnknown(() => directory.members(source))) ?? []
  // Spelled as cards count them.
  return { address, members: members.map(oneSpelling) }
}
