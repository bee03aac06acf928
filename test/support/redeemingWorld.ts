import type { KnownStops } from '../../src/approvals/known.ts'
import { castOf, type Granted } from './grantedRequest.ts'
import { memoryStore } from './memoryStore.ts'
import { testWorld } from './world.ts'

/** A world with all who may redeem in it, and what tests of that look at. */
export async function redeemingWorld() {
  const store = memoryStore()
  const world = await testWorld({ store })
  const entriesOf = (...types: readonly string[]) => store.ledger.filter(({ type }) => types.includes(type))
  return {
    store,
    world,
    cast: await castOf(world),
    entriesOf,
    /** Why the last token gave nothing. */
    lastWhy: () => entriesOf('token.refused').at(-1)?.data.why,
    stateOf: async ({ request }: Pick<Granted, 'request'>) => (await store.request(request.id))?.state,
  }
}

/** What each of them hears for a token that gives nothing. */
export const invalid = { code: 'invalid_grant' }

/** What it was told once it believes until somebody makes it read again. */
export function deaf(stops: KnownStops): KnownStops {
  let known = stops.standing()
  return {
    standing: () => known,
    renew: () => {
      known = stops.renew()
      return known
    },
    forget: () => {
      known = stops.renew()
    },
  }
}
