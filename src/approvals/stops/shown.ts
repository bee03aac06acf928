import type { ShownStop } from '../../card/stops.ts'
import { saidOf } from '../../core/stop.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { StoreReader } from '../ports.ts'
import type { Stop } from './records.ts'

type Reads = Pick<StoreReader, 'agent' | 'account'>

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

/** The name of the account that did it, whoever that account is said to belong to by now; or words of ours. */
async function nameOf(store: Pick<StoreReader, 'account'>, { kind, id, account }: Actor): Promise<string> {
  if (kind === 'policy') return 'the policy'
  if (kind !== 'person') return 'whoever runs Countersign'
  const known = account === undefined ? null : await store.account(account)
  return known?.name ?? id
}
