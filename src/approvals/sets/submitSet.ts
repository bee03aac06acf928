import { digestAction } from '../../core/action.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import type { ActionRequest, Counted } from '../../core/request.ts'
import { mostMembers } from '../../core/set.ts'
import type { EarlierRead } from '../../policy/runFacts.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Change } from '../change.ts'
import { withEarlier } from '../earlierAsked.ts'
import { judgedAsk } from '../judgedAsk.ts'
import type { WhoIsWho } from '../known.ts'
import { newRequest } from '../newRequest.ts'
import { chained, readOf } from '../people/chain.ts'
import { peopleBehind } from '../people/peopleBehind.ts'
import { writtenDown } from '../people/readings.ts'
import { countsOf } from '../policy/budgets.ts'
import { readsOf } from '../policy/judge.ts'
import { readTogether } from '../policy/runRead.ts'
import type { Ports } from '../ports.ts'
import { recordOf } from '../recordOf.ts'
import type { Agent } from '../records.ts'
import { refuseStopped } from '../stops/refuse.ts'
import type { SetSubmission, Submission, SubmissionEnvelope } from '../submission.ts'
import { refuseForgedChange } from '../submit.ts'
import { untilMade } from '../untilMade.ts'
import { refuseCallback } from '../webhooks/callback.ts'
import { askedTogether, type JudgedMember, refuseUnshowable } from './together.ts'

/** A set as it was made: its requests, in the order in which they were asked for. */
export interface SubmittedSet {
  readonly id: string
  readonly requests: readonly ActionRequest[]
  readonly created: boolean
}

/**
 * An agent asks for several actions together. One commit makes a request for each, or none of them: each has its own digest, verdict,
 * requirement and grant, and what asks people is asked on one card, until one deadline (docs/sets.md). The rules of a single
 * submission hold for each member, and its commit is conditional on the same things (`submit`).
 *
 * @throws Refusal those of `submit`, with the place of the member that is to blame; `invalid_request` where one action stands there twice, or people
 *   cannot be asked about all of it at once
 */
export function submitSet(
  ports: Ports,
  envelope: SubmissionEnvelope,
  submission: SetSubmission,
): Promise<SubmittedSet> {
  return inSpan({ name: 'submit set' }, async (note) => {
    for (const [nth, { action }] of submission.members.entries())
      refuseForgedChange(envelope, action, placeOf(nth))
    refuseNoSet(submission)
    const made = await untilMade(ports, envelope, (by, lookUp) => makeSet(ports, by, { submission, lookUp }))
    const submitted = 'made' in made ? made.made : await madeBefore(ports, made.earlier)
    note({ 'countersign.set': submitted.id, 'countersign.members': submitted.requests.length })
    return submitted
  })
}

/** Where a member stands in what was sent. */
function placeOf(nth: number): string {
  return `/requests/${nth}`
}

/**
 * One action twice is refused: nobody could tell the two lines apart on a card, and whoever denies one has denied both. Who means to
 * do it twice asks again when the first was done.
 */
function refuseNoSet({ members }: SetSubmission): void {
  if (members.length === 0 || members.length > mostMembers)
    throw new Refusal('invalid_request', 'a set of none or of too many', [
      { pointer: '/requests', detail: `Ask for 1 to ${mostMembers} actions together.` },
    ])
  const digests = members.map(({ action }) => digestAction(action))
  const problems = digests.flatMap((digest, nth): readonly Problem[] => {
    const first = digests.indexOf(digest)
    if (first === nth) return []
    return [
      { pointer: placeOf(nth), detail: `This is the same action as ${placeOf(first)}. Ask for it once.` },
    ]
  })
  if (problems.length > 0) throw new Refusal('invalid_request', 'one action twice in a set', problems)
}

/** An earlier call under the same key made it. */
async function madeBefore({ store }: Pick<Ports, 'store'>, earlier: ActionRequest): Promise<SubmittedSet> {
  // The digest of the body says that the same was sent, so it was a set.
  if (!earlier.set) throw new Refusal('idempotency_mismatch', 'an idempotency key that made no set')
  return { id: earlier.set.id, requests: await store.setOf(earlier.set.id), created: false }
}

interface Asking {
  readonly submission: SetSubmission
  readonly lookUp: WhoIsWho
}

async function makeSet(given: Ports, envelope: SubmissionEnvelope, { submission: sent, lookUp }: Asking) {
  const { submission, through } = await chained(given, envelope.agent, sent)
  const stops = await refuseEachStopped(given, envelope, submission)
  // One bundle for all of it, as for one request.
  const bundle = given.policy()
  const { ports, read } = writtenDown({ ...given, policy: () => bundle }, lookUp)
  const members = askedTogether(await judgedMembers(ports, envelope, { submission, through }))
  const requests = await withEarlier(ports, requestsOf(ports, envelope, members))
  refuseUnshowable(requests)
  const recorded = await recordOf(
    ports,
    envelope,
    requests.map((request, nth) => ({
      request,
      claims: members[nth]?.judged.claims ?? { taken: [], unsure: false },
      accounts: members[nth]?.people.accounts ?? [],
      signIn: members[nth]?.people.signIn ?? null,
    })),
  )
  const [first, ...others] = requests.map((next) => ({ expected: null, next }))
  if (!first) throw new RangeError('a set has members')
  const isAsked = requests.some(({ state }) => state === 'pending')
  const change: Change = {
    request: first,
    members: others,
    judgedBy: bundle?.digest ?? null,
    caller: envelope,
    ...readOf(through),
    ...stops,
    ...read(),
    ...readsOf(members.map(({ judged }) => judged)),
    ...(isAsked && bundle && { atMostPending: bundle.brakes.maxPending }),
    ...recorded,
  }
  const committed = await ports.store.commit(change)
  const made: SubmittedSet = { id: first.next.set?.id ?? '', requests, created: true }
  return { made, committed, maxPending: bundle?.brakes.maxPending ?? 0 }
}

/** The earliest of the readings is named: a stop between two of them may cover only what was looked at before it. */
async function refuseEachStopped(
  ports: Ports,
  { agent }: SubmissionEnvelope,
  { members, run }: SetSubmission,
): Promise<Pick<Change, 'stopsRead'>> {
  const readings: number[] = []
  for (const [nth, { action }] of members.entries())
    readings.push((await refuseStopped(ports, { agent, action, run }, placeOf(nth))).stopsRead)
  return { stopsRead: Math.min(...readings) }
}

/** Each by itself; where a rule goes by what the run has read, once more, as if all the others had been read already. */
async function judgedMembers(
  ports: Ports,
  envelope: SubmissionEnvelope,
  asked: { readonly submission: SetSubmission; readonly through: readonly Agent[] },
): Promise<readonly JudgedMember[]> {
  const { members, callbackUrl } = asked.submission
  await refuseCallback(ports, callbackUrl)
  const judged = await judgedInOrder(ports, envelope, { ...asked, beside: () => [] })
  const goesByRun = ({ action }: SetSubmission['members'][number]) =>
    ports.policy()?.run?.actions.has(action.action) ?? false
  const now = ports.clock()
  const reads = judged.map((one) => readTogether(one.submission, one.judged, now))
  if (!members.some(goesByRun) || reads.flat().length === 0) return judged
  const beside = (nth: number) => reads.filter((_, other) => other !== nth).flat()
  return judgedInOrder(ports, envelope, { ...asked, beside })
}

/** In order: budgets count those before it. */
async function judgedInOrder(
  ports: Ports,
  envelope: SubmissionEnvelope,
  by: {
    readonly submission: SetSubmission
    readonly through: readonly Agent[]
    readonly beside: (nth: number) => readonly EarlierRead[]
  },
): Promise<readonly JudgedMember[]> {
  const { members, ...common } = by.submission
  const { agent, key } = envelope
  const { initiator } = common
  const named = { agent, key, about: envelope.about ?? [], through: by.through, first: null, initiator }
  const shared = await peopleBehind(ports, { ...named, involved: [] })
  const judged: JudgedMember[] = []
  const earlier: Counted[] = []
  for (const [nth, member] of members.entries()) {
    const submission: Submission = { ...common, ...member }
    const one = await at(placeOf(nth), async () => {
      const { involved } = member
      const people = involved.length === 0 ? shared : await peopleBehind(ports, { ...named, involved })
      const asked = { submission, people, earlier, beside: by.beside(nth) }
      return { submission, people, judged: await judgedAsk(ports, envelope, asked) }
    })
    judged.push(one)
    earlier.push(...countsOf(one.judged.verdict))
  }
  return judged
}

/** What is refused there says where it stands. */
async function at<T>(place: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.problems.length === 0) throw refusal
    const problems = refusal.problems.map((one) => ({ ...one, pointer: `${place}${one.pointer}` }))
    throw new Refusal(refusal.code, refusal.message, problems)
  }
}

/** One request for each, in one set; those that ask people share the card of the first of them. */
function requestsOf(
  ports: Ports,
  envelope: SubmissionEnvelope,
  members: readonly JudgedMember[],
): readonly ActionRequest[] {
  const id = ports.ids.next('set')
  const made = members.map((member, nth) =>
    // The space keeps the others apart from every key that can be sent.
    newRequest(ports, nth === 0 ? envelope : { ...envelope, idempotencyKey: `${id} ${nth}` }, member),
  )
  // Their ids sort in the order in which they were asked for.
  const ids = made.map((one) => one.id).sort()
  const ordered = made.map((request, nth) => ({ ...request, id: ids[nth] ?? request.id }))
  const carrier = ordered.find(({ state }) => state === 'pending')
  const now = carrier ?? ordered[0]
  return ordered.map((request) => {
    const isAsked = request.state === 'pending'
    return {
      ...request,
      set: { id, card: isAsked && carrier ? carrier.id : request.id },
      createdAt: now?.createdAt ?? request.createdAt,
      ...(isAsked && carrier && { expiresAt: carrier.expiresAt }),
    }
  })
}
