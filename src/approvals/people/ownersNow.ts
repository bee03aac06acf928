import { agentsThrough } from '../../core/chain.ts'
import { samePerson } from '../../core/identity.ts'
import type { ActionRequest, CurrentRequest } from '../../core/request.ts'
import type { Behind } from '../../core/separation.ts'
import type { ReadPorts } from '../ports.ts'

/** When it was asked, also where an approver has made less of it since: nobody is behind the one and not behind the other. */
export async function firstAsked(
  { store }: Pick<ReadPorts, 'store'>,
  { narrows, createdAt }: ActionRequest,
): Promise<string> {
  const [before] = narrows === undefined ? [] : await store.requestsOf([narrows])
  return before ? firstAsked({ store }, before) : createdAt
}

/**
 * Whoever owns the agent now, or one that it was asked through, while anybody may still decide on what it asked. Who was behind the action when
 * it was asked stays so for life; an agent that was handed over since has one more (threats: own-request).
 */
export async function ownersNow(
  { store }: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<readonly Behind[]> {
  const { state, agent, brokenGlass } = request
  const isOpen = state === 'pending' || (brokenGlass !== null && brokenGlass.review === null)
  if (!isOpen) return []
  const [own, ...through] = await Promise.all(
    [agent.id, ...agentsThrough(request)].map((id) => store.agent(id)),
  )
  return [
    ...(own ? [{ person: own.owner, role: 'agent_owner' as const }] : []),
    ...through.flatMap((one) => (one ? [{ person: one.owner, role: 'through' as const }] : [])),
  ]
}

/** With those of now, each once. */
export function withOwners(
  behind: CurrentRequest['behind'],
  owners: CurrentRequest['behind'],
): CurrentRequest['behind'] {
  const more = owners.filter(
    (owner) => !behind.some(({ person, role }) => role === owner.role && samePerson(person, owner.person)),
  )
  return [...behind, ...more]
}
