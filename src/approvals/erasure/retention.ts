import { administrative } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ValueName } from '../../ledger/personValues.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { emptiedRequest, erasableRequest, keptValues } from './parts.ts'

/** So many requests are looked at by one statement, and so many statements are one job's work; then others have their turn. */
const span = 500
const mostPages = 20
/** So many requests and values one commit empties. */
const [mostRequests, mostValues] = [50, 500] as const

const dayMs = 86_400_000
/** Seconds until the next look, and until a look that was not finished goes on. */
const everySeconds = 6 * 3_600
const soonSeconds = 5

/** The first look of a process that starts; none where nothing is too old. */
export function retentionJobs({ retentionDays }: Pick<Ports, 'retentionDays'>): readonly Job[] {
  return retentionDays === null ? [] : [{ task: 'retain' }]
}

/**
 * Empties the values beside entries, and what requests asked, of requests that ended longer ago than the operator keeps them, each commit
 * with its entry `retention.applied`. The entries stay. Whatever is open stays whole, and so does everything that hangs together with it
 * by a rollback. The next look is committed first, so that it comes whatever happens to this one; `after` is where it goes on.
 */
export async function applyRetention(
  ports: Ports,
  { after = '' }: { readonly after?: string },
): Promise<void> {
  if (ports.retentionDays === null) return
  await lookAgain(ports, everySeconds)
  const before = new Date(ports.clock().getTime() - ports.retentionDays * dayMs).toISOString()
  let at = after
  for (let nth = 0; nth < mostPages; nth += 1) {
    const { ids, next } = await ports.store.agedRequests({ after: at, before, span })
    for (let from = 0; from < ids.length; from += mostRequests)
      await emptyOf(ports, ids.slice(from, from + mostRequests), before)
    if (next === null) return
    at = next
  }
  await lookAgain(ports, soonSeconds, at)
}

async function lookAgain({ store, clock }: Ports, seconds: number, after?: string): Promise<void> {
  const at = new Date(clock().getTime() + seconds * 1_000).toISOString()
  await store.commit({ entries: [], jobs: [{ task: 'retain', ...(after !== undefined && { after }), at }] })
}

async function emptyOf(ports: Ports, ids: readonly string[], before: string): Promise<void> {
  const requests: ActionRequest[] = []
  const values: ValueName[] = []
  for (const id of ids) {
    const request = await agedRequest(ports, id, before)
    if (!request) continue
    const old = (await ports.store.entries(id)).filter(
      ({ ts, type }) => ts < before && type !== 'record.erased',
    )
    values.push(
      ...(await keptValues(
        ports,
        old.map((entry) => entry.id),
      )),
    )
    if (!request.erased) requests.push(request)
  }
  for (let from = 0; from < values.length || (from === 0 && requests.length > 0); from += mostValues)
    await emptyPart(ports, {
      requests: from === 0 ? requests : [],
      values: values.slice(from, from + mostValues),
      before,
    })
}

/** Null where it, what it undoes or what undoes it has not ended before then; and for a record of our own commands, which says who changed what. */
async function agedRequest(ports: Ports, id: string, before: string): Promise<ActionRequest | null> {
  try {
    const request = await erasableRequest(ports, id)
    if (administrative.includes(request.action.action)) return null
    const first = request.rollsBack === undefined ? request : await erasableRequest(ports, request.rollsBack)
    const all = [request, first, ...(await ports.store.rollbacksOf([first.id]))]
    return all.every((one) => lastOf(one) < before) ? request : null
  } catch (refusal) {
    if (refusal instanceof Refusal && refusal.code === 'not_applicable') return null
    throw refusal
  }
}

/** When it last changed, by what it says itself. */
function lastOf(request: ActionRequest): string {
  const { createdAt, settledAt, unreportedAt, grant, brokenGlass, decisions, executions = [] } = request
  const times = [
    ...[createdAt, settledAt, unreportedAt, grant?.redeemed?.at, brokenGlass?.review?.at],
    ...[...decisions, ...executions].map(({ at }) => at),
  ]
  return times.reduce<string>((last, at) => (at && at > last ? at : last), createdAt)
}

interface Aged {
  readonly requests: readonly ActionRequest[]
  readonly values: readonly ValueName[]
  readonly before: string
}

/** What moved meanwhile, or was emptied by somebody faster, is looked at again by the next look. */
async function emptyPart(ports: Ports, { requests, values, before }: Aged): Promise<void> {
  const said = newEntry(ports, {
    type: 'retention.applied',
    actor: { kind: 'system', id: 'retention', via: 'clock' },
    subject: { kind: 'installation', id: ports.workspace },
    data: { days: ports.retentionDays, before, requests: requests.length, values: values.length },
  })
  const at = ports.clock().toISOString()
  await ports.store.commit({
    erasure: {
      entry: said.entry.id,
      requests: requests.map((request) => emptiedRequest(request, said.entry.id, at)),
      values,
    },
    entries: [said],
  })
}
