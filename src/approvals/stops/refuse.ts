import { Refusal } from '../../core/refusal.ts'
import { type Held, type StopScope, saidOf } from '../../core/stop.ts'
import { type Stoppable, stopOver } from '../../policy/stopping.ts'
import type { Change } from '../change.ts'
import type { ReadPorts } from '../ports.ts'
import type { Stop } from './records.ts'

/** Refused, because of a stop that holds it. */
export class Stopped extends Refusal {
  readonly held: Held

  constructor(stop: Stop, about: Stoppable, pointer = '') {
    const { id, scope, at, reason } = stop
    const detail = `The stop ${id} holds ${heldIn(scope, about)} since ${at} (“${reason}”), until people resume it.`
    super('stopped', `held by the stop ${id}`, [{ pointer, detail }])
    this.held = heldBy(stop)
  }
}

/**
 * For everything that lets something happen: a submission, a release, a grant, a redemption, a credential. Refused where a stop
 * that holds now covers it; otherwise what its commit has to name, so that a stop which this process has not heard of makes that
 * commit a conflict (threats: stale-replica). After a conflict `ports.stops.forget()` before it is judged again. Nobody is
 * refused by what is only remembered.
 *
 * `pointer` is the place in the body that it was asked at, where that is not the whole of it.
 *
 * @throws Refusal `stopped` (a `Stopped`), StoreUnavailable when stops cannot be read: then nothing is judged
 */
export async function refuseStopped(
  ports: Pick<ReadPorts, 'stops'>,
  about: Stoppable,
  pointer = '',
): Promise<Required<Pick<Change, 'stopsRead'>>> {
  const remembered = await ports.stops.standing()
  if (!stopOver(remembered.stops, about)) return { stopsRead: remembered.read }
  const now = await ports.stops.renew()
  const stop = stopOver(now.stops, about)
  if (stop) throw new Stopped(stop, about, pointer)
  return { stopsRead: now.read }
}

/** The agent's own name would say no more than it knows. */
function heldIn(scope: StopScope, { agent, run }: Stoppable): string {
  if (scope.kind !== 'agent') return saidOf(scope)
  if (scope.agent === agent.id) return 'this agent'
  const named = run?.through?.find((hop) => hop.agent === scope.agent)
  return `${saidOf(scope, named?.name)}, which this was asked through,`
}

/** The stop as it is shown with what it holds. */
export function heldBy({ id, scope, reason, by, at }: Stop): Held {
  const who = by.kind === 'person' ? { person: by.id } : by.kind === 'policy' ? 'policy' : 'operator'
  return { stop: id, scope: scope.kind, reason, by: who, since: at }
}
