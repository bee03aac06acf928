import { Refusal } from '../../core/refusal.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { issuingSeconds } from './due.ts'
import { atTarget } from './end.ts'
import type { CredentialIssuer, LeaseAtTarget } from './issuer.ts'
import { leaseEntry } from './leaseEntry.ts'
import type { Lease } from './records.ts'

/** Seconds between looks: what a killed process left behind is ended within a minute. */
const everySeconds = 30

/** How many leases are looked through for one whose job is missing. */
const pageSize = 100

/** The first look of a process that starts; none where nothing is issued. */
export function sweepJobs({ targets }: Pick<Ports, 'targets'>): readonly Job[] {
  return targets.length === 0 ? [] : [{ task: 'sweepTargets' }]
}

/**
 * Looks for what nobody looks after: credentials that a target lists and the record does not call out, and leases whose
 * time is over and whose job is not there. The next look is committed first, so that it comes whatever a target does.
 *
 * @throws Refusal `target_unavailable` after all others were looked at, when one of them did not answer
 */
export async function sweepTargets(ports: Ports): Promise<void> {
  if (ports.targets.length === 0) return
  const at = new Date(ports.clock().getTime() + everySeconds * 1_000).toISOString()
  await ports.store.commit({ entries: [], jobs: [{ task: 'sweepTargets', at }] })
  await giveJobs(ports)
  const faults: unknown[] = []
  for (const issuer of ports.targets) await endOrphans(ports, issuer).catch((fault) => faults.push(fault))
  if (faults.length > 0) throw faults[0]
}

async function giveJobs(ports: Ports): Promise<void> {
  const latest = new Date(ports.clock().getTime() - 2 * everySeconds * 1_000).toISOString()
  const issuedBefore = new Date(Date.parse(latest) - issuingSeconds * 1_000).toISOString()
  const isForgotten = ({ state, createdAt, expiresAt }: Lease) =>
    state === 'issuing' ? createdAt < issuedBefore : expiresAt < latest
  let before: string | undefined
  do {
    const page = await ports.store.leases({
      states: ['issuing', 'out', 'expires'],
      limit: pageSize,
      ...(before !== undefined && { before }),
    })
    const jobs = page.filter(isForgotten).map(({ id }) => ({ task: 'endLease' as const, lease: id }))
    if (jobs.length > 0) await ports.store.commit({ entries: [], jobs })
    before = page.length < pageSize ? undefined : page.at(-1)?.id
  } while (before !== undefined)
}

/** One that is being issued or is out has a row that says so: it is written first. */
async function endOrphans(ports: Ports, issuer: CredentialIssuer): Promise<void> {
  if (issuer.ends !== 'at once') return
  const begun = ports.clock().toISOString()
  for (const found of (await atTarget(issuer, () => issuer.list())) ?? []) {
    const lease = await ports.store.lease(found.id)
    if (lease && lease.state !== 'ended') continue
    // Ended while it was being looked at.
    if (lease?.endedAt && lease.endedAt >= begun) continue
    if ((await atTarget(issuer, () => issuer.end(found, null))) !== 'gone') continue
    await record(ports, { issuer, found, lease })
  }
}

async function record(
  ports: Ports,
  by: {
    readonly issuer: CredentialIssuer
    readonly found: LeaseAtTarget
    readonly lease: Lease | null
  },
): Promise<void> {
  const { issuer, found, lease } = by
  const saying = {
    type: 'lease.ended',
    actor: { kind: 'system', id: 'sweep', via: 'clock' },
    data: { why: 'orphan' },
  } as const
  const request = lease && (await ports.store.request(lease.request))
  const entry = lease
    ? leaseEntry(ports, { lease, request }, saying)
    : newEntry(ports, {
        ...saying,
        subject: { kind: 'lease', id: found.id },
        data: { issuer: issuer.issuer, target: issuer.target, ...saying.data },
      })
  const committed = await ports.store.commit({ entries: [entry] })
  if (committed !== 'applied') throw new Refusal('busy', 'an orphan could not be recorded')
}
