import type { Json, JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { coveredJobs } from '../leases/endCovered.ts'
import { type EntryPorts, newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { holdJobs } from './hold.ts'
import type { Stop } from './records.ts'
import { reasonOf, scopeOf, type WantedScope } from './scope.ts'

/** What is to be stopped, why, and on whose word. */
export interface Stopping {
  readonly what: WantedScope
  readonly reason: string
  readonly by: Actor
  /** What the entry says besides. */
  readonly said?: { readonly data: JsonObject; readonly kept: Readonly<Record<string, Json | undefined>> }
  /** Names the click or the finding that this answers: it stops once. */
  readonly delivery?: string
}

/** What a stop is made with: it needs no policy, no directory and no channel. */
export type StopPorts = EntryPorts & Pick<Ports, 'store'>

/**
 * Stops an agent, actions or everything. It holds from this commit on, at every replica, whoever has heard of it: each commit that
 * submits, releases, mints or redeems names the stops that it was judged by (`Change.stopsRead`). What is under way is told by jobs:
 * cards and waiting agents, and what was approved and not redeemed is revoked. One at a time: null when the same delivery has stopped already.
 *
 * @throws Refusal `unknown_agent`, `invalid_request`, `reason_needed`, `busy`
 */
export async function makeStop(ports: StopPorts, ask: Stopping): Promise<Stop | null> {
  const { stop, change } = await stopping(ports, ask)
  const committed = await ports.store.commit(change)
  if (committed === 'duplicate') return null
  if (committed !== 'applied') throw new Refusal('busy', 'a stop could not be written')
  return stop
}

/** A stop, and all that is committed with it. @throws Refusal `unknown_agent`, `invalid_request`, `reason_needed` */
export async function stopping(
  ports: StopPorts,
  ask: Stopping,
): Promise<{
  readonly stop: Stop
  readonly change: Change & Required<Pick<Change, 'stops' | 'jobs'>>
}> {
  const { by, said, delivery } = ask
  const reason = reasonOf(ask.reason)
  const { scope, agentName } = await scopeOf(ports.store, ask.what)
  const stop: Stop = {
    id: ports.ids.next('stp'),
    version: 1,
    scope,
    reason,
    by,
    at: ports.clock().toISOString(),
    resumed: null,
  }
  const entry = newEntry(ports, {
    type: 'stop.made',
    actor: by,
    subject: { kind: 'stop', id: stop.id },
    data: { scope: { ...scope }, ...(agentName !== null && { name: agentName }), ...said?.data },
    kept: { reason, ...said?.kept },
  })
  return {
    stop,
    change: {
      stops: [{ expected: null, next: stop }],
      entries: [entry],
      jobs: [...holdJobs(stop), ...coveredJobs({ scope, why: 'stopped' })],
      ...(delivery !== undefined && { delivery }),
    },
  }
}
