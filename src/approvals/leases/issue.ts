import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { within } from '../../lifetime/limit.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Change } from '../change.ts'
import { showToAgent } from '../inspect.ts'
import type { Job } from '../job.ts'
import type { KeyOfAgent } from '../known.ts'
import { asKnownNow } from '../people/authenticate.ts'
import { refuseRevokedChain } from '../people/chain.ts'
import type { Ports } from '../ports.ts'
import { refuseStopped } from '../stops/refuse.ts'
import { untilApplied } from '../untilApplied.ts'
import { issuingSeconds } from './due.ts'
import { atTarget, endLease } from './end.ts'
import { type CredentialIssuer, type IssuedCredential, TargetFault, targetPatienceMs } from './issuer.ts'
import { leaseEntry } from './leaseEntry.ts'
import type { Lease } from './records.ts'
import { unavailable } from './unavailable.ts'

/** What the agent asks for. */
export interface CredentialAsk {
  readonly request: string
  readonly caller: KeyOfAgent
  /** Which target, where several serve the action; null where one does. */
  readonly target: string | null
  /** The agent says that the answer with the first credential never reached it: that one is ended before another is made. */
  readonly again: boolean
  readonly via: 'api'
}

/** The credential, for one answer; nothing else has it. */
export interface Handed {
  readonly lease: Lease
  readonly ends: CredentialIssuer['ends']
  readonly credential: IssuedCredential['credential']
}

/** How many credentials one request can have been given, one after the other: the first, and one for a lost answer. */
const mostIssued = 2
/** How many tries that gave nothing are put up with for one request: each leaves a row. */
const mostTried = 20

/**
 * Makes the credential for one redeemed grant. The lease is written before the target is asked, and once more when the target
 * has answered, so whatever a crash leaves behind is looked for (docs/credentials.md). The commit moves the version of the request, so of
 * any number at once one is given a credential, and none after the request has ended. It names the agent and its key, too: what ends
 * the credentials of an agent that is revoked finds every row that was written before.
 *
 * @throws Refusal `unknown_request`, `wrong_state`, `not_your_grant`, `no_credential`, `target_unnamed`, `credential_out`, `credential_spent`,
 *   `target_refused`, `target_unavailable`, `stopped`, `chain_revoked`, `busy`, `unauthenticated` when the agent or its key was revoked meanwhile
 */
export function issueCredential(ports: Ports, ask: CredentialAsk): Promise<Handed> {
  return inSpan({ name: 'issue_credential' }, async (note) => {
    note({ 'countersign.request': ask.request })
    const making = await untilApplied(ports, 'a credential', async (last) => {
      // Whoever was let in a moment ago may have been revoked since.
      const caller = last === null ? ask.caller : await asKnownNow(ports, ask.caller)
      const request = await showToAgent(ports, ask.request, caller.agent)
      const issuer = issuerFor(ports, request, ask)
      const stops = await refuseStopped(ports, request)
      const chain = await refuseRevokedChain(ports, request)
      await expectNoneOut(ports, request, ask)
      const lease = leaseFor(ports, request, issuer)
      const change: Change = {
        request: { expected: request.version, next: { ...request, version: request.version + 1 } },
        leases: [{ expected: null, next: lease }],
        entries: [],
        jobs: [lookLater(ports, lease)],
        caller,
        ...stops,
        ...chain,
      }
      return { change, answer: { request, issuer, lease } }
    })
    return handOver(ports, making)
  })
}

/** The one target that may give this agent a credential for this request, now. */
function issuerFor(ports: Ports, request: ActionRequest, ask: CredentialAsk): CredentialIssuer {
  const redeemed = request.grant?.redeemed
  if (request.state !== 'executing' || !request.grant || !redeemed)
    throw new Refusal('wrong_state', `a credential for a request that is ${request.state}`)
  if (redeemed.by.kind !== 'agent' || redeemed.by.id !== ask.caller.agent.id)
    throw new Refusal('not_your_grant', 'a credential for a grant that somebody else redeemed')
  const { audience } = request.grant
  const serving = ports.targets.filter((one) => one.audience === audience && one.serves(request.action))
  const named = ask.target === null ? serving : serving.filter(({ target }) => target === ask.target)
  const [only, ...more] = named
  if (!only) throw new Refusal('no_credential', 'no target serves this action and audience')
  if (more.length > 0)
    throw new Refusal('target_unnamed', 'several targets serve this action', [
      { pointer: '/target', detail: `Name one of ${named.map(({ target }) => target).join(', ')}.` },
    ])
  return only
}

/**
 * One credential at a time, and shown once. An agent whose answer was lost says so: then the lost one is ended first, for
 * certain, and there is one more: nothing is shown twice.
 */
async function expectNoneOut(ports: Ports, request: ActionRequest, ask: CredentialAsk): Promise<void> {
  const leases = await ports.store.leases({ request: request.id, limit: mostTried })
  const given = leases.filter(({ ending }) => ending !== 'no_answer')
  const out = given.filter(({ state }) => state !== 'ended')
  if (given.length >= mostIssued || leases.length >= mostTried)
    throw new Refusal('credential_spent', 'another credential for a request that has had its share')
  if (out.length === 0) return
  if (!ask.again) throw new Refusal('credential_out', 'a second credential while the first is out')
  const actor = { kind: 'agent', id: ask.caller.agent.id, via: ask.via } as const
  for (const { id } of out) {
    const ended = await endLease(ports, { lease: id, why: 'answer_lost', actor })
    if (ended.state !== 'ended')
      throw new Refusal('credential_out', 'a credential that cannot be taken back is out')
  }
}

function leaseFor(ports: Ports, request: ActionRequest, issuer: CredentialIssuer): Lease {
  const id = ports.ids.next('lse')
  const now = ports.clock()
  return {
    id,
    version: 1,
    request: request.id,
    issuer: issuer.issuer,
    target: issuer.target,
    state: 'issuing',
    about: issuer.plan(id, request.action),
    sealed: null,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + issuer.longestSeconds * 1_000).toISOString(),
    endedAt: null,
    ending: null,
  }
}

/** Whoever dies while the target is asked has left this job: it ends whatever exists. */
function lookLater(ports: Ports, { id }: Lease): Job {
  const at = new Date(ports.clock().getTime() + issuingSeconds * 1_000).toISOString()
  return { task: 'endLease', lease: id, at }
}

interface Making {
  readonly request: ActionRequest
  readonly issuer: CredentialIssuer
  readonly lease: Lease
}

/** What exists at the target is handed over only when it is on record that it is out; otherwise it is ended. */
async function handOver(ports: Ports, making: Making): Promise<Handed> {
  const { issuer, lease } = making
  let issued: IssuedCredential
  try {
    issued = await within(targetPatienceMs, `issuing at ${issuer.target}`, () =>
      issuer.issue(lease, lease.expiresAt),
    )
  } catch (fault) {
    await endQuietly(ports, making, { gone: madeNothing(fault) })
    if (fault instanceof Refusal) throw fault
    throw unavailable(issuer.target, fault, nameOf(fault))
  }
  const out = outLease(ports, lease, { issuer, issued })
  const committed = await ports.store
    .commit({
      leases: [{ expected: lease.version, next: out }],
      entries: [issuedEntry(ports, making, out)],
      jobs: [{ task: 'endLease', lease: lease.id, at: out.expiresAt }],
    })
    .catch(async (fault: unknown) => {
      await endMade(ports, making, issued)
      throw fault
    })
  if (committed === 'applied') return { lease: out, ends: issuer.ends, credential: issued.credential }
  // It was ended while the target made it: what it made now must not outlive that.
  await endMade(ports, making, issued)
  throw new Refusal('wrong_state', 'the lease was ended while it was being issued')
}

function outLease(
  ports: Ports,
  lease: Lease,
  { issuer, issued }: { readonly issuer: CredentialIssuer; readonly issued: IssuedCredential },
): Lease {
  const { toEnd, expiresAt } = issued
  return {
    ...lease,
    version: lease.version + 1,
    state: issuer.ends === 'at once' ? 'out' : 'expires',
    sealed: toEnd === null ? null : ports.sealer.seal(toEnd, { purpose: 'lease', row: lease.id }),
    expiresAt: expiresAt < lease.expiresAt ? expiresAt : lease.expiresAt,
  }
}

function issuedEntry(ports: Ports, { request, issuer }: Making, lease: Lease) {
  const { agent } = request
  return leaseEntry(
    ports,
    { lease, request },
    {
      type: 'lease.issued',
      actor: { kind: 'agent', id: agent.id, via: 'api' },
      data: { expires_at: lease.expiresAt, ends: issuer.ends },
    },
  )
}

/** What can be handed to nobody: ended with what only this process knows. What does not end is on record, or listed by its target. */
async function endMade(ports: Ports, making: Making, { toEnd }: IssuedCredential): Promise<void> {
  const { issuer, lease } = making
  const ended =
    issuer.ends === 'at once' && (await atTarget(issuer, () => issuer.end(lease, toEnd)).catch(() => null))
  await endQuietly(ports, making, { gone: ended === 'gone' })
}

/** At once where that is possible. Otherwise the job does it that was committed with the lease. */
async function endQuietly(
  ports: Ports,
  { lease: { id }, issuer }: Making,
  { gone }: { readonly gone: boolean },
): Promise<void> {
  const actor = { kind: 'system', id: issuer.target, via: 'issuer' } as const
  await endLease(ports, { lease: id, why: 'no_answer', actor, gone }).catch(() => undefined)
}

function madeNothing(fault: unknown): boolean {
  return fault instanceof Refusal || (fault instanceof TargetFault && fault.made === 'nothing')
}

/** Nothing of what a target says gets into our log: only what kind of fault it was. */
function nameOf(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : 'no answer'
}
