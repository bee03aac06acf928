import type { Change } from '../../src/approvals/change.ts'
import type { StoreReader } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { begunBy, isLive, resourceKey, type Untouched } from '../../src/core/rollback.ts'
import type { Entry } from '../../src/ledger/entry.ts'
import type { Tables } from './memoryTables.ts'

/** What the store in memory knows of rollbacks. */
export function rollbackReads(tables: Tables): Pick<StoreReader, 'rollbacksOf' | 'setOf' | 'begunSince'> {
  return {
    rollbacksOf: async (ids) => structuredClone(rollbacksIn(tables, ids)),
    setOf: async (set) =>
      structuredClone(
        [...tables.requests.values()]
          .filter((one) => one.set?.id === set)
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      ),
    begunSince: async (untouched) => begunSince(tables, untouched).slice(0, 10),
  }
}

/** What it was judged by is another by now, what it would undo is undone by another, or something has run since. */
export function isRolledBack(tables: Tables, { request, requestsRead, untouched }: Change): boolean {
  const first = request?.expected === null ? request.next.rollsBack : undefined
  return (
    (requestsRead ?? []).some(({ id, version }) => tables.requests.get(id)?.version !== version) ||
    (requestsRead !== undefined && first !== undefined && rollbacksIn(tables, [first]).some(isLive)) ||
    (untouched !== undefined && begunSince(tables, untouched).length > 0)
  )
}

/** Each way of beginning is written once, with whatever is written first of it. */
export function noteBegun(tables: Tables, request: ActionRequest): void {
  const kind = begunBy(request)
  if (kind === null || tables.begun.some((one) => one.request === request.id && one.kind === kind)) return
  const { id, action, effect, rollsBack } = request
  tables.begun.push({
    request: id,
    kind,
    resource: resourceKey(action.resource),
    changes: effect !== 'read',
    rollsBack,
  })
}

/** Whether an entry is told of a request: it is its own, of a rollback of it, or of what its card shows with it. */
export function isOf(tables: Tables, entry: Entry, id: string): boolean {
  const of = tables.requests.get(entry.request ?? '')
  return entry.request === id || of?.rollsBack === id || of?.set?.card === id || of?.alike?.card === id
}

function rollbacksIn(tables: Tables, ids: readonly string[]): readonly ActionRequest[] {
  return [...tables.requests.values()]
    .filter(({ rollsBack }) => rollsBack !== undefined && ids.includes(rollsBack))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function begunSince({ begun }: Tables, { first, resource }: Untouched): readonly string[] {
  const own = begun.filter(({ request }) => request === first)
  const from = own.find(({ kind }) => kind === 'redemption') ?? own[0]
  const since = begun
    .slice(from ? begun.indexOf(from) + 1 : 0)
    .filter((one) => one.request !== first && one.rollsBack !== first && one.changes)
    .filter((one) => one.resource === resourceKey(resource))
  return [...new Set(since.map(({ request }) => request))]
}
