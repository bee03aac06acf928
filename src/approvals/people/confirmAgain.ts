import type { Confirmation } from '../../core/confirmation.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import { asking, ended, lapseKey } from './askToConfirm.ts'
import type { Word } from './word.ts'

/** Who is asked about each key of the agent that is not confirmed, and whether they were asked anew. */
export interface AskedAgain {
  readonly confirmation: Confirmation
  readonly anew: boolean
}

/**
 * Asks again about an agent's keys, where the time of an earlier question is over; who has confirmed need not do it again.
 * What still waits is only told.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` when nothing of the agent is unconfirmed, `busy`
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
  for (const { id } of agent.status === 'revoked' ? [] : keys) {
    const newest = about.find(({ what }) => what.kind === 'key' && what.key === id)
    if (newest) asked.push(await askedAnew(ports, newest, ask))
  }
  if (asked.length === 0) throw new Refusal('wrong_state', 'nothing of the agent is unconfirmed')
  return asked
}

/** The same claim again when its time is over. @throws Refusal `busy` */
export async function askedAnew(ports: Ports, before: Confirmation, word: Word): Promise<AskedAgain> {
  const isOver = ports.clock().toISOString() >= before.until
  if (before.state === 'waiting' && !isOver) return { confirmation: before, anew: false }
  const fresh = newQuestion(ports, before, word)
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

function newQuestion(ports: Ports, before: Confirmation, { via, shell }: Word): Confirmation {
  const now = ports.clock()
  const lasted = Date.parse(before.until) - Date.parse(before.createdAt)
  return {
    ...before,
    id: ports.ids.next('cnf'),
    version: 1,
    // Whoever has confirmed it keeps that, and needs no message.
    asked: before.asked.map((one) => ({ ...one, message: null })),
    shell: shell ?? before.shell,
    via,
    state: 'waiting',
    createdAt: now.toISOString(),
    until: new Date(now.getTime() + lasted).toISOString(),
  }
}
