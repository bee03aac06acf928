import type { StopCause } from '../../core/stop.ts'
import { stopsByItself } from '../../policy/stopPolicy.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { type StopPorts, stopping } from './make.ts'

/** In one sentence each, for agents and people. */
const reasons = {
  deviation: 'It did something else than was approved.',
  double_spend: 'It tried to spend a grant twice.',
} as const satisfies Record<StopCause, string>

/** What was found, and of which request. */
interface Finding {
  readonly why: StopCause
  readonly request: string
}

/** What the commit of a finding holds besides, where it stops the agent. */
type StopByItself = Required<Pick<Change, 'stops' | 'entries' | 'jobs' | 'stopsRead' | 'delivery'>>

/**
 * The stop of an agent that deviated or spent twice, for the same commit as what was found: it holds from then on. Null where the
 * active policy does not say so (`stop.on`), and where the agent is stopped already: one stop is enough to be looked at. It has a name
 * of its own (`delivery`), so each request stops its agent once for each cause: who finds it again, after people have resumed, hears
 * `duplicate` and commits without it. When somebody else stops something in the same moment, the commit is a conflict.
 *
 * @throws Refusal `unknown_agent`, StoreUnavailable when stops cannot be read
 */
export async function stopByItself(
  ports: StopPorts & Pick<Ports, 'policy' | 'stops'>,
  agent: Pick<Agent, 'id'>,
  { why, request }: Finding,
): Promise<StopByItself | null> {
  const bundle = ports.policy()
  if (!bundle || !stopsByItself(bundle, why)) return null
  const { stops, read } = await ports.stops.renew()
  if (stops.some(({ scope }) => scope.kind === 'agent' && scope.agent === agent.id)) return null
  const delivery = `stop ${why} ${request}`
  const { change } = await stopping(ports, {
    what: { kind: 'agent', agent: agent.id },
    reason: `${reasons[why]} (${request})`,
    by: { kind: 'policy', id: bundle.digest, via: why },
    said: { data: { cause: why, of: request }, kept: {} },
  })
  return { ...change, stopsRead: read, delivery }
}
