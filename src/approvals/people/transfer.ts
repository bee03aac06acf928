import type { Confirmable, Confirmation } from '../../core/confirmation.ts'
import { type PersonId, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Change } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { refreshJob } from '../settle.ts'
import { revokedKey } from './agents.ts'
import { dropped } from './askToConfirm.ts'
import { currentPerson } from './currentPeople.ts'
import { accountsNow, hasLeft } from './hasLeft.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/**
 * What is written when an agent gets another owner. Whatever else people are asked about the agent is over, and so are keys
 * that wait for it: the owner who was asked about them is not its owner any more.
 */
export async function transfer(
  ports: Ports,
  { agent, owner, by, word }: Transfer,
): Promise<{ readonly agent: Agent; readonly change: Change }> {
  const next: Agent = { ...agent, version: agent.version + 1, owner }
  const links = await ports.store.accountsOf(await currentPerson(ports, owner))
  const keys = (await ports.store.keysOf(agent.id)).filter(({ status }) => status === 'unconfirmed')
  const about = await ports.store.confirmationsAbout(agent.id)
  const waiting = await ports.store.requests({ states: ['pending'], agent: agent.id, limit: 1_000 })
  const over = dropped(about.filter(({ id }) => id !== word.confirmation))
  const said = saidBy(word, onlyClaimed)
  const entry = newEntry(ports, {
    type: 'agent.transferred',
    actor: { kind: 'person', id: by, via: word.via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, from: await currentPerson(ports, agent.owner), owner, key: null, ...said.data },
    kept: said.kept,
  })
  const change: Change = {
    ...over,
    // The new owner may have approved what waits: the card shows at once that this no longer counts.
    jobs: [...over.jobs, ...waiting.flatMap(refreshJob)],
    agents: [{ expected: agent.version, next }],
    keys: keys.map(revokedKey),
    // Written as they are: who decides just now as the new owner, or releases by a vote of theirs, was judged before this.
    accounts: links.map((link) => ({ expected: link.version, next: { ...link, version: link.version + 1 } })),
    entries: [entry],
  }
  return { agent: next, change }
}

interface Transfer {
  readonly agent: Agent
  readonly owner: PersonId
  /** Who said so. */
  readonly by: PersonId
  readonly word: Word
}

/**
 * The same once all who were asked have confirmed it, judged by the agent as it is then.
 *
 * @throws Refusal `confirmation_over` when the agent is revoked or was handed over meanwhile, or its owner, who was not asked
 *   because they had left, is back; `identity_unknown` when that cannot be said
 */
export async function confirmedTransfer(
  ports: Ports,
  what: Extract<Confirmable, { kind: 'owner' }>,
  { id, asked, shell }: Confirmation,
): Promise<Change> {
  const agent = await ports.store.agent(what.agent)
  if (!agent || agent.status === 'revoked') throw over('the agent is revoked')
  const owner = await currentPerson(ports, agent.owner)
  if (!samePerson(owner, await currentPerson(ports, what.from)))
    throw over('the agent was handed over meanwhile')
  if (samePerson(owner, await currentPerson(ports, what.to)))
    throw over('the agent belongs to this person already')
  if (!asked.some(({ as }) => as === 'agent_owner')) {
    const left = hasLeft(await accountsNow(ports, agent.owner))
    if (left === null) throw new Refusal('identity_unknown', 'whether the owner has left is not known')
    if (!left) throw over('the owner, who had left and was not asked, is back')
  }
  const word = { via: 'confirmation', confirmation: id, shell }
  return (await transfer(ports, { agent, owner: what.to, by: what.to, word })).change
}

function over(detail: string): Refusal {
  return new Refusal('confirmation_over', detail)
}
