import { administrative } from '../../core/action.ts'
import type { Grant } from '../../core/grant.ts'
import type { State } from '../../core/lifecycle.ts'
import { Refusal, type RefusalCode } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Change, Committed, VersionRead } from '../change.ts'
import { showToAgent } from '../inspect.ts'
import type { Job } from '../job.ts'
import type { KeyOfAgent } from '../known.ts'
import { requestEntry } from '../newEntry.ts'
import { asKnownNow } from '../people/authenticate.ts'
import type { Ports } from '../ports.ts'
import { dueSince } from '../rollbacks/due.ts'
import { refreshJob } from '../settle.ts'
import { refuseStopped } from '../stops/refuse.ts'
import { type Attempt, untilApplied } from '../untilApplied.ts'
import { type GrantWish, grantEntry, newGrant, termsOf, tokenOf } from './newGrant.ts'
import { standsNow } from './standsNow.ts'

/** An agent asks for the grant of what was approved. */
export interface GrantAsk extends GrantWish {
  readonly request: string
  readonly caller: KeyOfAgent
  readonly via: string
}

/** A grant, and the token that carries it: that is never stored, logged or written down. */
export interface Minted {
  readonly request: ActionRequest
  readonly grant: Grant
  readonly token: string
  /** It was issued before, and this is the same token again. */
  readonly repeated: boolean
}

/**
 * The grant of an approved request: minted when the agent that asked asks for it, once (threats: replay). At that moment who approved
 * is judged again as at the release, and so is what the active policy denies by now: what does not stand any more is revoked.
 * The commit is conditional on the policy, on the links between people, on the stops, on the agent and its key, and on the key that signs. Who lost the answer and asks again
 * with the same key, audience and proof key gets the same token for as long as it lives; of any number at once one is the
 * first, and all get its token. It is signed before it is committed, so that nothing is granted that cannot be given out.
 *
 * @throws Refusal `unknown_request` (also for another agent's), `not_approved`, `no_grant`, `grant_lapsed`, `grant_revoked`,
 *   `target_moved_on` and `nothing_to_undo` of a rollback, `grant_taken`, `grant_over`, `stopped`, `unknown_audience`, `invalid_dpop_proof` for a proof that was shown before,
 *   `directory_unavailable`, `not_ready`, `busy`, `unauthenticated` when the key was revoked meanwhile
 */
export function mint(ports: Ports, ask: GrantAsk): Promise<Minted> {
  return inSpan({ name: 'mint' }, async (note) => {
    const minted = await untilApplied(ports, 'a grant', (last) => attempt(ports, ask, last))
    note({ 'countersign.request': minted.request.id, 'countersign.repeated': minted.repeated })
    return minted
  })
}

/** What the newest version of a request leads to. */
interface Ruling extends Attempt<Minted> {
  readonly change: Change
}

async function attempt(ports: Ports, ask: GrantAsk, last: Committed | null): Promise<Ruling> {
  if (last === 'shown') throw new Refusal('invalid_dpop_proof', 'a DPoP proof that was shown before')
  const caller = last === null ? ask.caller : await asKnownNow(ports, ask.caller)
  const request = await showToAgent(ports, ask.request, caller.agent)
  const { change, answer } = await ruled(ports, request, { ...ask, caller })
  return {
    change: { ...change, caller, ...(ask.proof && { proof: ask.proof.name }) },
    answer,
  }
}

/** A refusal that says something of the request is recorded; one that only says to wait, or to come again, is not. */
async function ruled(ports: Ports, request: ActionRequest, ask: GrantAsk): Promise<Ruling> {
  try {
    return await ruling(ports, request, ask)
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.passes || isTooEarly(refusal)) throw refusal
    const entry = requestEntry(ports, request, {
      type: 'grant.refused',
      actor: { kind: 'agent', id: ask.caller.agent.id, via: ask.via },
      data: { code: refusal.code, key: ask.caller.key.id, grant: request.grant?.id ?? null },
    })
    return { change: { entries: [entry] }, answer: refusal }
  }
}

function isTooEarly({ code }: Refusal): boolean {
  return code === 'not_approved' || code === 'nothing_to_undo'
}

async function ruling(ports: Ports, request: ActionRequest, ask: GrantAsk): Promise<Ruling> {
  refuseOtherStates(request)
  if (administrative.includes(request.action.action))
    throw new Refusal('no_grant', 'an action that Countersign performs itself')
  const stops = await refuseStopped(ports, request)
  if (request.grant) return again(ports, request, { ask, grant: request.grant, stops })
  // One bundle for everything: what it denies, how long there is, for whom, and what the commit is conditional on.
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('not_ready', 'no policy that this process can judge by is active')
  refuseLate(ports, await releasedAt(ports, request), termsOf(request, bundle).withinSeconds)
  const stands = await standsNow({ ...ports, policy: () => bundle }, request, 'grant')
  const read = { ...stands.read, ...stops }
  if (stands.revocation)
    return {
      change: { ...read, ...stands.revocation },
      answer: new Refusal(
        revokedCode(stands.revocation.request.next),
        'what was approved does not stand any more',
      ),
    }
  const grant = await newGrant(ports, { request, bundle }, { ...ask, askedWith: ask.caller.key.id })
  const next: ActionRequest = { ...stands.request, version: request.version + 1, grant }
  const signedBy = await ports.signer.keyRead(grant.signedWith)
  const issued = grantEntry(ports, next, { grant, type: 'grant.issued', via: ask.via })
  return {
    change: {
      ...read,
      signedBy,
      request: { expected: request.version, next },
      entries: [...stands.entries, issued],
      jobs: [...refreshJob(next), ...lapseJob(next, grant)],
    },
    answer: { request: next, grant, token: await tokenOf(ports, next, grant), repeated: false },
  }
}

/** What people approved lapses when its grant has ended unused; until now it would have when none was asked for. */
function lapseJob({ id, requirement }: ActionRequest, grant: Grant): readonly Job[] {
  return requirement ? [{ task: 'unredeemed', request: id, at: grant.expiresAt }] : []
}

/** By state: what to say of one that is not `approved`. */
const otherStates: Readonly<Record<Exclude<State, 'approved'>, RefusalCode>> = {
  pending: 'not_approved',
  denied: 'not_approved',
  expired: 'not_approved',
  cancelled: 'not_approved',
  lapsed: 'grant_lapsed',
  revoked: 'grant_revoked',
  executing: 'grant_over',
  succeeded: 'grant_over',
  failed: 'grant_over',
  unreported: 'grant_over',
}

function refuseOtherStates(request: ActionRequest): void {
  const { state } = request
  if (state === 'approved') return
  const code = state === 'revoked' ? revokedCode(request) : otherStates[state]
  throw new Refusal(code, `a grant of a request that is ${state}`)
}

/** Why a rollback is over is told, because it can be seen to: the rest is for people. */
function revokedCode({ revokedBy }: ActionRequest): RefusalCode {
  return revokedBy === 'target' ? 'target_moved_on' : 'grant_revoked'
}

/** From when there is a grant: of a declared rollback, from the end of what it undoes. @throws Refusal `nothing_to_undo` before that */
async function releasedAt({ store }: Ports, request: ActionRequest): Promise<string> {
  const { rollsBack, set, settledAt, createdAt } = request
  if (!set || rollsBack === undefined) return settledAt ?? createdAt
  const due = dueSince(request, await store.request(rollsBack))
  if (due === null) throw new Refusal('nothing_to_undo', 'a grant of a rollback of what has not run')
  return due
}

/** Checked when it is used, whether or not anything has noticed that the time is over (threats: checked-at-use). */
function refuseLate(ports: Ports, released: string, withinSeconds: number): void {
  const until = Date.parse(released) + withinSeconds * 1_000
  if (ports.clock().getTime() > until)
    throw new Refusal('grant_lapsed', `the grant was not asked for within ${withinSeconds} s of the approval`)
}

type Stops = Awaited<ReturnType<typeof refuseStopped>>

/** The same token, for whoever lost the answer. */
async function again(
  ports: Ports,
  request: ActionRequest,
  { ask, grant, stops }: { readonly ask: GrantAsk; readonly grant: Grant; readonly stops: Stops },
): Promise<Ruling> {
  if (ports.clock().toISOString() >= grant.expiresAt)
    throw new Refusal('grant_over', 'the grant was issued, and its time is over')
  const isSame =
    grant.askedWith === ask.caller.key.id &&
    grant.jkt === (ask.proof?.jkt ?? null) &&
    (ask.audience === null || ask.audience === grant.audience)
  if (!isSame) throw new Refusal('grant_taken', 'the grant was issued to another key, proof key or audience')
  const signedBy = await standingKey(ports, grant)
  if (!signedBy) throw new Refusal('grant_over', 'the key that signed it was withdrawn')
  const token = await tokenOf(ports, request, grant)
  return {
    change: {
      ...stops,
      signedBy,
      entries: [grantEntry(ports, request, { grant, type: 'grant.repeated', via: ask.via })],
    },
    answer: { request, grant, token, repeated: true },
  }
}

/**
 * The key that signed it; null where that was withdrawn. Then nobody believes the token any more, and no other key signs it: whoever
 * verifies without us may not have heard that the first one counts no more.
 */
async function standingKey(
  { store }: Pick<Ports, 'store'>,
  { signedWith }: Grant,
): Promise<VersionRead | null> {
  const key = (await store.signingKeys()).find(({ id, sealed }) => id === signedWith && sealed !== null)
  return key ? { id: key.id, version: key.version } : null
}
