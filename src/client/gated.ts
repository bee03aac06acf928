import { randomUUID } from 'node:crypto'
import { digestAction, digestOf, digestResult, plainCopy } from './canonical.ts'
import { type ClientCode, CountersignError } from './countersignError.ts'
import type { Terms } from './limit.ts'
import { leftOf, narrowedError } from './narrowed.ts'
import type { Begin, Verbs } from './verbs.ts'
import { longestHold } from './wait.ts'
import type { Action, ActionRequest, Digest, Grant, NarrowedTo, Report, Submission } from './wire.ts'

/** What runs. Its arguments are the ones that were approved: a frozen copy. */
export type Runs<A, R> = (args: A, approved: Approved) => R | Promise<R>

/** What the function that runs may want to know of its approval. */
export interface Approved {
  readonly request: ActionRequest
  /** Spent by now, or to be handed to the resource that spends it. */
  readonly grant: Grant
  /** The name of this one use. */
  readonly attempt: string
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal | undefined
}

/**
 * Which call this is. Two calls with equal arguments are two actions, so the arguments cannot say it: a framework's id of the
 * tool call does, within a session where ids repeat in others; or an idempotency key of the caller's own.
 */
export type NamedCall = Terms &
  ({ readonly callId: string; readonly session?: string } | { readonly key: string })

export interface Gated<A, R> {
  /**
   * Runs it once it is approved.
   *
   * @throws CountersignError when it did not run, with the code that says why; whatever it throws itself when it did
   */
  (args: A, call: NamedCall): Promise<R>
  /** Only asks, and comes back with the request as it is. The run under the same name goes on from there, also in another process. */
  readonly ask: (args: A, call: NamedCall) => Promise<ActionRequest>
}

export interface GatedOptions {
  /** Who is to believe the grant; the server's usual one when left out. */
  readonly audience?: string
  /** `resource` when the function hands the grant to a resource that redeems it. Usually this client redeems it itself. */
  readonly spentBy?: Grant['spent_by']
  /** Hears that something ran and the server could not be told: there it becomes `unreported`, for people to see. */
  readonly onReportLost?: (lost: CountersignError) => void
}

/** The same with what is done where an approver let less through. */
export interface GatedOptionsOf<A> extends GatedOptions {
  /**
   * Hears that an approver let less through than was asked, and says with which arguments that is done; null where it is not to be done. They
   * have to be described as exactly what is left. Without it nothing runs: the call is refused with `narrowed`.
   */
  readonly onNarrowed?: (left: NarrowedTo, args: A) => A | null | Promise<A | null>
}

interface Wrapped<A, R> {
  readonly run: Runs<A, R>
  readonly describe: (args: A) => Submission | Promise<Submission>
  readonly options: GatedOptionsOf<A>
}

/** One call on its way. */
interface Passage<A, R> extends Wrapped<A, R> {
  readonly verbs: Verbs
  readonly kept: A
  readonly call: NamedCall
  /** What is left of the time limit, for the next verb. */
  readonly terms: () => Terms
}

/** What may run, once its grant is spent. */
interface Cleared {
  readonly request: ActionRequest
  readonly action: Action
  readonly digest: Digest
  /** Where it came with the answer. */
  readonly grant: Grant | null
}

/** Seconds that telling the server may take: whoever called waits for the result meanwhile. */
const reportingSeconds = 60
/** Of an error's message, in UTF-16 code units. */
const longestNote = 500

/**
 * `run` behind an approval. The order is what makes it safe: the grant is spent, then it runs, then that is said. A process that
 * dies before the grant is spent has run nothing, and goes on where it was under the same name of the call. One that dies
 * after that runs nothing again, because nobody knows how far it came: the request becomes `unreported`.
 * (threats: unsafe-resume, retry-storm, confused-ids)
 */
export function gate<A, R>(
  { verbs, begin }: { readonly verbs: Verbs; readonly begin: Begin },
  wrapped: Wrapped<A, R>,
): Gated<A, R> {
  const enter = (args: A, call: NamedCall): Passage<A, R> => {
    const limit = begin(call)
    const terms = () => ({ ...(call.signal && { signal: call.signal }), limit: limit.left() / 1_000 })
    const kept = plainCopy(args) as A // equal to what came: plainCopy takes nothing that it would change
    return { ...wrapped, verbs, kept, call, terms }
  }
  const pass = async (args: A, call: NamedCall): Promise<R> => {
    const { passage, cleared } = await clear(enter(args, call))
    const attempt = randomUUID()
    const grant = await about(cleared.request, () => spend(passage, cleared, attempt))
    return runAndReport(passage, cleared, { request: cleared.request, grant, attempt, signal: call.signal })
  }
  return Object.assign(pass, {
    ask: async (args: A, call: NamedCall) => (await ask(enter(args, call))).request,
  })
}

/** What it asks is the same each time, so that it is one request however often it is asked. */
async function ask<A, R>(passage: Passage<A, R>, hold = 0): Promise<Cleared> {
  const { verbs, kept, call, terms, describe, options } = passage
  const idempotencyKey = keyOf(call)
  const submission = await describe(kept)
  const digest = digestAction(submission)
  const wish = options.audience === undefined ? true : { audience: options.audience }
  const how = { ...terms(), idempotencyKey, hold, grant: wish } as const
  const { request, grant } = await verbs.ask(submission, how)
  if (request.digest !== digest)
    throw changed('The server knows another action under the name of this call.').about(request)
  return { request, action: actionIn(submission), digest, grant }
}

/** What may run, with its arguments: those that were asked for, or what an approver left of them. */
interface Way<A, R> {
  readonly passage: Passage<A, R>
  readonly cleared: Cleared
}

/** Approved, or thrown. */
async function clear<A, R>(passage: Passage<A, R>): Promise<Way<A, R>> {
  return settled(passage, await ask(passage, longestHold))
}

async function settled<A, R>(passage: Passage<A, R>, asked: Cleared): Promise<Way<A, R>> {
  const { verbs, terms } = passage
  return about(asked.request, async () => {
    const isPending = asked.request.state === 'pending'
    const request = isPending ? await verbs.wait(asked.request.id, terms()) : asked.request
    if (request.digest !== asked.digest)
      throw changed('The server shows another action than the one that was asked.')
    const left = leftOf(request)
    if (left) return narrowed(passage, request, left)
    refuseUnlessApproved(request)
    return { passage, cleared: { ...asked, request } }
  })
}

/** Goes on with what is left where the caller said how, and then as with anything that was asked. */
async function narrowed<A, R>(
  passage: Passage<A, R>,
  before: ActionRequest,
  left: NarrowedTo,
): Promise<Way<A, R>> {
  const { verbs, terms, describe, options } = passage
  const args = (await options.onNarrowed?.(left, passage.kept)) ?? null
  if (args === null) throw narrowedError(before, left)
  const kept = plainCopy(args) as A // equal to what came: plainCopy takes nothing that it would change
  const action = actionIn(await describe(kept))
  const digest = digestAction(action)
  if (digest !== left.digest)
    throw changed('The arguments for what is left were described as another action than that.')
  const request = await verbs.wait(left.id, terms())
  return settled({ ...passage, kept }, { request, action, digest, grant: null })
}

/** The grant, spent for what is about to run, or left to the resource that spends it. */
async function spend<A, R>(passage: Passage<A, R>, cleared: Cleared, attempt: string): Promise<Grant> {
  const { verbs, kept, terms, describe, options } = passage
  const { audience, spentBy = 'agent' } = options
  const wish = audience === undefined ? {} : { audience }
  const grant = cleared.grant ?? (await verbs.grant(cleared.request.id, { ...terms(), ...wish }))
  if (grant.spent_by !== spentBy)
    throw new CountersignError('spent_by_other', `It is for the ${grant.spent_by} to redeem this grant.`)
  const action = actionIn(await describe(kept))
  if (digestAction(action) !== cleared.digest)
    throw changed('The same arguments were described as another action than the one that was approved.')
  if (spentBy === 'resource') return grant
  const redeemed = await verbs.redeem(grant.token, { attempt, action }, terms())
  if (redeemed.request !== cleared.request.id || redeemed.digest !== cleared.digest)
    throw changed('What was redeemed is the grant of another action.')
  return grant
}

async function runAndReport<A, R>(
  passage: Passage<A, R>,
  { action }: Cleared,
  approved: Approved,
): Promise<R> {
  const { run, kept, call } = passage
  const tell = (report: Pick<Report, 'state' | 'result' | 'note'>) =>
    reportOn(passage, approved.request, { ...report, action })
  let result: R
  try {
    if (call.signal?.aborted)
      throw new CountersignError('aborted', 'This was given up before it ran.', { request: approved.request })
    result = await run(kept, approved)
  } catch (failed) {
    await tell({ state: 'failed', note: noteOf(failed) })
    throw failed
  }
  const made = digestResult(result)
  await tell({ state: 'succeeded', ...(made && { result: made }) })
  return result
}

/** Also when the caller has given up meanwhile. What ran has run: that it cannot be told changes nothing of its result. */
async function reportOn<A, R>(
  { verbs, options }: Passage<A, R>,
  request: ActionRequest,
  report: Report,
): Promise<void> {
  try {
    await about(request, () => verbs.report(request.id, report, { limit: reportingSeconds }))
  } catch (lost) {
    if (!(lost instanceof CountersignError)) throw lost
    options.onReportLost?.(lost)
  }
}

/** The server takes a key for one body: the same call with other arguments is refused there, and runs nothing. */
function keyOf(call: NamedCall): string {
  if ('key' in call && call.key) return call.key
  if (!('callId' in call) || !call.callId)
    throw new CountersignError('unnamed_call', 'Name the call by callId, or by a key of your own.')
  const { callId, session = null } = call
  return `call-${digestOf('countersign/call/v1', { callId, session }).slice('sha256:'.length)}`
}

const refusals: Readonly<Partial<Record<string, { readonly code: ClientCode; readonly says: string }>>> = {
  denied: { code: 'denied', says: 'It was denied.' },
  expired: { code: 'expired', says: 'Nobody approved it in time.' },
  cancelled: { code: 'cancelled', says: 'It was cancelled.' },
  revoked: { code: 'revoked', says: 'The approval was taken back.' },
  lapsed: { code: 'lapsed', says: 'The approval was not used in time.' },
  executing: { code: 'already_used', says: 'The approval was used already.' },
  succeeded: { code: 'already_used', says: 'It was done already.' },
  failed: { code: 'already_used', says: 'It was tried already, and failed.' },
  unreported: { code: 'already_used', says: 'The approval was used already, and nobody said how it went.' },
}

function refuseUnlessApproved(request: ActionRequest): void {
  if (request.state === 'approved') return
  const { code, says } = refusals[request.state] ?? { code: 'not_approved', says: 'It is not approved.' }
  throw new CountersignError(code, [says, request.outcome].filter(Boolean).join(' '), { request })
}

function actionIn({ action, resource, params = {}, environment }: Submission): Action {
  return { action, resource, params, environment }
}

function changed(says: string): CountersignError {
  return new CountersignError('digest_mismatch', says)
}

/** Whoever catches an error learns which request it is about. */
async function about<T>(request: ActionRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (failed) {
    throw failed instanceof CountersignError ? failed.about(request) : failed
  }
}

/** One that a server takes: bounded, and without control characters. */
function noteOf(failed: unknown): string {
  const text =
    failed instanceof Error ? `${failed.name}: ${failed.message}` : 'Something was thrown that is no error.'
  return text
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .slice(0, longestNote)
    .toWellFormed()
}
