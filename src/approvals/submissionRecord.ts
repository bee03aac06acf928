import { hiddenIn } from '../card/masked.ts'
import type { Hop } from '../core/chain.ts'
import type { Account } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import { outcomeOf } from '../core/outcome.ts'
import type { ActionRequest, Verdict } from '../core/request.ts'
import { carrierOf, onOneCard } from '../core/set.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { saysOwnerLeft } from '../policy/facts.ts'
import type { Job } from './job.ts'
import { requestEntry } from './newEntry.ts'
import type { SignIn } from './people/signIn.ts'
import type { Ports } from './ports.ts'
import { firstCardJobs } from './previews/wanted.ts'
import { refreshJob } from './settle.ts'

/** What is written down of a new request. `accounts` are those of the people behind it, as the directory gave them. */
export function submissionEntries(
  ports: Ports,
  of: {
    readonly request: ActionRequest
    readonly accounts: readonly Account[]
    readonly signIn: SignIn | null
    readonly via: string
  },
): readonly NewEntry[] {
  const { request, accounts, signIn, via } = of
  const { verdict } = request
  const submitted = requestEntry(ports, request, {
    type: 'request.submitted',
    actor: { kind: 'agent', id: request.agent.id, via },
    data: {
      action: request.action.action,
      resource: { ...request.action.resource },
      environment: request.action.environment,
      key: request.agent.key,
      initiator: initiatorOf(request, signIn),
      behind: request.behind.map((one) => ({ ...one })),
      ...judgedAs(verdict),
      expires_at: request.expiresAt,
      ...(request.revises !== undefined && { revises: request.revises }),
      ...(request.narrows !== undefined && { narrows: request.narrows }),
      ...(request.rollsBack !== undefined && { rolls_back: request.rollsBack }),
      ...(request.set && { set: request.set.id }),
      ...(request.run?.through && { through: request.run.through.map(idOf) }),
    },
    kept: {
      params: request.action.params,
      reason: request.reason,
      run: keptRun(request.run),
      // What an engine says of an error can repeat a parameter.
      errors: verdict.errors.length > 0 ? [...verdict.errors] : null,
      identity: accounts.length > 0 ? accounts.map((account, nth) => identityOf(account, nth, signIn)) : null,
    },
    // Under the salt of its digest: with the parameters, that of every entry can be computed again, and it goes with them.
    salts: { params: request.salt },
  })
  if (request.state === 'pending') return [submitted]
  const settled = requestEntry(ports, request, {
    type: request.state === 'approved' ? 'request.approved' : 'request.denied',
    actor: { kind: 'policy', id: verdict.policy ?? 'none', via },
    data: {
      outcome: outcomeOf(request),
      code: verdict.code,
      rules: [...verdict.rules],
      ...(verdict.code === 'cooling_down' && { cooling_down: verdict.facts.cooling_down ?? null }),
    },
  })
  return [submitted, settled]
}

/** Of a token that was believed: whose it was and when, and what tells whether another request came with the same one. */
function initiatorOf({ initiator: { person, claim } }: ActionRequest, signIn: SignIn | null): JsonObject {
  if (!signIn) return { person, claim }
  const { issuer, at, issuedAt, token } = signIn
  return { person, claim, signed_in: { issuer, at, issued_at: issuedAt, token } }
}

/** The initiator's account is the first of those that were looked up. Who they are at the provider names them, so it stands where it can be erased. */
function identityOf(account: Account, nth: number, signIn: SignIn | null): JsonObject {
  return { ...account, ...(nth === 0 && signIn && { subject: signIn.subject }) }
}

/** Of a chain only what is ours stands in the entry itself: which agents it names. The names are the agent's own words, and kept beside it. */
function idOf({ kind, agent }: Hop): JsonObject {
  return { kind, ...(agent !== undefined && { agent }) }
}

function keptRun(run: ActionRequest['run']): JsonObject | null {
  if (!run) return null
  const { through, ...rest } = run
  return { ...rest, ...(through && { through: through.map((hop) => ({ ...hop })) }) }
}

/** What an entry says of a verdict. With the names of what people are not shown: whoever tells the story from the record hides the same. */
function judgedAs(verdict: Verdict): JsonObject {
  const hidden = hiddenIn(verdict)
  return {
    verdict: {
      kind: verdict.kind,
      code: verdict.code,
      rules: [...verdict.rules],
      errors: verdict.errors.length,
      observed: [...verdict.observed],
    },
    ...(saysOwnerLeft(verdict.facts) && { owner_left: true }),
    ...(hidden.length > 0 && { hidden: [...hidden] }),
  }
}

/**
 * What has to be done for a request that people decide: its card, its deadline, its reminders and escalations. Of what is made with it and
 * shares its card, the first has the card; the first that still waits reminds of all (`remind`).
 */
export function submissionJobs(
  ports: Pick<Ports, 'previewers'>,
  request: ActionRequest,
  made: readonly ActionRequest[],
): readonly Job[] {
  const told: readonly Job[] =
    request.rollsBack === undefined ? [] : refreshJob({ ...request, requirement: null })
  if (!request.requirement || !request.expiresAt) return told
  const { id, requirement } = request
  const createdAt = Date.parse(request.createdAt)
  const at = (after: number) => new Date(createdAt + after * 1_000).toISOString()
  const carries = carrierOf(request) === id
  const reminders = requirement.notify.remindAfterSeconds.map(
    (after, nth): Job => ({ task: 'remind', request: id, nth, at: at(after) }),
  )
  const escalations = requirement.escalate.map(
    ({ afterSeconds }, nth): Job => ({ task: 'escalate', request: id, nth, at: at(afterSeconds) }),
  )
  return [
    ...(carries ? firstCardJobs(ports, request, onOneCard(request, made)) : []),
    { task: 'expire', request: request.id, at: request.expiresAt },
    ...reminders,
    ...escalations,
    ...told,
  ]
}
