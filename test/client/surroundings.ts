import { clientIn } from '../../src/client/client.ts'
import type { Surroundings } from '../../src/client/limit.ts'
import type { Submission } from '../../src/client/wire.ts'
import { doubleKey, openDouble } from '../clients/double.ts'

export const exported: Submission = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { rows: 10 },
  environment: 'prod',
}

/** Surroundings in which sleeping takes no time and moves the clock. Jitter is a half. */
export function sleepless(): Surroundings & { readonly slept: number[] } {
  const slept: number[] = []
  let now = 0
  return {
    slept,
    fetch: globalThis.fetch,
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted()
      slept.push(milliseconds)
      now += milliseconds
    },
  }
}

/** A client of a double of the server, which never really sleeps. */
export async function open() {
  const double = await openDouble()
  const surroundings = sleepless()
  const client = clientIn(surroundings, { url: double.url, key: doubleKey })
  return { double, client, slept: surroundings.slept, surroundings }
}
