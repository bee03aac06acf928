import { Refusal } from '../../core/refusal.ts'
import type { Actor, NewEntry } from '../../ledger/entry.ts'
import { within } from '../../lifetime/limit.ts'
import type { Change } from '../change.ts'
import { type Job, jobKey } from '../job.ts'
import type { Ports } from '../ports.ts'
import { untilApplied } from '../untilApplied.ts'
import { type CredentialIssuer, TargetFault, targetPatienceMs } from './issuer.ts'
import { leaseEntry } from './leaseEntry.ts'
import type { Lease, WhyEnded } from './records.ts'
import { unavailable } from './unavailable.ts'

export interface LeaseEnd {
  readonly lease: string
  readonly why: WhyEnded
  readonly actor: Actor
  /** The operator says that the target itself is gone: it is not asked. */
  readonly attested?: true
  /** Whoever asks has just heard from the target that nothing of it is left, or that nothing was made. */
  readonly gone?: boolean
}

/**
 * Ends a credential: it is written down as ended only when its target says that nothing of it is left. One that cannot be
 * taken back stays listed as out until its time (`expires`), with why somebody wanted it ended. Ending what has ended changes nothing.
 *
 * @throws Refusal `unknown_lease`, `target_unavailable` when it is not known whether it is gone (look again), `busy`
 */
export async function endLease(ports: Ports, by: LeaseEnd): Promise<Lease> {
  return untilApplied(ports, 'ending a lease', async () => {
    const lease = await ports.store.lease(by.lease)
    if (!lease) throw new Refusal('unknown_lease', 'no such lease')
    if (lease.state === 'ended') return { change: null, answer: lease }
    const isKnown = by.attested === true || by.gone === true
    const next = isKnown || (await isGone(ports, lease)) ? gone(ports, lease, by) : kept(lease, by)
    return next === null
      ? { change: null, answer: lease }
      : { change: await changeOf(ports, { lease, next, by }), answer: next }
  })
}

/**
 * The jobs that end what is out for a request: committed with whatever ends it (a last report, a revocation, a stop), in a change
 * that names the version of the request. Issuing moves that version, so none is missed.
 */
export async function jobsToEndLeases(
  { store }: Pick<Ports, 'store'>,
  request: string,
  why: WhyEnded,
): Promise<readonly Job[]> {
  const out = await store.leases({ request, states: ['issuing', 'out', 'expires'], limit: 20 })
  return out.map(({ id }) => ({ task: 'endLease', lease: id, why }))
}

/** Whether nothing of it exists any more. The time alone ends only what nobody can end, or could have ended. */
async function isGone(ports: Ports, lease: Lease): Promise<boolean> {
  const isOver = ports.clock().toISOString() >= lease.expiresAt
  const issuer = issuerOf(ports, lease)
  if (!issuer) throw new Refusal('target_unavailable', `${lease.target} is not configured any more`)
  if (issuer.ends === 'at expiry') return isOver
  const toEnd =
    lease.sealed === null ? null : ports.sealer.open(lease.sealed, { purpose: 'lease', row: lease.id })
  return (await atTarget(issuer, () => issuer.end(lease, toEnd))) === 'gone' || isOver
}

function issuerOf({ targets }: Ports, { issuer, target }: Lease): CredentialIssuer | undefined {
  return targets.find((one) => one.target === target && one.issuer === issuer)
}

/** @throws Refusal `target_unavailable` for whatever the target did not do */
export async function atTarget<T>({ target }: CredentialIssuer, call: () => Promise<T>): Promise<T> {
  try {
    return await within(targetPatienceMs, `a call to ${target}`, call)
  } catch (fault) {
    if (fault instanceof Refusal && fault.code !== 'target_refused') throw fault
    const said = fault instanceof TargetFault || fault instanceof Refusal ? fault.message : 'no answer'
    throw unavailable(target, fault, said)
  }
}

function gone(ports: Ports, lease: Lease, { why }: LeaseEnd): Lease {
  const at = ports.clock().toISOString()
  const now = lease.state === 'issuing' ? 'no_answer' : at >= lease.expiresAt ? 'expired' : why
  return {
    ...lease,
    version: lease.version + 1,
    state: 'ended',
    sealed: null,
    endedAt: at,
    ending: lease.ending ?? now,
  }
}

/** It cannot be taken back. That somebody wanted to is recorded once; its job looks again when its time has come. */
function kept(lease: Lease, { why }: LeaseEnd): Lease | null {
  if (lease.ending !== null) return null
  const ending = lease.state === 'issuing' ? 'no_answer' : why
  return { ...lease, version: lease.version + 1, state: 'expires', ending }
}

async function changeOf(
  ports: Ports,
  { lease, next, by }: { readonly lease: Lease; readonly next: Lease; readonly by: LeaseEnd },
): Promise<Change> {
  const { id, expiresAt } = lease
  const keys = [jobKey({ task: 'endLease', lease: id }), jobKey({ task: 'endLease', lease: id, why: by.why })]
  return {
    leases: [{ expected: lease.version, next }],
    entries: [await entryOf(ports, next, by)],
    ...(next.state === 'ended'
      ? { dropJobs: keys }
      : { jobs: [{ task: 'endLease', lease: id, at: expiresAt }] }),
  }
}

async function entryOf(ports: Ports, lease: Lease, { actor, attested }: LeaseEnd): Promise<NewEntry> {
  const about = { lease, request: await ports.store.request(lease.request) }
  const why = lease.ending
  return lease.state === 'ended'
    ? leaseEntry(ports, about, { type: 'lease.ended', actor, data: { why, ...(attested && { attested }) } })
    : leaseEntry(ports, about, {
        type: 'lease.expires',
        actor,
        data: { why, expires_at: lease.expiresAt },
      })
}
