import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import { endLease } from './end.ts'
import type { WhyEnded } from './records.ts'

/** A lease that is being issued for longer than this many seconds belongs to a process that has died. */
export const issuingSeconds = 30

const actor = { kind: 'system', id: 'deadline', via: 'clock' } as const

/**
 * The job of a lease: ends it when its time is over, or early where `why` says so. One that is not due yet (a clock went
 * back, or its process is still at it) gets its job again.
 *
 * @throws Refusal `target_unavailable`: whether it is gone is not known, and the job is tried again until it is
 */
export async function endDueLease(
  ports: Ports,
  due: { readonly lease: string; readonly why?: WhyEnded },
): Promise<void> {
  const lease = await ports.store.lease(due.lease)
  if (!lease || lease.state === 'ended') return
  if (due.why !== undefined) return void (await endLease(ports, { lease: lease.id, why: due.why, actor }))
  const patience = Date.parse(lease.createdAt) + issuingSeconds * 1_000
  const at = lease.state === 'issuing' ? new Date(patience).toISOString() : lease.expiresAt
  if (ports.clock().toISOString() < at) {
    const again: Job = { task: 'endLease', lease: lease.id, at }
    await ports.store.commit({ entries: [], jobs: [again] })
    return
  }
  await endLease(ports, { lease: lease.id, why: lease.state === 'issuing' ? 'no_answer' : 'expired', actor })
}
