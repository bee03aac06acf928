import type { JsonObject } from '../core/json.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { inSpan } from '../tracing/span.ts'
import { cancelOfRevoked } from './cancelOfRevoked.ts'
import type { Change, Committed, Put } from './change.ts'
import { expire } from './expire.ts'
import type { Job } from './job.ts'
import { requestEntry } from './newEntry.ts'
import { attemptJobs } from './ownAttempt.ts'
import { asTold } from './people/asTold.ts'
import { chainNow } from './people/chain.ts'
import { tokenUse } from './people/personalToken.ts'
import type { PersonAttempt, Verb } from './personCommand.ts'
import { renewed } from './policy/renewed.ts'
import type { Ports } from './ports.ts'
import type { ToldRequest } from './queries.ts'
import type { Card } from './records.ts'
import { type Declined, NoneDecided, toldDeclined } from './sets/declined.ts'

export interface Decided {
  readonly request: ActionRequest
  /** True when this delivery was answered before: nothing happened now. */
  readonly repeated: boolean
  /** Of several lines of a card, those for which it did not count; left out where it counted for all. */
  readonly declined?: readonly Declined[]
}

/** What an attempt that is not refused changes, and of several lines of a card those for which it is refused. */
export type Ruling = Change & {
  readonly request: Put<ActionRequest>
  readonly declined?: readonly Declined[]
}

/** The verb that is attempted, and how it judges the newest version of the request. @throws Refusal from `judge` */
interface Judging {
  readonly verb: Verb
  readonly judge: Judge
}

/** `ports` know who is who in it, as of the moment at which it was read. */
type Judge = (ports: Ports, request: ActionRequest) => Promise<Ruling>

/** How often an attempt that lost a race is judged again. Each loss means that somebody else got through. */
const triesWhenBeaten = 12

/**
 * What all verbs of people have in common. Judged against the newest version of the request and committed against that
 * version; whoever loses a race is judged again by what is true then. Refused attempts are recorded too, and nothing
 * else changes; the message that was clicked is corrected if it should not have asked any more. Where somebody could not be
 * asked, the refusal is recorded under a name of its own, once, and the click is not spent: it may be brought again. Whoever
 * made a queued attempt is told how it ended by a job of the same commit: one for each, and none while it may end otherwise.
 *
 * @throws Refusal `unknown_request`, `unauthenticated` for a token that does not count any more, `card_unrecorded`, `foreign_payload`, those of the verb, `not_ready`, `busy`
 */
export function byPerson(ports: Ports, attempt: PersonAttempt, judging: Judging): Promise<Decided> {
  return inSpan({ name: judging.verb }, async (note) => {
    const decided = await untilCommitted(ports, attempt, judging)
    note({ 'countersign.request': decided.request.id, 'countersign.repeated': decided.repeated })
    return decided
  })
}

async function untilCommitted(ports: Ports, attempt: PersonAttempt, judging: Judging): Promise<Decided> {
  let last: Committed | null = null
  const judge: Judge = async (knowing, request) => {
    // What was judged by another policy than the active one was not written: the active one judges.
    if (last === 'outdated') await renewed(ports)
    return inTime(() => judging.judge(knowing, request))
  }
  for (let tries = 0; tries < triesWhenBeaten; tries += 1) {
    const told = await ports.store.toldRequest(attempt.request)
    if (!told) throw new Refusal('unknown_request', 'an attempt on a request that does not exist')
    const { request } = told
    const use = await tokenUse(ports, attempt.token, request.id)
    // Whoever owns an agent is behind what was asked by it or through it: handed over while this was judged, it is judged again.
    const { read } = await chainNow(ports, request)
    const agents = { ...read, ...(told.agent && { caller: { agent: told.agent } }) }
    const card = await cardNamed(ports, attempt, told)
    // A fast click overtakes the record of its card: it is judged when that is there, and nothing is refused yet.
    if (card?.status === 'posting' && card.request === carrierOf(request))
      throw new Refusal('card_unrecorded', 'an attempt on a card whose posting is not on record')
    const ruling = await ruled(request, {
      attempt,
      card,
      judge: (one) => judge(asTold(ports, told, [attempt.account]), one),
    })
    const passing = ruling instanceof Refusal && ruling.passes
    const delivery = passing ? `${attempt.delivery} ${ruling.code}` : attempt.delivery
    const declined = declinedIn(request, ruling)
    const refusals = await refused(ports, declined, { attempt, card, verb: judging.verb, delivery })
    const change =
      ruling instanceof Refusal ? refusals : { ...withUse(allOf(ruling, refusals), use), ...agents }
    const ending = passing ? [] : answers(attempt, { verb: judging.verb, ruling })
    const jobs = [...(change.jobs ?? []), ...ending]
    const committed = await ports.store.commit({ ...change, jobs, delivery })
    last = committed
    if (committed === 'conflict') ports.stops.forget()
    if (committed !== 'applied' && committed !== 'duplicate') continue
    if (committed === 'duplicate' && passing) throw ruling
    if (committed === 'duplicate') return { request, repeated: true }
    if (ruling instanceof Refusal) throw ruling
    return { request: ruling.request.next, repeated: false, ...(declined.length > 0 && { declined }) }
  }
  if (last === 'outdated')
    throw new Refusal('not_ready', 'the active policy is not the one that this process can judge by')
  throw new Refusal('busy', 'an attempt lost too many races')
}

/** Where it took so long to find out who may that a deadline passed meanwhile, it is judged once more, by what is true then (threats: late-approval). */
async function inTime(judge: () => Promise<Ruling>): Promise<Ruling> {
  const ruling = await judge()
  return isTooLate(ruling) ? judge() : ruling
}

function isTooLate({ request, members = [] }: Ruling): boolean {
  return [request, ...members].some(({ next: { state, expiresAt, settledAt, decisions } }) => {
    if (expiresAt === null || state === 'expired') return false
    const moments = decisions.filter(({ late }) => !late).map(({ at }) => at)
    return [settledAt ?? '', ...moments].some((at) => at >= expiresAt)
  })
}

/** What an entry says of an attempt that did not come with a card. */
export function howItCame({ way, token }: PersonAttempt): JsonObject {
  return { ...(way && { way }), ...(token !== undefined && { token }) }
}

/** The card that is named, of whatever request it is. */
async function cardNamed({ store }: Ports, attempt: PersonAttempt, told: ToldRequest): Promise<Card | null> {
  if (attempt.card === null) return null
  return told.cards.find(({ id }) => id === attempt.card) ?? store.card(attempt.card)
}

function answers(
  { request, account, delivery, queued }: PersonAttempt,
  { verb, ruling }: { readonly verb: Verb; readonly ruling: Ruling | Refusal },
): readonly Job[] {
  if (!queued) return []
  const refused = ruling instanceof Refusal ? { code: ruling.code, problems: ruling.problems } : null
  const each = ruling instanceof NoneDecided ? ruling.each : ruling instanceof Refusal ? [] : ruling.declined
  const declined = (each ?? []).map(toldDeclined)
  const ending = { verb, refused, ...(declined.length > 0 && { declined }) }
  return [{ task: 'answer', request, to: account, delivery, ending }]
}

/** What was refused, of one request or of each of several. */
function declinedIn(request: ActionRequest, ruling: Ruling | Refusal): readonly Declined[] {
  if (ruling instanceof NoneDecided) return ruling.each
  return ruling instanceof Refusal ? [{ line: 1, request, refusal: ruling }] : (ruling.declined ?? [])
}

/** What is done for some, and that it is refused for others, in one commit. */
function allOf({ declined: _, ...ruling }: Ruling, refusals: Change): Change {
  return {
    ...ruling,
    entries: [...ruling.entries, ...refusals.entries],
    jobs: [...(ruling.jobs ?? []), ...(refusals.jobs ?? [])],
  }
}

/** By a token, what is done is written only if that still counts. What is refused is recorded in any case. */
function withUse(change: Change, { jobs = [], ...use }: Awaited<ReturnType<typeof tokenUse>>): Change {
  return { ...change, ...use, jobs: [...(change.jobs ?? []), ...jobs] }
}

/**
 * The deadline wins over a click that travelled too long (threats: late-approval), and so does that the agent was revoked.
 *
 * @throws Refusal `wrong_state`
 */
export async function refuseIfOver(ports: Ports, request: ActionRequest): Promise<void> {
  const due = await atItsDeadline(ports, request)
  if (due !== request) throw new Refusal('wrong_state', 'an attempt on a request that is expired')
  const { state } = await cancelOfRevoked(ports, request)
  if (state !== 'pending') throw new Refusal('wrong_state', `an attempt on a request that is ${state}`)
}

/** The request itself, unless its deadline has passed while it waited: then as that left it, whoever was first. */
export async function atItsDeadline(ports: Ports, request: ActionRequest): Promise<ActionRequest> {
  const overdue =
    request.state === 'pending' &&
    request.expiresAt !== null &&
    ports.clock().toISOString() >= request.expiresAt
  return overdue ? expire(ports, request.id) : request
}

async function ruled(
  request: ActionRequest,
  by: {
    readonly attempt: PersonAttempt
    readonly card: Card | null
    readonly judge: (request: ActionRequest) => Promise<Ruling>
  },
): Promise<Ruling | Refusal> {
  const { attempt, card, judge } = by
  try {
    refuseForeignCard(request, attempt, card)
    return await judge(request)
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal
    throw refusal
  }
}

/** A card counts only for the request it was posted for, or that it lists, and only while no other has taken its place. */
function refuseForeignCard(request: ActionRequest, attempt: PersonAttempt, card: Card | null): void {
  if (attempt.card === null) return
  if (card?.request !== carrierOf(request) || card.status !== 'posted')
    throw new Refusal('foreign_payload', 'the card is not a posted card of this request')
  const { message = card.message, conversation = card.conversation } = attempt
  if (message !== card.message || conversation !== card.conversation)
    throw new Refusal('foreign_payload', 'a button on a message that is not its card')
}

/** Whoever was refused is named as well as they are known: an auditor wants to know that most of all. */
async function refused(ports: Ports, declined: readonly Declined[], by: Refused): Promise<Change> {
  if (declined.length === 0) return { entries: [] }
  const { attempt, verb, delivery } = by
  const facts = await ports.directory.account(attempt.account).catch(() => null)
  const known = await ports.store.account(facts?.key ?? attempt.account)
  const entries = declined.map(
    ({ request, refusal }): NewEntry =>
      requestEntry(ports, request, {
        type: 'decision.refused',
        actor: {
          kind: 'person',
          id: known?.person ?? attempt.account,
          account: facts?.key ?? attempt.account,
          via: attempt.via,
        },
        kept: { identity: facts && { ...facts } },
        data: {
          kind: verb,
          code: refusal.code,
          detail: refusal.message,
          card: attempt.card,
          delivery,
          ...howItCame(attempt),
        },
      }),
  )
  const jobs = declined.flatMap(({ request, refusal }) => [
    ...corrections(request, refusal, by),
    ...attemptJobs(request.id, { verb, refusal }),
  ])
  return { entries, jobs }
}

interface Refused {
  readonly attempt: PersonAttempt
  readonly card: Card | null
  readonly verb: Verb
  readonly delivery: string
}

/** A message that should not have asked any more says the truth from now on. One that names another request's card is made up. */
function corrections(request: ActionRequest, { code }: Refusal, { attempt, card }: Refused): readonly Job[] {
  const { conversation, message } = attempt
  if (conversation === undefined || message === undefined) return []
  if (code !== 'wrong_state' && code !== 'foreign_payload') return []
  const carrier = carrierOf(request)
  if (card && card.request !== carrier) return []
  return [{ task: 'correct', request: carrier, conversation, message }]
}
