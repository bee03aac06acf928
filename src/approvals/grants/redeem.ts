import type { Redemption } from '../../core/grant.ts'
import { Refusal, type RefusalCode } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Committed } from '../change.ts'
import { asKnownNow } from '../people/authenticate.ts'
import type { Ports } from '../ports.ts'
import { targetMovedOn, targetNow } from '../rollbacks/target.ts'
import { refreshJob } from '../settle.ts'
import { stopByItself } from '../stops/byItself.ts'
import { refuseStopped, Stopped } from '../stops/refuse.ts'
import { untilApplied } from '../untilApplied.ts'
import { grantEntry } from './grantEntry.ts'
import { faultOfSpender, type Presented, type Presenter, presentedBy, spenderOf } from './presented.ts'
import { readIn, redemption } from './redemption.ts'
import type { Outcome, Redeemed, RedemptionAsk } from './redemptionAsk.ts'
import { refused } from './refusedToken.ts'

interface Asked extends RedemptionAsk {
  /** What people have been told already that goes wrong, by the type of its entry. */
  readonly told: ReadonlySet<string>
  /** The proof that it came with was shown before. */
  readonly isShown: boolean
}

/**
 * The one moment in which an approval is used up (docs/grants.md#redeeming). Judged by what is true now: the grant's record and not
 * its token, who spends it, the action that is about to run, the policy, and whether those who approved still could. The commit is
 * conditional on all of that and on the key that signed it, so of any number of redemptions at once one succeeds (threats: double-spend, checked-at-use, drift,
 * vote-outlived). The same attempt gets the same answer. A proof of the agent's key counts once, whatever was recorded of the call that it was
 * shown with, except for the very call that redeemed (RFC 9449, 11.1). Whatever is refused for what it is, is on record; nothing is, and the proof has not
 * counted, where it ended without a commit: `invalid_request`, `busy`, `not_ready`, `directory_unavailable`.
 *
 * @throws Refusal `invalid_grant` whatever is wrong with the token or its grant, `grant_spent`, `digest_mismatch`, `invalid_request`
 *   when no action is named and one has to be, `invalid_dpop_proof` for a proof that was shown before, `target_moved_on` of a rollback, `stopped`, `directory_unavailable`, `not_ready`, `busy`, `unauthenticated` when the spender was
 *   revoked in that moment
 */
export function redeem(ports: Ports, ask: RedemptionAsk): Promise<Redeemed> {
  return inSpan({ name: 'redeem' }, async (note) => {
    const known: Known = { told: new Set(), isShown: false, type: null }
    const redeemed = await untilApplied(ports, 'a redemption', (last) => attempt(ports, ask, { last, known }))
    note({ 'countersign.request': redeemed.request.id })
    return redeemed
  })
}

/** What its commits have found, for the whole of a call: a commit names one reason only, and the next one another. */
interface Known {
  readonly told: Set<string>
  isShown: boolean
  /** What the last one would have told people of, if anything: the type of its first entry. */
  type: string | null
}

async function attempt(
  ports: Ports,
  ask: RedemptionAsk,
  { last, known }: { readonly last: Committed | null; readonly known: Known },
): Promise<Outcome> {
  const by = last === null ? ask.by : await presenterNow(ports, ask.by)
  if (last === 'duplicate' && known.type !== null) known.told.add(known.type)
  if (last === 'shown') known.isShown = true
  const { told, isShown } = known
  const { change, answer } = await judged(ports, { ...ask, by, told, isShown })
  known.type = change.entries[0]?.entry.type ?? null
  return { change: { ...change, ...(ask.proved && !isShown && { proof: ask.proved.name }) }, answer }
}

/** Whoever was let in a moment ago may have been revoked since. @throws Refusal `unauthenticated`, `agent_unconfirmed` */
async function presenterNow(ports: Ports, by: Presenter): Promise<Presenter> {
  if (!('resource' in by)) return asKnownNow(ports, by)
  const resource = await ports.store.resource(by.resource.id)
  if (resource?.status !== 'active') throw new Refusal('unauthenticated', 'the resource is revoked')
  const secrets = [resource.secretHash, resource.earlier?.secretHash]
  if (!secrets.includes(by.resource.secretHash))
    throw new Refusal('unauthenticated', 'the secret of the resource was replaced')
  return { resource }
}

async function judged(ports: Ports, ask: Asked): Promise<Outcome> {
  const found = await presentedBy(ports, ask.token, ask.by)
  if ('why' in found) return refused(ports, ask, found)
  const fault = faultOfSpender(found, ask)
  if (fault) return refused(ports, ask, fault)
  const { redeemed } = found.grant
  if (ask.isShown && !isSameCall(redeemed, ask)) return shownBefore(ports, ask, found.request)
  if (redeemed) return again(ports, found, { ask, redeemed })
  const { request, grant } = found
  if (request.state !== 'approved') return refused(ports, ask, { why: 'not_approved', request })
  if (ports.clock().toISOString() >= grant.expiresAt) return refused(ports, ask, { why: 'ended', request })
  // Not what was approved (threats: changed-after). For what was it still works: somebody's mistake costs no approval.
  if (!isNamed(found, ask))
    return wrong(ports, request, { ask, type: 'grant.mismatched', answer: 'digest_mismatch' })
  return unlessStopped(ports, { request, ask }, () => redemption(ports, found, ask))
}

/** Whether this is the call that redeemed it, sent again as it was: its answer was lost on the way. */
function isSameCall(redeemed: Redemption | null, { attempt, proved }: Asked): boolean {
  return redeemed?.attempt === attempt && redeemed.proof === proved?.name
}

/** Somebody may have seen it. */
function shownBefore(ports: Ports, ask: Asked, request: ActionRequest): Outcome {
  const { change } = refused(ports, ask, { why: 'proof_shown', request })
  return { change, answer: new Refusal('invalid_dpop_proof', 'a DPoP proof that was shown before') }
}

/** A stop says so, because who asks is who may spend it: a person has to resume it. */
async function unlessStopped(
  ports: Ports,
  { request, ask }: { readonly request: ActionRequest; readonly ask: Asked },
  run: () => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  try {
    const stops = await refuseStopped(ports, request)
    const { change, answer } = await run()
    return { change: { ...change, ...stops }, answer }
  } catch (stopped) {
    if (!(stopped instanceof Stopped)) throw stopped
    return { ...refused(ports, ask, { why: 'stopped', request }), answer: stopped }
  }
}

/** @throws Refusal `invalid_request` */
function isNamed({ request, grant }: Presented, { named }: RedemptionAsk): boolean {
  if (named !== null) return named === request.digest
  if (grant.tokenOnly) return true
  throw new Refusal('invalid_request', 'a redemption that names no action', [
    { pointer: '/digest', detail: 'Name the action that is about to run, or its digest.' },
  ])
}

/**
 * A grant that was redeemed: the same spender's same attempt has lost its answer, anything else is a second use (threats: replay).
 * Whoever has lost it has not acted yet, so a stop that has come since holds them, too, and a rollback whose target has moved on since is
 * not done any more (threats: moved-on).
 */
async function again(
  ports: Ports,
  found: Presented,
  { ask, redeemed }: { readonly ask: Asked; readonly redeemed: Redemption },
): Promise<Outcome> {
  const { request, grant } = found
  const isSame = redeemed.attempt === ask.attempt && redeemed.by.id === spenderOf(ask.by).id
  const isRight = ask.named === null || ask.named === request.digest
  if (!isSame || !isRight)
    return wrong(ports, request, { ask, type: 'grant.replayed', answer: 'grant_spent' })
  return unlessStopped(ports, { request, ask }, async () => {
    const { read, movedBy } = await targetNow(ports, request)
    if (movedBy.length > 0)
      return { ...refused(ports, ask, { why: 'moved_on', request }), answer: targetMovedOn() }
    return {
      change: {
        ...read,
        ...readIn(found, ask.by),
        entries: [grantEntry(ports, request, { ask, type: 'redemption.repeated' })],
      },
      answer: { request, grant: { ...grant, redeemed } },
    }
  })
}

/**
 * On record each time, and told in the thread the first time: a name that takes effect once sees to that, whoever tries at the same
 * moment. A second use stops the agent in the same commit, where policy says so.
 */
async function wrong(
  ports: Ports,
  request: ActionRequest,
  about: {
    readonly ask: Asked
    readonly type: 'grant.replayed' | 'grant.mismatched'
    readonly answer: RefusalCode
  },
): Promise<Outcome> {
  const { ask, type, answer } = about
  const told = !ask.told.has(type)
  const finding = { why: 'double_spend', request: request.id } as const
  const stop = told && type === 'grant.replayed' ? await stopByItself(ports, request.agent, finding) : null
  const data = { named: ask.named, approved: request.digest, told }
  return {
    change: {
      ...(told && { delivery: `${type} ${request.id}` }),
      ...stop,
      entries: [grantEntry(ports, request, { ask, type, data }), ...(stop?.entries ?? [])],
      jobs: [...(told ? refreshJob(request) : []), ...(stop?.jobs ?? [])],
    },
    answer: new Refusal(answer, 'an attempt to use a grant for what it is not'),
  }
}
