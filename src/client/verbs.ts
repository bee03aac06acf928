import { randomUUID } from 'node:crypto'
import { grantIn, redeemedIn, requestIn, setIn, unexpected } from './answers.ts'
import { type Access, send } from './call.ts'
import { CountersignError } from './countersignError.ts'
import { beginLimit, type Limit, type Terms } from './limit.ts'
import { longestHold, waitUntilAllSettled, waitUntilSettled } from './wait.ts'
import type {
  Action,
  ActionRequest,
  Grant,
  Redeemed,
  Report,
  RequestSet,
  SetSubmission,
  Submission,
} from './wire.ts'

export interface AskTerms extends Terms {
  /** Tells a retry from another request. Without it each `ask` is a new request, also after a restart. */
  readonly idempotencyKey?: string
  /** Seconds for which the server may hold the call while people decide; 0 when left out. */
  readonly hold?: number
  /** The grant at once, where policy allows the action without asking people. */
  readonly grant?: true | { readonly audience: string }
}

/** What an agent can do (docs/clients.md). Each repeats itself while trouble passes, for at most `limit` seconds. */
export interface Verbs {
  /** Asks once under its idempotency key, however often the call is sent. `grant` is null unless it came at once. */
  readonly ask: (
    submission: Submission,
    terms?: AskTerms,
  ) => Promise<{ readonly request: ActionRequest; readonly grant: Grant | null }>
  /** Asks for several actions at once: a request for each, and one card for those that ask people. Each is granted and reported by its own id. */
  readonly askTogether: (submission: SetSubmission, terms?: Omit<AskTerms, 'grant'>) => Promise<RequestSet>
  /** The set when none of its requests is pending any more: read the `state` of each. */
  readonly waitForAll: (set: string, terms?: Terms) => Promise<RequestSet>
  /** The request when it is pending no more: read `state`. Without a limit it ends when the request does. */
  readonly wait: (request: string, terms?: Terms) => Promise<ActionRequest>
  /** The grant of an approved request; the same one while it lives. */
  readonly grant: (request: string, terms?: Terms & { readonly audience?: string }) => Promise<Grant>
  /** Spends a grant for what is about to run. Only then run it. `attempt` names this one use: never use it for a second. */
  readonly redeem: (
    token: string,
    use: { readonly attempt: string } & ({ readonly action: Action } | { readonly digest: string }),
    terms?: Terms,
  ) => Promise<Redeemed>
  /** Says what was done; the request as it stands then. The same report again is no second one. */
  readonly report: (request: string, report: Report, terms?: Terms) => Promise<ActionRequest>
  /** Answers a note about a pending request, once for each note. The same answer again is no second one. */
  readonly answer: (
    request: string,
    answer: { readonly to: string; readonly text: string },
    terms?: Terms,
  ) => Promise<ActionRequest>
  readonly cancel: (request: string, terms?: Terms) => Promise<ActionRequest>
}

/** Seconds that a verb may take, and that waiting may: longer than any request waits. */
const usual = { verb: 300, waiting: 8 * 86_400 } as const

/** Begins the time limit of one or several verbs. */
export type Begin = (terms: Terms, seconds?: number) => Limit

export function beginning(access: Access, closing: AbortSignal | undefined): Begin {
  return (terms, seconds = usual.waiting) =>
    beginLimit(access, terms.limit ?? seconds, [closing, terms.signal])
}

export function verbsOf(access: Access, begin: Begin): Verbs {
  const soon = (terms: Terms = {}) => begin(terms, usual.verb)
  return {
    ask: (submission, terms = {}) => ask(access, { submission, terms }, soon(terms)),
    askTogether: (submission, terms = {}) => askTogether(access, { submission, terms }, soon(terms)),
    waitForAll: (id, terms = {}) => waitUntilAllSettled(access, id, begin(terms)),
    wait: (id, terms = {}) => waitUntilSettled(access, id, begin(terms)),
    grant: (id, terms = {}) => grant(access, { id, terms }, soon(terms)),
    redeem: (token, use, terms) => redeem(access, { token, ...use }, soon(terms)),
    report: async (id, report, terms) =>
      requestIn(await post(access, `${pathOf(id)}/executions`, soon(terms), report), id),
    answer: async (id, answer, terms) =>
      requestIn(await post(access, `${pathOf(id)}/notes`, soon(terms), answer), id),
    cancel: async (id, terms) => requestIn(await post(access, `${pathOf(id)}/cancel`, soon(terms)), id),
  }
}

async function ask(
  access: Access,
  { submission, terms }: { readonly submission: Submission; readonly terms: AskTerms },
  limit: Limit,
): ReturnType<Verbs['ask']> {
  const body = { ...submission, ...(terms.grant && { grant: terms.grant }) }
  const reply = await submit(access, { path: '/v1/requests', body, terms }, limit)
  const request = requestIn(reply, null)
  return { request, grant: grantIn(reply, reply.body.grant, request.id) }
}

async function askTogether(
  access: Access,
  { submission, terms }: { readonly submission: SetSubmission; readonly terms: AskTerms },
  limit: Limit,
): Promise<RequestSet> {
  return setIn(await submit(access, { path: '/v1/sets', body: submission, terms }, limit), null)
}

function submit(
  access: Access,
  { path, body, terms }: { readonly path: string; readonly body: unknown; readonly terms: AskTerms },
  limit: Limit,
) {
  const call = {
    method: 'POST' as const,
    path,
    headers: { 'idempotency-key': headerOf(terms.idempotencyKey ?? randomUUID()) },
    body,
    ...(terms.hold && { hold: Math.min(terms.hold, longestHold) }),
  }
  return send(access, call, limit)
}

async function grant(
  access: Access,
  { id, terms }: { readonly id: string; readonly terms: { readonly audience?: string } },
  limit: Limit,
): Promise<Grant> {
  const wish = terms.audience === undefined ? undefined : { audience: terms.audience }
  const reply = await post(access, `${pathOf(id)}/grant`, limit, wish)
  const granted = grantIn(reply, reply.body, id)
  if (!granted) throw unexpected(reply, 'the grant')
  return granted
}

async function redeem(
  access: Access,
  use: { readonly attempt: string; readonly token: string },
  limit: Limit,
): Promise<Redeemed> {
  return redeemedIn(await post(access, '/v1/grants/redeem', limit, use), use.attempt)
}

function post(access: Access, path: string, limit: Limit, body?: unknown) {
  return send(access, { method: 'POST', path, ...(body !== undefined && { body }) }, limit)
}

function pathOf(request: string): string {
  return `/v1/requests/${encodeURIComponent(request)}`
}

function headerOf(idempotencyKey: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    throw new CountersignError(
      'unnamed_call',
      'The idempotency key must be 1 to 255 visible ASCII characters.',
    )
  return idempotencyKey
}
