import { type Action, administrative } from '../core/action.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Ask } from '../policy/ask.ts'
import { earlierReadings, outsideIn } from '../policy/readers/outside.ts'
import { inSpan } from '../tracing/span.ts'
import type { Change, Committed } from './change.ts'
import { claimsAlarm } from './claimsAlarm.ts'
import { grantedAtOnce } from './grants/grantedAtOnce.ts'
import type { WhoIsWho } from './known.ts'
import { asKnownNow } from './people/authenticate.ts'
import { type PeopleBehind, peopleBehind } from './people/peopleBehind.ts'
import { ownerPrincipal, principalOf } from './people/principal.ts'
import { writtenDown } from './people/readings.ts'
import { type Judged, judge } from './policy/judge.ts'
import { refuseLookalikes } from './policy/lookalikes.ts'
import { policyToolVia } from './policy/policyTool.ts'
import { renewed } from './policy/renewed.ts'
import { runRead } from './policy/runRead.ts'
import type { Ports } from './ports.ts'
import { firstOf, undoing } from './rollbacks/undoing.ts'
import { type Declared, declaredRollback } from './sets/declared.ts'
import { isDecidedElsewhere, membersOf } from './sets/members.ts'
import { recordStopped } from './stops/recordStopped.ts'
import { refuseStopped, Stopped } from './stops/refuse.ts'
import type { Submission, SubmissionEnvelope } from './submission.ts'
import { submissionEntries, submissionJobs } from './submissionRecord.ts'
import { tooManyPending } from './tooManyPending.ts'
import { refuseCallback } from './webhooks/callback.ts'

/** So often is a submission judged before the caller is told to come back: policies do not change that fast. */
const mostJudgements = 4

/**
 * An agent asks. The people behind the action, the verdict and the requirement are fixed here, for life.
 * The same key with the same body answers with the request that exists, however often it is sent: the commit says that there
 * is one, and only then it is read.
 *
 * The commit is conditional on the policy by which was judged: when another one is active, whether or not this process
 * has heard of it, nothing is written and the active one judges (threats: stale-replica). So it is on the agent, the key
 * and the links between people, which memory may know as they were. Where people are asked it is
 * conditional on which denial of the same stands, too: what was asked while somebody denied it is denied; and on how much
 * of the agent waits already: what would be too much is refused, and no card is posted for it. And on every stop that there has
 * been: what one holds is refused before anything else is looked at, whatever policy says of it.
 *
 * @throws Refusal `invalid_request` for a change of policy, `idempotency_mismatch`, `unknown_person`, `lookalike_name`,
 *   `stopped`, those of `firstOf` of a rollback, `directory_unavailable`, `nobody_reachable`, `too_many_pending`, `busy`, `not_ready` when the active policy cannot be
 *   read or loaded, `unauthenticated` when the key was revoked meanwhile; `unknown_audience` and `invalid_dpop_proof` of its grant
 */
export function submit(
  ports: Ports,
  envelope: SubmissionEnvelope,
  submission: Submission,
): Promise<Submitted> {
  return inSpan({ name: 'submit' }, async (note) => {
    const submitted = await earlierOrNew(ports, envelope, submission)
    note({
      'countersign.request': submitted.request.id,
      'countersign.verdict': submitted.request.verdict.kind,
    })
    return submitted
  })
}

export interface Submitted {
  readonly request: ActionRequest
  readonly created: boolean
  /** The token of the grant that was minted with it, in the same commit. */
  readonly token?: string
}

/**
 * A refusal is told to nobody whose request exists already, whatever would be said of it now, nor to whoever may not ask any
 * more; and none that could hang on who is who is told by memory.
 */
async function earlierOrNew(
  ports: Ports,
  envelope: SubmissionEnvelope,
  submission: Submission,
): Promise<Submitted> {
  refuseForgedChange(envelope, submission)
  try {
    return await newOrRepeated(ports, envelope, { submission, lookUp: ports.registry })
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const now = { ...envelope, ...(await asKnownNow(ports, envelope)) }
    const earlier = await earlierRequest(ports, envelope)
    if (earlier) return { request: earlier, created: false }
    if (refusal instanceof Stopped) await recordStopped(ports, envelope, refusal)
    if (refusal.code !== 'nobody_reachable') throw refusal
    return newOrRepeated(ports, now, { submission, lookUp: ports.store })
  }
}

/** What is asked, and where who is who is looked up: in memory, or in the store. */
interface Asking {
  readonly submission: Submission
  readonly lookUp: WhoIsWho
}

async function newOrRepeated(ports: Ports, first: SubmissionEnvelope, asking: Asking): Promise<Submitted> {
  let envelope = first
  let last: Committed | null = null
  for (let nth = 1; nth <= mostJudgements; nth += 1) {
    const { request, token, committed, maxPending } = await judgeAndCommit(ports, envelope, asking)
    if (committed === 'applied') return { request, created: true, ...(token !== undefined && { token }) }
    if (committed === 'full') throw await tooManyPending(ports, { ...envelope, maxPending })
    const isKnown = committed === 'repeated' || committed === 'shown'
    const earlier = isKnown ? await earlierRequest(ports, envelope) : null
    if (earlier) return { request: earlier, created: false }
    if (committed === 'shown') throw new Refusal('invalid_dpop_proof', 'a DPoP proof that was shown before')
    if (committed === 'outdated') await renewed(ports)
    else {
      // Somebody denied the same or stopped it meanwhile, or who is who is not what was remembered: it is judged by what is.
      ports.registry.forget()
      ports.stops.forget()
      ports.signer.forget()
      envelope = { ...envelope, ...(await asKnownNow(ports, envelope)) }
    }
    last = committed
  }
  if (last === 'outdated')
    throw new Refusal('not_ready', 'the active policy is not the one that this process can judge by')
  throw new Refusal('busy', 'a new request met conflicts that are not its idempotency key')
}

async function judgeAndCommit(given: Ports, envelope: SubmissionEnvelope, { submission, lookUp }: Asking) {
  const stops = await refuseStopped(given, { agent: envelope.agent, action: submission.action })
  if (submission.rollback) await refuseStopped(given, { agent: envelope.agent, action: submission.rollback })
  // One bundle for everything: which facts it wants, what it says of them, and what the commit is conditional on.
  const bundle = given.policy()
  const { ports, read } = writtenDown({ ...given, policy: () => bundle }, lookUp)
  const undone = await firstOf(ports, envelope.agent, submission.rollsBack)
  const asked = await judgedAsk(ports, envelope, { submission, first: undone?.first ?? null })
  const { first: composed, rollback } = membersOf(ports, envelope, { submission, ...asked })
  const granted = await grantedAtOnce(ports, composed, { bundle, envelope, wish: submission.grant ?? null })
  const first = granted?.request ?? composed
  const recorded = await recordOf(ports, envelope, { first, rollback, ...asked })

  // One commit holds the requests, their entries and their jobs. Only after it may the agent be answered: no card is
  // posted and no deadline runs for a request that is not durable, and none that is durable goes without.
  const committed = await ports.store.commit({
    request: { expected: null, next: first },
    ...(rollback && { members: [{ expected: null, next: rollback }] }),
    judgedBy: bundle?.digest ?? null,
    caller: envelope,
    ...stops,
    ...read(),
    ...undoing(undone),
    ...coolDownsRead(asked),
    ...([first, rollback].some((one) => one?.state === 'pending') &&
      bundle && { atMostPending: bundle.brakes.maxPending }),
    entries: [...recorded.entries, ...(granted?.entries ?? [])],
    jobs: recorded.jobs,
    ...(envelope.policy && { policy: envelope.policy }),
    ...granted?.read,
  })
  return { request: first, token: granted?.token, committed, maxPending: bundle?.brakes.maxPending ?? 0 }
}

/** What was found out about a submission. */
interface Asked {
  readonly people: PeopleBehind
  readonly judged: Judged
  readonly declared: Declared | null
}

function coolDownsRead({ judged, declared }: Asked): Pick<Change, 'coolDownReads'> {
  const reads = [judged, declared?.rollback.judged].flatMap((one) => one?.coolDownRead ?? [])
  return reads.length > 0 ? { coolDownReads: reads } : {}
}

/** The entries and jobs of what a submission makes. What is decided on the card of another has no jobs of its own. */
async function recordOf(
  ports: Ports,
  { agent, via }: SubmissionEnvelope,
  made: Asked & { readonly first: ActionRequest; readonly rollback: ActionRequest | null },
): Promise<Pick<Change, 'entries'> & Required<Pick<Change, 'jobs'>>> {
  const { first, rollback, people, judged, declared } = made
  const members = [
    { request: first, claims: (declared?.judged ?? judged).claims },
    ...(rollback && declared ? [{ request: rollback, claims: declared.rollback.judged.claims }] : []),
  ]
  const parts = members.map(async ({ request, claims }) => {
    const entries = submissionEntries(ports, { request, accounts: people.accounts, via })
    if (isDecidedElsewhere(request)) return { entries, jobs: [] }
    const alarm = await claimsAlarm(ports, request, { claims, owner: agent.owner, via })
    return {
      entries: [...entries, ...alarm.entries],
      jobs: [...submissionJobs(ports, request), ...alarm.jobs],
    }
  })
  const all = await Promise.all(parts)
  return { entries: all.flatMap(({ entries }) => entries), jobs: all.flatMap(({ jobs }) => jobs) }
}

/** Who is behind it, and what policy says of it. */
async function judgedAsk(
  ports: Ports,
  envelope: SubmissionEnvelope,
  { submission, first }: { readonly submission: Submission; readonly first: ActionRequest | null },
): Promise<Asked> {
  const people = await peopleBehind(ports, {
    agent: envelope.agent,
    key: envelope.key,
    about: envelope.about ?? [],
    first,
    ...submission,
  })
  const bundle = ports.policy()
  if (bundle) refuseLookalikes(bundle, submission.action)
  await refuseCallback(ports, submission.callbackUrl)
  const judgeOther = async (one: Submission) =>
    judge(ports, await askOf(ports, envelope, { submission: one, people }), {
      behind: people.behind,
      expiresInSeconds: one.expiresInSeconds,
    })
  const judged = await judgeOther(submission)
  const declared = await declaredRollback(ports, {
    submission,
    judged,
    behind: people.behind,
    judgeOther,
  })
  return { people, judged, declared }
}

/** Only commands of ours can ask for these: what an agent says about such a change would be its own invention. */
function refuseForgedChange({ via }: SubmissionEnvelope, { action }: Submission): void {
  if (!administrative.includes(action.action) || policyToolVia.some((ours) => ours === via)) return
  const detail =
    'Policies are changed with “countersign policy activate” and people parted with “countersign people unlink”, stops resumed with “countersign resume”, never by an agent.'
  throw new Refusal('invalid_request', 'an agent asked for what only commands ask for', [
    { pointer: '/action', detail },
  ])
}

async function earlierRequest(ports: Ports, envelope: SubmissionEnvelope): Promise<ActionRequest | null> {
  const earlier = await ports.store.requestByKey(envelope.agent.id, envelope.idempotencyKey)
  // Of one that was erased the body is not known any more. Its key goes on to make no other request.
  if (earlier && !earlier.erased && earlier.bodyDigest !== envelope.bodyDigest)
    throw new Refusal('idempotency_mismatch', 'an idempotency key was used again with another body')
  return earlier
}

/** The ask as policy wants it: what is asked, by whom, for whom, and what the directory knows of them. */
async function askOf(
  ports: Ports,
  envelope: SubmissionEnvelope,
  parts: { readonly submission: Submission; readonly people: PeopleBehind },
): Promise<Ask> {
  const { submission, people } = parts
  const { agent } = envelope
  const { person } = people.initiator
  const { run } = submission
  const [read, ran, owner, initiator] = await Promise.all([
    readOutside(ports, submission.action),
    runRead(ports, ports.policy(), { agent: agent.id, run, action: submission.action.action }),
    ownerPrincipal(ports, agent, people.owner),
    principalOf(ports, person, people.claimed ?? agent.owner),
  ])
  return {
    action: submission.action,
    agent: { id: agent.id, name: agent.name, tags: agent.tags, model: submission.run?.model ?? null, owner },
    initiator: { ...initiator, kind: 'human' },
    request: {
      reason: submission.reason,
      source: envelope.via === 'api' || envelope.via === 'webhook' ? envelope.via : 'cli',
    },
    at: ports.clock().toISOString(),
    ...ran,
    ...read,
  }
}

/** What the bundle wants read by a parser beside us, before it judges. Mostly nothing. */
async function readOutside(ports: Ports, action: Action): Promise<Pick<Ask, 'read'>> {
  const texts = outsideIn(ports.policy(), action)
  const read = texts.map(async ([name, text]) => [name, await ports.statements.read(text)] as const)
  return earlierReadings(await Promise.all(read))
}
