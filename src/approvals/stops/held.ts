import type { State } from '../../core/lifecycle.ts'
import type { Held } from '../../core/stop.ts'
import { type Stoppable, stopOver } from '../../policy/stopping.ts'
import type { ReadPorts } from '../ports.ts'
import { heldBy } from './refuse.ts'

/** The stop that holds a request which waits for people, as this process knows it; null for every other one. */
export async function heldOf(
  ports: Pick<ReadPorts, 'stops'>,
  request: Stoppable & { readonly state: State },
): Promise<Held | null> {
  if (request.state !== 'pending') return null
  const stop = stopOver((await ports.stops.standing()).stops, request)
  return stop && heldBy(stop)
}
