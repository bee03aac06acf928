import { digestAction } from '../core/action.ts'
import type { ActionRequest } from '../core/request.ts'
import type { PeopleBehind } from './people/peopleBehind.ts'
import type { Judged } from './policy/judge.ts'
import type { Ports } from './ports.ts'
import type { Submission, SubmissionEnvelope } from './submission.ts'

/** The request that a submission makes, as policy judged it. */
export function newRequest(
  ports: Pick<Ports, 'ids' | 'clock'>,
  envelope: SubmissionEnvelope,
  parts: { readonly submission: Submission; readonly people: PeopleBehind; readonly judged: Judged },
): ActionRequest {
  const { submission, people, judged } = parts
  const now = ports.clock()
  const state = firstState(judged)
  const expiresAt = judged.requirement
    ? new Date(now.getTime() + judged.requirement.expiresInSeconds * 1_000)
    : null
  return {
    id: ports.ids.next('req'),
    version: 1,
    state,
    action: submission.action,
    digest: digestAction(submission.action),
    salt: ports.ids.salt(),
    effect: judged.effect,
    agent: {
      id: envelope.agent.id,
      name: envelope.agent.name,
      owner: people.owner,
      key: envelope.key.id,
    },
    initiator: people.initiator,
    behind: people.behind,
    reason: submission.reason,
    run: submission.run,
    verdict: judged.verdict,
    requirement: judged.requirement,
    decisions: [],
    escalations: [],
    brokenGlass: null,
    outcome: state === 'pending' ? null : (judged.verdict.message ?? `Policy says ${judged.verdict.kind}.`),
    idempotencyKey: envelope.idempotencyKey,
    bodyDigest: envelope.bodyDigest,
    createdAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    settledAt: state === 'pending' ? null : now.toISOString(),
    ...(submission.callbackUrl !== undefined && { callbackUrl: submission.callbackUrl }),
    ...(submission.revises !== undefined && { revises: submission.revises }),
    ...(submission.rollsBack !== undefined && { rollsBack: submission.rollsBack }),
  }
}

/** A denial that break-glass may lift waits like what people are asked for; it can only be lifted, or expire. */
function firstState({ verdict, requirement }: Judged): 'pending' | 'approved' | 'denied' {
  if (requirement) return 'pending'
  return verdict.kind === 'allow' ? 'approved' : 'denied'
}
