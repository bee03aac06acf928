import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ReadPorts } from '../ports.ts'
import type { Agent } from '../records.ts'

/** An agent sees its own sets and no others. @throws Refusal `unknown_set` */
export async function showSetToAgent(
  { store }: Pick<ReadPorts, 'store'>,
  id: string,
  agent: Agent,
): Promise<readonly ActionRequest[]> {
  const requests = await store.setOf(id)
  if (requests.length === 0 || requests.some((one) => one.agent.id !== agent.id))
    throw new Refusal('unknown_set', 'no such set of this agent')
  return requests
}
