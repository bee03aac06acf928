import type { Digest } from './digest.ts'
import { comparedForSeconds, type Execution } from './execution.ts'
import { usableUntil } from './grant.ts'
import type { PersonId } from './identity.ts'
import { isFinal, type State } from './lifecycle.ts'
import type { ActionRequest, Decision, Erased } from './request.ts'

/** Instead of a digest by which something that was erased could be guessed. */
const noDigest: Digest = `sha256:${'0'.repeat(64)}`

/** Instead of words that cannot be left out. */
const erasedWords = 'Erased.'

/**
 * A request without what it asked and what was said about it. What stays is what its entries say too: the name of the action, the
 * resource and the environment, who asked, what policy said, who decided, and when. `digest` becomes what its entries have.
 */
export function erasedRequest(request: ActionRequest, erased: Omit<Erased, 'digest'>, salted: string | null) {
  const { salt: _, preview: _preview, callbackUrl: _callback, ...kept } = withoutWordsOf(request, () => true)
  const digest: Digest = salted === null ? request.digest : `sha256:${salted}`
  const { action, requirement, executions } = kept
  // What it was counted under ends with it, and an amount is a parameter.
  const { counts: _counts, ...verdict } = kept.verdict
  // It quotes names that the agent gave parameters. What policy said at the release may, too.
  const message = verdict.code === 'invalid_request' ? erasedWords : verdict.message
  const isQuoting = kept.overruled || (message !== verdict.message && kept.outcome === verdict.message)
  return {
    ...kept,
    action: { ...action, params: {} },
    digest,
    reason: null,
    run: null,
    verdict: { ...verdict, message, facts: {}, errors: verdict.errors.map(() => erasedWords) },
    outcome: isQuoting ? erasedWords : kept.outcome,
    requirement: requirement && { ...requirement, confirm: [] },
    decisions: kept.decisions.map((one) => ({ ...one, seen: noDigest })),
    ...(executions && { executions: executions.map(erasedReport) }),
    ...(kept.notes && { notes: kept.notes.map((one) => ({ ...one, text: erasedWords })) }),
    bodyDigest: noDigest,
    erased: { ...erased, digest: salted === null ? 'plain' : 'salted' },
  } satisfies ActionRequest
}

/** What was reported stays as far as it says how it went, and who says so. */
function erasedReport(report: Execution): Execution {
  return {
    ...report,
    action: null,
    digest: null,
    result: null,
    links: [],
    note: null,
    deviations: report.deviations.map((one) => (one.kind === 'field' ? { ...one, ...sides } : one)),
  }
}

const sides = { approved: erasedWords, actual: erasedWords } as const

/** A request without what these people said about it: reasons, what they typed, notes. That they decided, and how, stays. */
export function withoutWordsOf(
  request: ActionRequest,
  isTheirs: (person: PersonId) => boolean,
): ActionRequest {
  const { decisions, escalations, brokenGlass, notes, narrowed } = request
  const last = decisions.findLast(({ kind }) => kind === 'deny')
  return {
    ...request,
    version: request.version + 1,
    decisions: decisions.map((one) => (isTheirs(one.person) ? unsaid(one) : one)),
    escalations: escalations.map((one) =>
      one.by !== 'deadline' && isTheirs(one.by) ? { ...one, reason: null } : one,
    ),
    ...(notes && {
      notes: notes.map((one) =>
        one.by !== 'agent' && isTheirs(one.by) ? { ...one, text: erasedWords } : one,
      ),
    }),
    ...(narrowed && isTheirs(narrowed.person) && { narrowed: { ...narrowed, reason: null } }),
    brokenGlass: brokenGlass && {
      ...brokenGlass,
      reason: isTheirs(brokenGlass.person) ? erasedWords : brokenGlass.reason,
      review: brokenGlass.review && {
        ...brokenGlass.review,
        note: isTheirs(brokenGlass.review.person) ? erasedWords : brokenGlass.review.note,
      },
    },
    // A denial's reason is how it ended, too.
    outcome: last && isTheirs(last.person) && last.reason === request.outcome ? erasedWords : request.outcome,
  }
}

function unsaid(decision: Decision): Decision {
  const { ended } = decision
  return {
    ...decision,
    reason: null,
    typed: [],
    ...(ended?.how === 'withdrawn' && { ended: { ...ended, reason: null } }),
  }
}

/**
 * Whether anything of it is still to come. What people approved is open until it has lapsed: its job does that. What policy allowed by
 * itself never lapses; it is over when no grant can be asked for any more.
 */
export function isOpen(request: ActionRequest, now: string): boolean {
  if (request.brokenGlass && !request.brokenGlass.review) return true
  if (request.state !== 'approved') return !isFinal(request.state)
  return request.verdict.kind !== 'allow' || now < usableUntil(request)
}

/** How asking ends without anything being let through. */
const neverReleased: readonly State[] = ['pending', 'denied', 'expired', 'cancelled']

/**
 * Until when a report of what was done is to be compared with what was approved (RFC 3339): a day after its grant could last be used, it
 * was redeemed, given up, or last reported on. Null of what was never let through and never reported on: nothing of it is awaited.
 */
export function comparedUntil(request: ActionRequest): string | null {
  const { state, grant, unreportedAt, executions = [] } = request
  const usable = neverReleased.includes(state) ? null : usableUntil(request)
  const times = [usable, grant?.redeemed?.at, unreportedAt, ...executions.map(({ at }) => at)]
  const last = Math.max(...times.flatMap((at) => (at ? [Date.parse(at)] : [])))
  return Number.isFinite(last) ? new Date(last + comparedForSeconds * 1_000).toISOString() : null
}
