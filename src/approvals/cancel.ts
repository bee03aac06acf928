import { outcomeOf } from '../core/outcome.ts'
import type { ActionRequest } from '../core/request.ts'
import { inSpan } from '../tracing/span.ts'
import { showToAgent } from './inspect.ts'
import { requestEntry } from './newEntry.ts'
import type { Ports } from './ports.ts'
import type { Agent } from './records.ts'
import { ending, settled } from './settle.ts'
import { untilApplied } from './untilApplied.ts'

/**
 * The agent takes its request back. Cancelling what is cancelled already changes nothing and answers the same.
 *
 * @throws Refusal `unknown_request` (also for another agent's), `wrong_state`, `busy`
 */
export function cancel(ports: Ports, ask: Cancellation): Promise<ActionRequest> {
  return inSpan({ name: 'cancel' }, async (note) => {
    const cancelled = await untilCancelled(ports, ask)
    note({ 'countersign.request': cancelled.id })
    return cancelled
  })
}

interface Cancellation {
  readonly request: string
  readonly agent: Agent
  readonly via: 'api' | 'webhook'
}

async function untilCancelled(ports: Ports, ask: Cancellation): Promise<ActionRequest> {
  return untilApplied(ports, 'a cancellation', async () => {
    const request = await showToAgent(ports, ask.request, ask.agent)
    if (request.state === 'cancelled') return { change: null, answer: request }
    const next = settled(ports, request, { move: 'cancel', outcome: 'Cancelled by the agent.' })
    const entry = requestEntry(ports, next, {
      type: 'request.cancelled',
      actor: { kind: 'agent', id: ask.agent.id, via: ask.via },
      data: { outcome: outcomeOf(next) },
    })
    return { change: ending(request, next, entry), answer: next }
  })
}
