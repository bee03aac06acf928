import { askOf } from '../card/alike.ts'
import { type Action, administrative } from '../core/action.ts'
import { type Digest, digestOf } from '../core/digest.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { inSpan } from '../tracing/span.ts'
import { grantedAtOnce } from './grants/grantedAtOnce.ts'
import { judgedAsk } from './judgedAsk.ts'
import type { WhoIsWho } from './known.ts'
import { endedBy, refuseOtherInitiator, revisedOf } from './notes/revised.ts'
import { chained, readOf } from './people/chain.ts'
import { type PeopleBehind, peopleBehind } from './people/peopleBehind.ts'
import { writtenDown } from './people/readings.ts'
import { countsOf } from './policy/budgets.ts'
import { type Judged, readsOf } from './policy/judge.ts'
import { policyToolVia } from './policy/policyTool.ts'
import { readTogether } from './policy/runRead.ts'
import type { Ports } from './ports.ts'
import { previewerFor } from './previews/wanted.ts'
import { type Recordable, recordOf } from './recordOf.ts'
import type { Agent } from './records.ts'
import { firstOf, undoing } from './rollbacks/undoing.ts'
import { type Declared, declaredRollback } from './sets/declared.ts'
import { membersOf, membersWithEarlier } from './sets/members.ts'
import { refuseStopped } from './stops/refuse.ts'
import type { Submission, SubmissionEnvelope } from './submission.ts'
import { untilMade } from './untilMade.ts'
import { refuseCallback } from './webhooks/callback.ts'

/**
 * An agent asks. The people behind the action, the verdict and the requirement are fixed here, for life.
 * The same key with the same body answers with the request that exists, however often it is sent: the commit says that there
 * is one, and only then it is read.
 *
 * The commit is conditional on the policy by which was judged: when another one is active, whether or not this process
 * has heard of it, nothing is written and the active one judges (threats: stale-replica). So it is on the agent, the key
 * and the links between people, which memory may know as they were. Where people are asked it is
 * conditional on which denial of the same stands, too: what was asked while somebody denied it is denied; and on how much
 * of the agent waits already: what would be too much is refused, and no card is posted for it. What a budget let through holds only as long as it has not counted more than that; then it is judged again. And on every stop that there has
 * been: what one holds is refused before anything else is looked at, whatever policy says of it. Whether it shares the card of one that asks
 * the same and waits is decided by the commit, too.
 *
 * @throws Refusal `invalid_request` for a change of policy, `idempotency_mismatch`, `unknown_person`, `lookalike_name`,
 *   `stopped`, `chain_revoked`, those of `firstOf` of a rollback and of `revisedOf` of a revision, `directory_unavailable`, `nobody_reachable`, `too_many_pending`, `busy`, `not_ready` when the active policy cannot be
 *   read or loaded, `unauthenticated` when the key was revoked meanwhile; `unknown_audience` and `invalid_dpop_proof` of its grant
 */
export function submit(
  ports: Ports,
  envelope: SubmissionEnvelope,
  submission: Submission,
): Promise<Submitted> {
  return inSpan({ name: 'submit' }, async (note) => {
    refuseForgedChange(envelope, submission.action)
    const made = await untilMade(ports, envelope, (by, lookUp) =>
      judgeAndCommit(ports, by, { submission, lookUp }),
    )
    const submitted =
      'made' in made ? { ...made.made, created: true } : { request: made.earlier, created: false }
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

/** What is asked, and where who is who is looked up: in memory, or in the store. */
interface Asking {
  readonly submission: Submission
  readonly lookUp: WhoIsWho
}

async function judgeAndCommit(
  given: Ports,
  envelope: SubmissionEnvelope,
  { submission: sent, lookUp }: Asking,
) {
  const { agent } = envelope
  const { submission, through } = await chained(given, agent, sent)
  const stops = await refuseStopped(given, { ...submission, agent })
  if (submission.rollback) await refuseStopped(given, { ...submission, action: submission.rollback, agent })
  // One bundle for everything: which facts it wants, what it says of them, and what the commit is conditional on.
  const bundle = given.policy()
  const { ports, read } = writtenDown({ ...given, policy: () => bundle }, lookUp)
  const undone = await firstOf(ports, envelope.agent, submission.rollsBack)
  const revised = await revisedOf(ports, envelope, submission.revises)
  const earlier = { first: undone?.first ?? null, revised }
  const asked = await askedOf(ports, envelope, { submission, through, ...earlier })
  const members = membersOf(ports, envelope, { submission, ...asked })
  const { first: composed, rollback } = await membersWithEarlier(ports, members)
  const granted = await grantedAtOnce(ports, composed, { bundle, envelope, wish: submission.grant ?? null })
  const first = granted?.request ?? composed
  const recorded = await recordOf(ports, envelope, partsOf(first, rollback, asked))
  const ended = endedBy(ports, revised, { next: first, via: envelope.via })

  // One commit holds the requests, their entries and their jobs. Only after it may the agent be answered: no card is
  // posted and no deadline runs for a request that is not durable, and none that is durable goes without.
  const committed = await ports.store.commit({
    request: { expected: null, next: first },
    members: [...(rollback ? [{ expected: null, next: rollback }] : []), ...ended.members],
    judgedBy: bundle?.digest ?? null,
    caller: envelope,
    ...readOf(through),
    ...stops,
    ...read(),
    ...undoing(undone),
    ...sharing(ports, first),
    ...readsOf([asked.judged, ...(asked.declared ? [asked.declared.rollback.judged] : [])]),
    ...([first, rollback].some((one) => one?.state === 'pending') &&
      bundle && { atMostPending: bundle.brakes.maxPending + ended.members.length }),
    entries: [...recorded.entries, ...(granted?.entries ?? []), ...ended.entries],
    jobs: [...recorded.jobs, ...ended.jobs],
    dropJobs: ended.dropJobs,
    ...(envelope.policy && { policy: envelope.policy }),
    ...granted?.read,
  })
  const token = granted && { token: granted.token }
  return { made: { request: first, ...token }, committed, maxPending: bundle?.brakes.maxPending ?? 0 }
}

/** What is compared of a request that may share the card of another. What a target says that it would touch may differ, so that shares none. */
function sharing(ports: Ports, request: ActionRequest): { readonly ask?: Digest } {
  const ask = previewerFor(ports, request) ? null : askOf(request)
  return ask ? { ask: digestOf('countersign/ask/v1', ask) } : {}
}

/** What was found out about a submission. */
interface Asked {
  readonly people: PeopleBehind
  readonly judged: Judged
  readonly declared: Declared | null
}

/** What is asked, through whom, what it undoes, and what it is asked instead of. */
interface Earlier {
  readonly submission: Submission
  readonly through: readonly Agent[]
  readonly first: ActionRequest | null
  readonly revised: ActionRequest | null
}

/** Who is behind it, and what policy says of it. */
async function askedOf(
  ports: Ports,
  envelope: SubmissionEnvelope,
  { submission, through, first, revised }: Earlier,
): Promise<Asked> {
  const people = await peopleBehind(ports, {
    agent: envelope.agent,
    key: envelope.key,
    about: envelope.about ?? [],
    through,
    first,
    revised,
    ...submission,
  })
  await refuseOtherInitiator(ports, revised, people)
  await refuseCallback(ports, submission.callbackUrl)
  const judged = await judgedAsk(ports, envelope, { submission, people })
  const judgeOther = (one: Submission) =>
    judgedAsk(ports, envelope, {
      ...{ submission: one, people, earlier: countsOf(judged.verdict) },
      beside: readTogether(submission, judged, ports.clock()),
    })
  const declared = await declaredRollback(ports, {
    agent: envelope.agent,
    submission,
    judged,
    behind: people.behind,
    judgeOther,
  })
  return { people, judged, declared }
}

/** What is written down of each. */
function partsOf(
  first: ActionRequest,
  rollback: ActionRequest | null,
  { people, judged, declared }: Asked,
): readonly Recordable[] {
  const { accounts, signIn } = people
  return [
    { request: first, claims: (declared?.judged ?? judged).claims, accounts, signIn },
    ...(rollback && declared
      ? [{ request: rollback, claims: declared.rollback.judged.claims, accounts, signIn }]
      : []),
  ]
}

/** Only commands of ours can ask for these: what an agent says about such a change would be its own invention. */
export function refuseForgedChange({ via }: SubmissionEnvelope, action: Action, at = ''): void {
  if (!administrative.includes(action.action) || policyToolVia.some((ours) => ours === via)) return
  const detail =
    'Policies are changed with “countersign policy activate” and people parted with “countersign people unlink”, stops resumed with “countersign resume”, never by an agent.'
  throw new Refusal('invalid_request', 'an agent asked for what only commands ask for', [
    { pointer: `${at}/action`, detail },
  ])
}
