import type { StopCause } from '../../core/stop.ts'
import { stopsByItself } from '../../policy/stopPolicy.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { makeStop } from './make.ts'
import type { Stop } from './records.ts'

/** In one sentence each, for agents and people. */
const reasons = {
  deviation: 'It did something else than was approved.',
  double_spend: 'It tried to spend a grant twice.',
} as const satisfies Record<StopCause, string>

/** What was found, and of which request. */
export interface Found {
  readonly why: StopCause
  readonly request: string
}

/** The job, of the same commit as what was found: so that no kill in between lets the agent go on. */
export async function stopFound(ports: Ports, found: Found): Promise<void> {
  const request = await ports.store.request(found.request)
  if (request) await stopByItself(ports, request.agent, found)
}

/**
 * Stops an agent that deviated or spent twice, where the active policy says so (`stop.on`), once for each request and cause. Where
 * the agent is stopped already nothing is added: one stop is enough to be looked at. Resolves to the stop that was made, or null.
 *
 * @throws Refusal `busy`, StoreUnavailable
 */
export async function stopByItself(
  ports: Ports,
  agent: Pick<Agent, 'id'>,
  { why, request }: Found,
): Promise<Stop | null> {
  const bundle = ports.policy()
  if (!bundle || !stopsByItself(bundle, why)) return null
  const { stops } = await ports.stops.renew()
  if (stops.some(({ scope }) => scope.kind === 'agent' && scope.agent === agent.id)) return null
  return makeStop(ports, {
    what: { kind: 'agent', agent: agent.id },
    reason: `${reasons[why]} (${request})`,
    by: { kind: 'policy', id: bundle.digest, via: why },
    said: { data: { cause: why, of: request }, kept: {} },
    delivery: `stop ${why} ${request}`,
  })
}
