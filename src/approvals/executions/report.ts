import { digestAction } from '../../core/action.ts'
import { digestDeviation, fieldDeviations } from '../../core/deviation.ts'
import type { Deviation, Execution } from '../../core/execution.ts'
import type { Spender } from '../../core/grant.ts'
import { isFinal, type Move, move, type State } from '../../core/lifecycle.ts'
import { progressOf } from '../../core/progress.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasRun } from '../../core/rollback.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Change, Committed } from '../change.ts'
import { type Job, jobKey } from '../job.ts'
import { jobsToEndLeases } from '../leases/end.ts'
import type { Ports } from '../ports.ts'
import { refreshJob } from '../settle.ts'
import { stopByItself } from '../stops/byItself.ts'
import { type Attempt, untilApplied } from '../untilApplied.ts'
import type { Reporter } from './reporter.ts'
import { reportEntries } from './reportRecord.ts'

/** What somebody says was done, parsed. Where the action is given, its digest is the digest. */
export type Report = Pick<Execution, 'state' | 'action' | 'digest' | 'result' | 'links' | 'note'>

/** Who reports, and what. A resource is one of the audience that the request's grant was for. */
export interface Reporting {
  readonly request: string
  readonly by: Reporter
  readonly report: Report
}

/** A report that is kept, and the request as it stands with it. */
interface Reported {
  readonly request: ActionRequest
  readonly execution: Execution
}

/** Reports that are kept of one request. The agent alone cannot use them up: a resource's word outranks its own. */
export const reportLimits = { ofRequest: 20, ofAgent: 10 } as const

/**
 * Somebody says what was done. A report is never refused for what it says: what was done otherwise than approved, without a
 * redeemed grant or without an approval, or otherwise than somebody else said, is kept as its deviation, and people are told.
 * While the request is executing, a report of how it ended ends it; whatever has ended stays as it is. The same report again is
 * answered as before.
 *
 * @throws Refusal `unknown_request` (also for another agent's, or another audience's), `erased`, `too_many_reports`, `busy`
 */
export function report(ports: Ports, reporting: Reporting): Promise<Reported> {
  return inSpan({ name: 'report' }, async (note) => {
    const reported = await untilApplied(ports, 'a report', (last) => attempt(ports, reporting, last))
    note({ 'countersign.request': reported.request.id })
    return reported
  })
}

async function attempt(
  ports: Ports,
  { request: id, by, report }: Reporting,
  last: Committed | null,
): Promise<Attempt<Reported>> {
  const request = await ports.store.request(id)
  if (!request || !mayReport(request, by))
    throw new Refusal('unknown_request', 'a report about no request of its reporter')
  const execution = executionOf(ports, request, { by, report, first: await declaredWith(ports, request) })
  if (request.erased) return ofErased(ports, { request, execution, by })
  const to = moveBy(request, execution)
  const kept = to === null ? earlier(request, execution) : undefined
  if (kept) return { change: null, answer: { request, execution: kept } }
  refuseTooMany(request, by)
  const next = reported(request, execution, to)
  const change = changeOf(ports, { before: request, next, execution, by })
  const ends = isFinal(next.state) ? await jobsToEndLeases(ports, id, 'reported') : []
  // Duplicate: it has stopped its agent for that before.
  const stop = last === 'duplicate' ? null : await stopFor(ports, request, execution)
  return {
    change: {
      ...change,
      ...stop,
      entries: [...change.entries, ...(stop?.entries ?? [])],
      jobs: [...(change.jobs ?? []), ...ends, ...(stop?.jobs ?? [])],
    },
    answer: { request: next, execution },
  }
}

/**
 * What was erased takes no report, but that there was one is recorded, with what can still be told of it: whether it contradicts another, or
 * was without an approval. Nothing of what it says is kept, not even its digest, by which what is gone could be guessed; and of the same
 * state by the same reporter, only the first.
 */
async function ofErased(
  ports: Ports,
  { request, execution: said, by }: Reported & { readonly by: Reporter },
): Promise<Attempt<Reported>> {
  const answer = new Refusal('erased', 'a report about what was erased')
  const isKnown = (await ports.store.entries(request.id)).some(
    ({ type, actor: { id: reporter }, data }) =>
      type === 'execution.reported' &&
      data.of_erased === true &&
      reporter === by.id &&
      data.state === said.state,
  )
  if (isKnown) return { change: null, answer }
  const execution: Execution = {
    ...said,
    ...{ action: null, digest: null, result: null, links: [], note: null },
    // It cannot be compared with what was approved, which is gone.
    deviations: said.deviations.filter(({ kind }) => kind !== 'field'),
  }
  const next = reported(request, execution, null)
  const stop = await stopFor(ports, request, execution)
  const entries = reportEntries(ports, { before: request, next, execution, by })
  return { change: { ...stop, entries: [...entries, ...(stop?.entries ?? [])] }, answer }
}

/** What was done otherwise stops the agent in the same commit, where policy says so. */
async function stopFor(ports: Ports, { id, agent }: ActionRequest, { deviations }: Execution) {
  return deviations.length > 0 ? stopByItself(ports, agent, { why: 'deviation', request: id }) : null
}

function mayReport(request: ActionRequest, by: Reporter): boolean {
  return by.kind === 'agent' ? request.agent.id === by.id : request.grant?.audience === by.audience
}

function executionOf(
  ports: Ports,
  request: ActionRequest,
  { by, report, first }: Pick<Reporting, 'by' | 'report'> & { readonly first: ActionRequest | null },
): Execution {
  const spender = { kind: by.kind, id: by.id }
  const said = { ...report, digest: report.action ? digestAction(report.action) : report.digest, by: spender }
  return {
    ...said,
    deviations: [
      ...withoutPermission(request, first),
      ...otherwise(request, said),
      ...contradictions(request, said),
    ],
    ...(isFinal(request.state) && { late: true }),
    at: ports.clock().toISOString(),
  }
}

type Said = Report & Pick<Execution, 'by'>

/** What a declared rollback was declared with; null for everything else. */
async function declaredWith(
  { store }: Ports,
  { set, rollsBack }: ActionRequest,
): Promise<ActionRequest | null> {
  return set && rollsBack !== undefined ? store.request(rollsBack) : null
}

/**
 * What policy allows and nobody has asked a grant for is only recorded: there was nothing to redeem. Of a declared rollback that is so once
 * what it undoes has run, or is only recorded itself: before that it has no grant, because nothing is there to undo.
 */
function withoutPermission(request: ActionRequest, first: ActionRequest | null): readonly Deviation[] {
  const { state } = request
  if (unapproved.includes(state)) return [{ kind: 'not_approved' }]
  if (state === 'lapsed') return [{ kind: 'not_redeemed' }]
  const isEarly = first !== null && !hasRun(first) && !isRecordedOnly(first)
  return state === 'approved' && (isEarly || !isRecordedOnly(request)) ? [{ kind: 'not_redeemed' }] : []
}

function isRecordedOnly({ verdict, grant }: ActionRequest): boolean {
  return verdict.kind === 'allow' && !grant
}

/** Nobody had said yes, or that had been taken back. */
const unapproved: readonly State[] = ['pending', 'denied', 'expired', 'cancelled', 'revoked']

function otherwise(request: ActionRequest, { action, digest }: Said): readonly Deviation[] {
  if (digest === null || digest === request.digest) return []
  return action ? fieldDeviations(request.action, action) : [digestDeviation(request.digest, digest)]
}

/** The last word of each of the others counts. */
function contradictions({ executions = [] }: ActionRequest, { state, by }: Said): readonly Deviation[] {
  if (state === 'started') return []
  const others = new Map(
    executions
      .filter((one) => one.state !== 'started' && !isSame(one.by, by))
      .map((one) => [`${one.by.kind} ${one.by.id}`, one] as const),
  )
  return [...others.values()].flatMap((one) =>
    one.state === state ? [] : [{ kind: 'contradiction' as const, with: one.by, said: one.state }],
  )
}

const moveTo = { succeeded: 'succeed', failed: 'fail' } as const satisfies Record<string, Move>

/** How a report ends what is executing: by what a resource has said, where one has, and else by what it says itself. */
function moveBy({ state, executions = [] }: ActionRequest, execution: Execution): Move | null {
  if (state !== 'executing' || execution.state === 'started') return null
  const words = [...executions, execution].filter(({ state: said }) => said !== 'started')
  const word = words.findLast(({ by }) => by.kind === 'resource') ?? execution
  return word.state === 'started' ? null : moveTo[word.state]
}

/** The same report, sent again because its answer was lost. */
function earlier(
  { executions = [] }: ActionRequest,
  { state, digest, by }: Execution,
): Execution | undefined {
  return executions.find((one) => one.state === state && one.digest === digest && isSame(one.by, by))
}

function isSame(one: Spender, other: Spender): boolean {
  return one.kind === other.kind && one.id === other.id
}

function refuseTooMany({ executions = [] }: ActionRequest, by: Reporter): void {
  const ofAgent = executions.filter((one) => one.by.kind === 'agent').length
  const isFull =
    executions.length >= reportLimits.ofRequest || (by.kind === 'agent' && ofAgent >= reportLimits.ofAgent)
  if (isFull) throw new Refusal('too_many_reports', 'a report beyond those that are kept')
}

/** When the asking ended stays as it is. */
function reported(before: ActionRequest, execution: Execution, by: Move | null): ActionRequest {
  const next = {
    ...before,
    version: before.version + 1,
    executions: [...(before.executions ?? []), execution],
  }
  if (by === null) return next
  const ended = { ...next, state: move(before.state, by) }
  return { ...ended, outcome: progressOf(ended) ?? before.outcome }
}

interface Written {
  readonly before: ActionRequest
  readonly next: ActionRequest
  readonly execution: Execution
  readonly by: Reporter
}

function changeOf(ports: Ports, written: Written): Change {
  const { before, next, execution } = written
  return {
    request: { expected: before.version, next },
    entries: reportEntries(ports, written),
    jobs: [...refreshJob(next), ...alarmJobs(next.id, execution)],
    ...(isFinal(next.state) && { dropJobs: [jobKey({ task: 'unreported', request: next.id, at: '' })] }),
  }
}

/** What was done without an approval is worse than what was done otherwise. */
function alarmJobs(request: string, { deviations }: Execution): readonly Job[] {
  if (deviations.length === 0) return []
  const why = deviations.some(({ kind }) => kind === 'not_approved') ? 'not_approved' : 'deviated'
  return [{ task: 'alarm', request, why }]
}
