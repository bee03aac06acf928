import type { ShownStop } from '../../card/stops.ts'
import { saidOf } from '../../core/stop.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { StoreReader } from '../ports.ts'
import type { Stop } from './records.ts'

type Reads = Pick<StoreReader, 'agent' | 'accountsOf'>

/** Stops with the names needed to show them. */
export function shownStops(store: Reads, stops: readonly Stop[]): Promise<readonly ShownStop[]> {
  return Promise.all(
    stops.map(async ({ id, scope, by, at, reason, resumed }) => {
      const agent = scope.kind === 'agent' ? await store.agent(scope.agent) : null
      const what = saidOf(scope, agent?.name)
      return { id, what, by: await nameOf(store, by), since: at, reason, resumed: resumed?.at ?? null }
    }),
  )
}

/** A name of a person, or words of ours. */
async function nameOf(store: Pick<StoreReader, 'accountsOf'>, { kind, id }: Actor): Promise<string> {
  if (kind === 'policy') return 'the policy'
  if (kind !== 'person') return 'whoever runs Countersign'
  const [account] = await store.accountsOf(id)
  return account?.name ?? id
}
