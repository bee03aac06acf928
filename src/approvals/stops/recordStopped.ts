import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import type { Stopped } from './refuse.ts'

/** Milliseconds in which an agent that goes on asking leaves one entry: a flood must not fill the ledger instead. */
const oneEntryIn = 600_000

/** An agent asks for what is stopped: the ledger says so once in ten minutes for each agent, on whatever replica. */
export async function recordStopped(
  ports: Pick<Ports, 'store' | 'clock' | 'ids' | 'workspace'>,
  { agent, via }: { readonly agent: Pick<Agent, 'id' | 'name'>; readonly via: string },
  { held }: Stopped,
): Promise<void> {
  const entry = newEntry(ports, {
    type: 'stop.refused',
    actor: { kind: 'agent', id: agent.id, via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, stop: held.stop, scope: held.scope },
  })
  const slot = Math.floor(ports.clock().getTime() / oneEntryIn)
  await ports.store.commit({ entries: [entry], delivery: `stop.refused ${agent.id} ${slot}` })
}
