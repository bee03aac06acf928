import type { Json } from '../../core/json.ts'
import { type Ask, factsOf } from '../../policy/ask.ts'
import { firstNumbers } from '../../policy/counted.ts'
import { earlierReadings, outsideIn } from '../../policy/readers/outside.ts'
import { type Explanation, explain } from '../../policyTools/explain/explain.ts'
import { readRecorded } from '../../policyTools/simulation/recorded.ts'
import type { Ports, ReadPorts } from '../ports.ts'
import { refuseLookalikes } from './lookalikes.ts'

/** An action that somebody wants to see judged. */
export interface Tried {
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  readonly environment: string
  /** As it was parsed; anything but an object is refused. */
  readonly params: Json
  /** The name of a registered agent, or of none; null: some agent. */
  readonly agent: string | null
}

/** What the active policy would say, why it cannot be asked, or that there is none. */
export type DryRun =
  | { readonly kind: 'said'; readonly explanation: Explanation; readonly agent: string }
  | { readonly kind: 'wrong'; readonly says: string }
  | { readonly kind: 'no policy' }

/**
 * What the active policy would say of an action. Nothing is written, nobody is asked, nobody is looked up, and no budget counts
 * it: of what only a real request has (who it is for, what its run has read, what was counted before) the rules know nothing.
 *
 * @throws Refusal `lookalike_name`, as a request would be refused
 */
export async function dryRun(
  ports: Pick<ReadPorts, 'store' | 'policy' | 'clock'> & Pick<Ports, 'statements'>,
  { agent: named, ...asked }: Tried,
): Promise<DryRun> {
  const bundle = ports.policy()
  if (!bundle) return { kind: 'no policy' }
  const known = named === null ? null : await ports.store.agent(named)
  const agent = known
    ? { id: known.id, name: known.name, tags: [...known.tags] }
    : { id: named ?? 'agent', name: named ?? 'agent' }
  const read = readRecorded({ ...asked, agent }, { id: 'tried', at: ports.clock().toISOString() })
  if (!read.ok) return { kind: 'wrong', says: read.wrong }
  const { ask } = read.recorded
  refuseLookalikes(bundle, ask.action)
  const budget = firstNumbers(bundle, { action: ask.action, agent: ask.agent.id, initiator: null })
  const whole: Ask = {
    ...ask,
    ...(budget && { budget }),
    ...earlierReadings(
      await Promise.all(
        outsideIn(bundle, ask.action).map(
          async ([name, text]) => [name, await ports.statements.read(text)] as const,
        ),
      ),
    ),
  }
  const explanation = explain(bundle, whole.action, factsOf(bundle, whole))
  return { kind: 'said', explanation, agent: ask.agent.name }
}
