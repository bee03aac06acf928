import { createHash } from 'node:crypto'
import { policyToolPrefix } from '../../core/agentNames.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { addAgent } from '../people/agents.ts'
import { ownAccountsOf } from '../people/currentPeople.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { Agent, AgentKey } from '../records.ts'

/** Where the requests of the policy tool can come from; nothing that an agent sends comes from there. */
export const policyToolVia = ['cli', 'startup', 'slack'] as const

/** Whether a request came from there: the ledger says where it came in, and agents come in through other doors. */
export async function isFromTool({ store }: Pick<Ports, 'store'>, request: string): Promise<boolean> {
  const submitted = (await store.entries(request)).find(({ type }) => type === 'request.submitted')
  return policyToolVia.some((via) => via === submitted?.actor.via)
}

/**
 * The agent by which one person proposes policies: theirs, so that they are behind whatever it asks and can never
 * approve it. Its only key is one whose secret was never shown to anybody, so that it cannot be used from outside.
 *
 * @throws Refusal `name_taken` when somebody else registered an agent of that name, `wrong_state` when it was revoked
 */
export async function policyTool(
  ports: Ports,
  author: Account,
  word: Word,
): Promise<{ readonly agent: Agent; readonly key: AgentKey }> {
  const name = policyToolName(author)
  const agent = await ports.store.agent(name)
  if (!agent) {
    const by = { address: author.key }
    try {
      // Where its author can be asked, they have confirmed what it is made for.
      return await addAgent({ ...ports, confirms: false }, { ...word, name, owner: by, by })
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.code !== 'name_taken') throw refusal
      return policyTool(ports, author, word) // another replica was faster
    }
  }
  if (!(await ownAccountsOf(ports, agent.owner)).some(({ id }) => id === author.key))
    throw new Refusal('name_taken', `the agent ${name} belongs to somebody else`)
  if (agent.status !== 'active') throw new Refusal('not_applicable', `the agent ${name} is revoked`)
  const key = (await ports.store.keysOf(agent.id)).find(({ status }) => status === 'active')
  if (!key) throw new Refusal('not_applicable', `the agent ${name} has no key`)
  return { agent, key }
}

/** What the agent of an author is called. */
export function policyToolName(author: Account): string {
  return `${policyToolPrefix}${nameOf(author.key)}`
}

/** An account key as part of an agent's name: readable, and different for different accounts. */
function nameOf(account: string): string {
  const last = account.split(':').at(-1) ?? ''
  const readable = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
  return `${readable}-${createHash('sha256').update(account).digest('hex').slice(0, 8)}`
}
