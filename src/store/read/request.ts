import type { Execution } from '../../core/execution.ts'
import { type Grant, grantDefaults } from '../../core/grant.ts'
import type { Note } from '../../core/note.ts'
import type { Preview } from '../../core/preview.ts'
import type { ActionRequest, BrokenGlass, Narrowed, Review } from '../../core/request.ts'
import type { BreakGlass } from '../../core/requirement.ts'
import type { RevokedBy } from '../../core/revocation.ts'
import type { ActionRequestModel } from '../prisma/models.ts'

/** The edge where a row becomes a request. Each column holds what `requestRow` wrote, so its shape is known. */
export function requestOf(row: ActionRequestModel): ActionRequest {
  return {
    id: row.id,
    version: row.version,
    state: row.state as ActionRequest['state'], // the table's CHECK allows only these
    action: row.action as unknown as ActionRequest['action'],
    digest: row.digest as ActionRequest['digest'],
    effect: row.effect,
    agent: row.agent as unknown as ActionRequest['agent'],
    initiator: row.initiator as unknown as ActionRequest['initiator'],
    behind: row.behind as unknown as ActionRequest['behind'],
    reason: row.reason as ActionRequest['reason'],
    run: row.run as ActionRequest['run'],
    verdict: verdictOf(row.verdict as unknown as ActionRequest['verdict']),
    requirement: requirementOf(row.requirement as unknown as ActionRequest['requirement']),
    decisions: decisionsOf(row.decisions),
    escalations: row.escalations as unknown as ActionRequest['escalations'],
    brokenGlass: brokenGlassOf(row),
    ...outcomeIn(row.outcome),
    ...doneIn(row),
    ...erasedIn(row),
    idempotencyKey: row.idempotencyKey,
    bodyDigest: row.bodyDigest as ActionRequest['bodyDigest'],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
  }
}

/** What rows say that were written before conditions, escalations and break-glass: the requests of that time had none. */
const earlierVerdict = { errors: [], observed: [], breakGlass: null } as const
const earlierDecision = { typed: [] } as const
const earlierRequirement = {
  reason: null,
  confirm: [],
  escalate: [],
  stepUp: false,
  breakGlass: null,
} as const

/** What they say that were written before a grant had to be asked for in time. */
const earlierGrant = { withinSeconds: grantDefaults.withinSeconds } as const

export function requirementOf(requirement: ActionRequest['requirement']): ActionRequest['requirement'] {
  if (!requirement) return null
  const whole = { ...earlierRequirement, ...requirement }
  return {
    ...whole,
    grant: { ...earlierGrant, ...whole.grant },
    breakGlass: pathOf(whole.breakGlass),
  }
}

function pathOf(path: BreakGlass | null): BreakGlass | null {
  return path && { ...path, grant: { ...earlierGrant, ...path.grant } }
}

export function decisionsOf(decisions: ActionRequestModel['decisions']): ActionRequest['decisions'] {
  return (decisions as unknown as ActionRequest['decisions']).map((one) => ({ ...earlierDecision, ...one }))
}

export function verdictOf(verdict: ActionRequest['verdict']): ActionRequest['verdict'] {
  const whole = { ...earlierVerdict, ...verdict }
  return { ...whole, breakGlass: pathOf(whole.breakGlass) }
}

/** As `outcomeRow` wrote it. */
export function outcomeIn(
  outcome: ActionRequestModel['outcome'],
): Pick<
  ActionRequest,
  | 'outcome'
  | 'unreached'
  | 'overruled'
  | 'agentRevoked'
  | 'withFirst'
  | 'revokedBy'
  | 'unreportedAt'
  | 'revisedBy'
  | 'narrowed'
> {
  const isObject = typeof outcome === 'object' && outcome !== null && 'says' in outcome
  if (!isObject) return { outcome: outcome as ActionRequest['outcome'] }
  return {
    outcome: outcome.says as ActionRequest['outcome'],
    ...('unreached' in outcome && { unreached: true }),
    ...('overruled' in outcome && { overruled: true }),
    ...('agent_revoked' in outcome && { agentRevoked: true }),
    ...('with_first' in outcome && { withFirst: true }),
    ...('revoked_by' in outcome && { revokedBy: outcome.revoked_by as RevokedBy }),
    ...('revised_by' in outcome && { revisedBy: outcome.revised_by as string }),
    ...('narrowed' in outcome && { narrowed: outcome.narrowed as unknown as Narrowed }),
    ...('unreported_at' in outcome && { unreportedAt: outcome.unreported_at as string }),
  }
}

/** As `doneRow` wrote it. */
function doneIn(
  row: ActionRequestModel,
): Pick<
  ActionRequest,
  | 'grant'
  | 'executions'
  | 'rollsBack'
  | 'set'
  | 'alike'
  | 'callbackUrl'
  | 'preview'
  | 'notes'
  | 'revises'
  | 'narrows'
> {
  const grant = row.granted as unknown as Grant | null
  const executions = row.executions as unknown as readonly Execution[]
  const notes = row.notes as unknown as readonly Note[]
  const preview = row.preview as unknown as Preview | null
  return {
    ...(grant && { grant }),
    ...(executions.length > 0 && { executions }),
    ...(notes.length > 0 && { notes }),
    ...(row.revises !== null && { revises: row.revises }),
    ...(row.narrows !== null && { narrows: row.narrows }),
    ...(row.rollsBack !== null && { rollsBack: row.rollsBack }),
    ...(row.setId !== null && { set: { id: row.setId, card: row.setCard ?? row.id } }),
    ...(row.alikeCard !== null && { alike: { card: row.alikeCard, line: row.alikeLine ?? 2 } }),
    ...(row.callbackUrl !== null && { callbackUrl: row.callbackUrl }),
    ...(preview && { preview }),
  }
}

function erasedIn(row: ActionRequestModel): Pick<ActionRequest, 'salt' | 'erased'> {
  const erased = row.erased as unknown as ActionRequest['erased'] | null
  return { ...(row.digestSalt !== null && { salt: row.digestSalt }), ...(erased && { erased }) }
}

function brokenGlassOf(row: ActionRequestModel): ActionRequest['brokenGlass'] {
  const broken = row.brokenGlass as unknown as Omit<BrokenGlass, 'review'> | null // as requestRow wrote it
  return broken && { ...broken, review: row.review as unknown as Review | null }
}
