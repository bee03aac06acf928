import { type Action, type Digest, digestAction } from '../core/action.ts'
import type { Account } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, Claim, Requirement, Verdict } from '../core/request.ts'
import type { Behind } from '../core/separation.ts'
import type { Line } from '../ledger/entry.ts'
import { evaluate } from '../policy/evaluate.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { requestLine } from './line.ts'
import { currentPeople } from './people.ts'
import type { Agent, AgentKey, Job, Ports } from './ports.ts'
import { hopelessLeg } from './satisfiable.ts'

/** What an agent asks, parsed. */
export interface Submission {
  readonly action: Action
  readonly reason: string | null
  /** Null: the agent's owner is the initiator. */
  readonly initiator: PersonClaim | null
  readonly involved: readonly PersonClaim[]
  readonly run: ActionRequest['run']
  /** Shortens the policy's expiry; it can never lengthen it. */
  readonly expiresInSeconds: number | null
}

/** Who asks, with which key, and under which idempotency key. */
export interface Asking {
  readonly agent: Agent
  readonly key: AgentKey
  readonly via: 'api' | 'webhook'
  readonly idempotencyKey: string
  readonly bodyDigest: Digest
}

/**
 * An agent asks. The people behind the action, the verdict and the requirement are fixed here, for life.
 * The same key with the same body answers with the request that exists, however often it is sent.
 *
 * @throws Refusal `idempotency_mismatch`, `unknown_person`, `directory_unavailable`, `busy`
 */
export async function submit(
  ports: Ports,
  asking: Asking,
  submission: Submission,
): Promise<{ readonly request: ActionRequest; readonly created: boolean }> {
  const earlier = await earlierRequest(ports, asking)
  if (earlier) return { request: earlier, created: false }

  const people = await resolvePeople(ports, asking, submission)
  const judged = await judge(ports, asking, { submission, behind: people.behind })
  const request = compose(ports, asking, { submission, people, judged })
  const lines = submissionLines(ports, asking, { request, accounts: people.accounts })

  // One commit holds the request, its entries and its jobs. Only after it may the agent be answered: no card is
  // posted and no deadline runs for a request that is not durable, and none that is durable goes without.
  const committed = await ports.store.commit({
    request: { expected: null, next: request },
    lines,
    jobs: jobsFor(request),
  })
  if (committed === 'applied') return { request, created: true }

  // Somebody with the same idempotency key was faster: theirs is the request.
  const winner = await earlierRequest(ports, asking)
  if (!winner) throw new Refusal('busy', 'a new request met a conflict that is not its idempotency key')
  return { request: winner, created: false }
}

async function earlierRequest(ports: Ports, asking: Asking): Promise<ActionRequest | null> {
  const earlier = await ports.store.requestByKey(asking.agent.id, asking.idempotencyKey)
  if (earlier && earlier.bodyDigest !== asking.bodyDigest)
    throw new Refusal('idempotency_mismatch', 'an idempotency key was used again with another body')
  return earlier
}

interface People {
  readonly initiator: ActionRequest['initiator']
  readonly behind: readonly Behind[]
  /** As the directory gave them, for the record. */
  readonly accounts: readonly Account[]
}

/**
 * Everybody behind the action. The agent's owner and the creator of its key are, whatever the agent says
 * (threats: claimed-initiator).
 */
async function resolvePeople(ports: Ports, asking: Asking, submission: Submission): Promise<People> {
  const accounts: Account[] = []
  const resolve = async (claim: PersonClaim, pointer: string) => {
    const account = await resolveClaim(ports, claim, pointer)
    accounts.push(account)
    return personOf(ports, account)
  }
  const claim: Claim = !submission.initiator
    ? 'agent_owner'
    : 'email' in submission.initiator
      ? 'email'
      : 'slack_user_id'
  // The agent and its key may be older than a link between people.
  const today = await currentPeople(ports, [asking.agent.owner, asking.key.createdBy])
  const owner = today(asking.agent.owner)
  const initiator = submission.initiator ? await resolve(submission.initiator, `/initiator/${claim}`) : owner
  const behind: Behind[] = [
    { person: initiator, role: 'initiator' },
    { person: owner, role: 'agent_owner' },
    { person: today(asking.key.createdBy), role: 'key_creator' },
  ]
  for (const [index, involved] of submission.involved.entries())
    behind.push({ person: await resolve(involved, `/involved/${index}`), role: 'involved' })
  return { initiator: { person: initiator, claim }, behind, accounts }
}

interface Judged {
  readonly verdict: Verdict
  readonly requirement: Requirement | null
  readonly effect: string | null
}

/** What policy says, and, if it asks for people, whether they exist: nobody waits for people who cannot help. */
async function judge(
  ports: Ports,
  asking: Asking,
  about: { readonly submission: Submission; readonly behind: readonly Behind[] },
): Promise<Judged> {
  const { submission, behind } = about
  const { verdict, requirement, effect } = evaluate(ports.policy(), {
    action: submission.action,
    agent: { id: asking.agent.id, name: asking.agent.name },
    at: ports.clock().toISOString(),
  })
  if (!requirement) return { verdict, requirement: null, effect }

  const leg = await hopelessLeg(ports, requirement, behind)
  if (leg) {
    const message = `Nobody who is not behind this action can fill “${leg}”, so it could never be approved.`
    const facts = { ...verdict.facts, unsatisfiable: leg }
    return {
      verdict: { ...verdict, kind: 'deny', code: 'unsatisfiable', message, facts },
      requirement: null,
      effect,
    }
  }
  const expiresInSeconds = Math.min(
    requirement.expiresInSeconds,
    submission.expiresInSeconds ?? Number.POSITIVE_INFINITY,
  )
  const remindAfterSeconds = requirement.notify.remindAfterSeconds.filter((after) => after < expiresInSeconds)
  const notify = { ...requirement.notify, remindAfterSeconds }
  return { verdict, requirement: { ...requirement, expiresInSeconds, notify }, effect }
}

const firstState = { allow: 'approved', deny: 'denied', require_approval: 'pending' } as const

function compose(
  ports: Ports,
  asking: Asking,
  parts: { readonly submission: Submission; readonly people: People; readonly judged: Judged },
): ActionRequest {
  const { submission, people, judged } = parts
  const now = ports.clock()
  const state = firstState[judged.verdict.kind]
  const expiresAt = judged.requirement
    ? new Date(now.getTime() + judged.requirement.expiresInSeconds * 1_000)
    : null
  return {
    id: ports.ids.next('req'),
    version: 1,
    state,
    action: submission.action,
    digest: digestAction(submission.action),
    effect: judged.effect,
    agent: { id: asking.agent.id, name: asking.agent.name, owner: asking.agent.owner, key: asking.key.id },
    initiator: people.initiator,
    behind: people.behind,
    reason: submission.reason,
    run: submission.run,
    verdict: judged.verdict,
    requirement: judged.requirement,
    decisions: [],
    outcome: state === 'pending' ? null : (judged.verdict.message ?? `Policy says ${judged.verdict.kind}.`),
    idempotencyKey: asking.idempotencyKey,
    bodyDigest: asking.bodyDigest,
    createdAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    settledAt: state === 'pending' ? null : now.toISOString(),
  }
}

function submissionLines(
  ports: Ports,
  asking: Asking,
  parts: { readonly request: ActionRequest; readonly accounts: readonly Account[] },
): readonly Line[] {
  const { request, accounts } = parts
  const { verdict } = request
  const submitted = requestLine(ports, request, {
    type: 'request.submitted',
    actor: { kind: 'agent', id: request.agent.id, via: asking.via },
    data: {
      action: request.action.action,
      resource: { ...request.action.resource },
      environment: request.action.environment,
      key: request.agent.key,
      initiator: { ...request.initiator },
      behind: request.behind.map((one) => ({ ...one })),
      verdict: { kind: verdict.kind, code: verdict.code, rules: [...verdict.rules] },
      expires_at: request.expiresAt,
    },
    kept: {
      params: request.action.params,
      reason: request.reason,
      run: request.run ? { ...request.run } : null,
      identity: accounts.length > 0 ? accounts.map((account) => ({ ...account })) : null,
    },
  })
  if (request.state === 'pending') return [submitted]
  const settled = requestLine(ports, request, {
    type: request.state === 'approved' ? 'request.approved' : 'request.denied',
    actor: { kind: 'policy', id: verdict.policy ?? 'none', via: asking.via },
    data: { code: verdict.code, rules: [...verdict.rules] },
  })
  return [submitted, settled]
}

function jobsFor(request: ActionRequest): readonly Job[] {
  if (!request.requirement || !request.expiresAt) return []
  const createdAt = Date.parse(request.createdAt)
  const reminders = request.requirement.notify.remindAfterSeconds.map(
    (after, nth): Job => ({
      task: 'remind',
      request: request.id,
      nth,
      at: new Date(createdAt + after * 1_000).toISOString(),
    }),
  )
  return [
    { task: 'announce', request: request.id },
    { task: 'expire', request: request.id, at: request.expiresAt },
    ...reminders,
  ]
}
