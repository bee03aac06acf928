import type { Asked, Confirmation } from '../../core/confirmation.ts'
import { samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { asking, ended, lapseKey } from './askToConfirm.ts'
import { currentPerson } from './currentPeople.ts'
import { accountOfOwner } from './keyClaim.ts'
import type { Word } from './word.ts'

/** Who is asked about a key or a hand-over of the agent that is not confirmed, and whether they were asked anew. */
export interface AskedAgain {
  readonly confirmation: Confirmation
  readonly anew: boolean
}

/**
 * Asks again about an agent's keys and about the last hand-over of it, where the time of an earlier question is over: everybody
 * anew, whatever they answered then. What still waits is only told.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` when nothing of the agent is unconfirmed, `unknown_person`,
 *   `directory_unavailable`, `busy`
 */
export async function confirmAgain(
  ports: Ports,
  ask: Word & { readonly name: string },
): Promise<readonly AskedAgain[]> {
  const agent = await ports.store.agent(ask.name)
  if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
  const keys = (await ports.store.keysOf(agent.id)).filter(({ status }) => status === 'unconfirmed')
  const about = await ports.store.confirmationsAbout(agent.id)
  const asked: AskedAgain[] = []
  if (agent.status === 'revoked') throw nothingToAsk()
  for (const { id } of keys) {
    const newest = about.find(({ what }) => what.kind === 'key' && what.key === id)
    if (newest) asked.push(await askedAnew(ports, newest, ask))
  }
  const handOver = about.find(({ what }) => what.kind === 'owner')
  if (handOver && (await isOpenHandOver(ports, handOver, agent)))
    asked.push(await askedAnew(ports, handOver, ask))
  if (asked.length === 0) throw nothingToAsk()
  return asked
}

function nothingToAsk(): Refusal {
  return new Refusal('not_applicable', 'nothing of the agent is unconfirmed')
}

/** One that nobody has ended and that can still be: its agent has the owner whom it would part from it. */
async function isOpenHandOver(ports: Ports, { what, state }: Confirmation, agent: Agent): Promise<boolean> {
  if (what.kind !== 'owner' || (state !== 'waiting' && state !== 'lapsed')) return false
  return samePerson(await currentPerson(ports, what.from), await currentPerson(ports, agent.owner))
}

/** The same claim again, to everybody, when it is over. @throws Refusal `busy` */
export async function askedAnew(ports: Ports, before: Confirmation, word: Word): Promise<AskedAgain> {
  const isOver = ports.clock().toISOString() >= before.until
  if (before.state === 'waiting' && !isOver) return { confirmation: before, anew: false }
  const fresh = await newQuestion(ports, before, word)
  const question = asking(ports, fresh)
  const over = before.state === 'waiting' ? [before] : []
  const committed = await ports.store.commit({
    ...question,
    confirmations: [...over.map((one) => ended(one, 'lapsed')), ...question.confirmations],
    jobs: [...over.map(({ id }): Job => ({ task: 'confirm', confirmation: id })), ...question.jobs],
    dropJobs: over.map(lapseKey),
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the claim changed while it was asked about again')
  return { confirmation: fresh, anew: true }
}

async function newQuestion(ports: Ports, before: Confirmation, { via, shell }: Word): Promise<Confirmation> {
  const now = ports.clock()
  const lasted = Date.parse(before.until) - Date.parse(before.createdAt)
  return {
    ...before,
    id: ports.ids.next('cnf'),
    version: 1,
    // An answer is to one question and ends with its time: nothing takes effect by an old one.
    asked: [...(await spokenFor(ports, before)), ...before.asked].map(({ code: _, ...one }) => ({
      ...one,
      answer: null,
      message: null,
    })),
    shell: shell ?? before.shell,
    via,
    state: 'waiting',
    createdAt: now.toISOString(),
    until: new Date(now.getTime() + lasted).toISOString(),
  }
}

/** The agent's owner, where an operator's key of theirs spoke for them: it spoke for that command. */
async function spokenFor(ports: Ports, { what, asked }: Confirmation): Promise<readonly Asked[]> {
  if (what.kind !== 'key' || asked.some(({ as }) => as !== 'key_creator')) return []
  const agent = await ports.store.agent(what.agent)
  if (!agent) return []
  const { key: account, name } = await accountOfOwner(ports, agent, null)
  return [{ person: agent.owner, account, name, as: 'agent_owner', answer: null, message: null }]
}
