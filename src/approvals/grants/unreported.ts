import { reportWithinSeconds } from '../../core/execution.ts'
import { move } from '../../core/lifecycle.ts'
import type { ActionRequest } from '../../core/request.ts'
import { jobsToEndLeases } from '../leases/end.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { ending } from '../settle.ts'

/** When somebody has to have said how it ended; each report that it is going on gives it the same time again. */
export function reportBy({ grant, executions = [] }: ActionRequest): string {
  const said = [grant?.redeemed?.at ?? '', ...executions.map(({ at }) => at)].toSorted().at(-1) ?? ''
  return new Date(Date.parse(said) + reportWithinSeconds * 1_000).toISOString()
}

/**
 * It was redeemed, and nobody says how it ended. That is no failure, and nobody knows that it ran: people are told so, and what is
 * reported later is taken all the same.
 */
export async function giveUpUnreported(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.state !== 'executing') return
  const at = reportBy(request)
  const now = ports.clock().toISOString()
  if (now < at) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'unreported', request: id, at }] })
    return
  }
  const next: ActionRequest = {
    ...request,
    version: request.version + 1,
    state: move(request.state, 'lose'),
    unreportedAt: now,
  }
  const entry = requestEntry(ports, next, {
    type: 'request.unreported',
    actor: { kind: 'system', id: 'deadline', via: 'clock' },
    data: { grant: request.grant?.id ?? null, report_by: at, reports: request.executions?.length ?? 0 },
  })
  const change = ending(request, next, entry)
  const jobs = [...(change.jobs ?? []), ...(await jobsToEndLeases(ports, id, 'unreported'))]
  const committed = await ports.store.commit({ ...change, jobs })
  // Beaten by a report.
  if (committed !== 'applied') await giveUpUnreported(ports, id)
}
