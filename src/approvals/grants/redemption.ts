import type { Grant, Redemption } from '../../core/grant.ts'
import { move } from '../../core/lifecycle.ts'
import type { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Change } from '../change.ts'
import { jobKey } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { Versioned } from '../records.ts'
import { targetMovedOn } from '../rollbacks/target.ts'
import { refreshJob } from '../settle.ts'
import { grantEntry } from './grantEntry.ts'
import type { Presented, Presenter } from './presented.ts'
import { spenderOf } from './presented.ts'
import { invalidGrant, type Outcome, type RedemptionAsk } from './redemptionAsk.ts'
import { refused } from './refusedToken.ts'
import type { Revoked } from './revoked.ts'
import { standsNow } from './standsNow.ts'
import { reportBy } from './unreported.ts'

/** A redemption that nothing about the token and the action speaks against: whether what was approved still stands is looked up. */
export async function redemption(ports: Ports, found: Presented, ask: RedemptionAsk): Promise<Outcome> {
  const { request, grant } = found
  const stands = await standsNow(ports, request, 'redemption')
  const read = { ...stands.read, ...readIn(found, ask.by) }
  if (stands.revocation)
    return { change: { ...stands.revocation, ...read }, answer: whyRevoked(stands.revocation) }
  const redeemed: Redemption = {
    attempt: ask.attempt,
    by: spenderOf(ask.by),
    ...(ask.proved && { proof: ask.proved.name }),
    at: ports.clock().toISOString(),
  }
  // Looking people up takes its time.
  if (redeemed.at >= grant.expiresAt) return refused(ports, ask, { why: 'ended', request })
  const spent = { ...grant, redeemed }
  const next = executing(stands.request, spent)
  return {
    change: {
      ...read,
      request: { expected: request.version, next },
      entries: [...stands.entries, grantEntry(ports, next, { ask, type: 'grant.redeemed' })],
      jobs: [...refreshJob(next), { task: 'unreported', request: next.id, at: reportBy(next) }],
      dropJobs: [jobKey({ task: 'unredeemed', request: next.id, at: '' })],
    },
    answer: { request: next, grant: spent },
  }
}

/** Whoever may spend it hears that the target of a rollback has moved on; of anything else, nothing. */
function whyRevoked({ request: { next } }: Revoked): Refusal {
  return next.revokedBy === 'target' ? targetMovedOn() : invalidGrant('revoked')
}

function executing(request: ActionRequest, grant: Grant): ActionRequest {
  return { ...request, version: request.version + 1, state: move(request.state, 'redeem'), grant }
}

/** Who comes, whose grant it is, and the key that signed its token: each as it was judged by. */
export function readIn(
  { holder, signedBy }: Presented,
  by: Presenter,
): Required<Pick<Change, 'caller' | 'signedBy'>> {
  const { agent, key } = holder
  const asRead = ({ id, version }: Versioned) => ({ id, version })
  return {
    caller: {
      agent: asRead(agent),
      key: asRead(key),
      ...('resource' in by && { resource: asRead(by.resource) }),
    },
    signedBy,
  }
}
