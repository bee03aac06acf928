import { Refusal } from '../core/refusal.ts'
import { newEntry } from './newEntry.ts'
import type { Ports } from './ports.ts'
import type { Agent } from './records.ts'

/** Milliseconds in which an agent that goes on asking leaves one entry: a flood must not fill the ledger instead. */
const oneEntryIn = 600_000

/**
 * An agent has as many requests waiting for people as policy lets wait: the next one is refused before anybody sees it, and
 * an operator finds that in the ledger and the log, once in ten minutes for each agent, on whatever replica
 * (threats: varied-flood). Resolves to the refusal.
 */
export async function tooManyPending(
  ports: Ports,
  held: { readonly agent: Agent; readonly via: string; readonly maxPending: number },
): Promise<Refusal> {
  const { agent, via, maxPending } = held
  const entry = newEntry(ports, {
    type: 'agent.limited',
    actor: { kind: 'agent', id: agent.id, via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, max_pending: maxPending },
  })
  const slot = Math.floor(ports.clock().getTime() / oneEntryIn)
  await ports.store.commit({ entries: [entry], delivery: `agent.limited ${agent.id} ${slot}` })
  return new Refusal('too_many_pending', `${maxPending} requests of the agent are pending`)
}
