import { samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { livingAgent } from './agents.ts'
import { currentPerson } from './currentPeople.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'

/**
 * Makes somebody else the owner of an agent. From then on they are behind whatever it asks, and behind what it asked
 * before and is open still (`currentPeople.ts`); the owner of before stays behind all that was asked until then, and
 * whoever created a key behind what is asked with it.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` for a revoked agent or one that is theirs already, `unknown_person`,
 *   `directory_unavailable`, `busy`
 */
export async function handOver(
  ports: Ports,
  ask: {
    readonly name: string
    readonly to: PersonClaim
    readonly by: PersonClaim
    readonly via: string
  },
): Promise<Agent> {
  const agent = await livingAgent(ports, ask.name)
  const owner = await personOf(ports, await resolveClaim(ports, ask.to, '/to'))
  const by = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const before = await currentPerson(ports, agent.owner)
  if (samePerson(before, owner)) throw new Refusal('wrong_state', 'the agent belongs to this person already')

  const links = await ports.store.accountsOf(owner)
  const next: Agent = { ...agent, version: agent.version + 1, owner }
  const committed = await ports.store.commit({
    agents: [{ expected: agent.version, next }],
    // Written as they are: who decides just now as the new owner, or releases by a vote of theirs, was judged before this.
    accounts: links.map((link) => ({ expected: link.version, next: { ...link, version: link.version + 1 } })),
    entries: [
      newEntry(ports, {
        type: 'agent.transferred',
        actor: { kind: 'person', id: by, via: ask.via },
        subject: { kind: 'agent', id: agent.id },
        data: { name: agent.name, from: before, owner, key: null },
      }),
    ],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the agent changed while it was handed over')
  return next
}
