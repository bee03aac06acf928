import { agentTag, mostTags } from '../../core/agentNames.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { livingAgent } from './agents.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { inReach, used } from './operatorKeys.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/**
 * Sets what an agent is called beside its name, all at once: it has these tags from its next call on, and no others. Rules go by
 * them, and which of them let more happen only the policy says: a tag can be what a rule allows by, and one that is gone what a rule
 * denied by. So every change needs a key of the agent's owner, which the owner has confirmed; where there is no channel to confirm
 * anything in, it is set as claimed (threats: claimed-administrator). What is set already is not set again.
 *
 * @throws Refusal `invalid_request` with the pointer, `unknown_agent`, `wrong_state` for a revoked agent, `unknown_person`,
 *   `operator_key_refused` without that key, `directory_unavailable`, `busy`
 */
export async function setAgentTags(
  ports: Ports,
  ask: Word & { readonly name: string; readonly by: PersonClaim; readonly tags: readonly string[] },
): Promise<Agent> {
  refuseOddTags(ask.tags)
  const agent = await livingAgent(ports, ask)
  const by = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const tags = [...new Set(ask.tags)].sort()
  if (JSON.stringify(tags) === JSON.stringify(agent.tags)) return agent
  const operatorKey = await inReach(ports, ask.operatorKey ?? null, agent.owner)
  if (ports.confirms && !operatorKey) throw needsKey()
  const use = used(ports, operatorKey, { command: 'agents tag', agent: agent.id })
  const said = saidBy(ask, { ...onlyClaimed, operatorKey })
  const entry = newEntry(ports, {
    type: 'agent.tagged',
    actor: { kind: 'person', id: by, via: ask.via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, before: [...agent.tags], after: tags, ...said.data },
    kept: said.kept,
  })
  const next: Agent = { ...agent, version: agent.version + 1, tags }
  const committed = await ports.store.commit({
    ...use,
    agents: [{ expected: agent.version, next }],
    entries: [entry, ...use.entries],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the agent changed while its tags were set')
  return next
}

function refuseOddTags(tags: readonly string[]): void {
  const problems = tags.flatMap((tag, nth): Problem[] =>
    agentTag.test(tag)
      ? []
      : [
          {
            pointer: `/tags/${nth}`,
            detail:
              'Use at most 63 lower-case letters, digits, dots, dashes, underscores and colons, such as team:data.',
          },
        ],
  )
  if (tags.length > mostTags)
    problems.push({ pointer: '/tags', detail: `An agent has at most ${mostTags} tags.` })
  if (problems.length > 0) throw new Refusal('invalid_request', 'tags that cannot be set', problems)
}

function needsKey(): Refusal {
  return new Refusal('operator_key_refused', 'other tags, without a key of the owner', [
    {
      pointer: '/tags',
      detail:
        'Rules may go by what an agent is called. Set COUNTERSIGN_OPERATOR_KEY to a key of the owner of the agent (countersign operators keys add).',
    },
  ])
}
