import { type Action, digestAction } from '../../core/action.ts'
import { digestOf } from '../../core/digest.ts'
import type { JsonObject } from '../../core/json.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest, CurrentRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { byPerson, type Decided, howItCame, type Ruling, refuseIfOver } from '../byPerson.ts'
import { ruling } from '../decide.ts'
import { withEarlier } from '../earlierAsked.ts'
import type { Job } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import { judgedPeople } from '../people/currentPeople.ts'
import { mayDecide, type Voter } from '../people/eligibility.ts'
import { writtenDown } from '../people/readings.ts'
import type { NarrowingAttempt } from '../personCommand.ts'
import type { Ports } from '../ports.ts'
import { refuseWithoutProof } from '../proof.ts'
import { followingJobs, jobsToDrop, refreshJob, settled } from '../settle.ts'
import { refuseStopped } from '../stops/refuse.ts'
import { submissionEntries, submissionJobs } from '../submissionRecord.ts'
import { refuseOtherWays } from '../ways.ts'
import { judgedLess } from './judged.ts'
import { lessOf } from './less.ts'

/**
 * Somebody who could approve lets less through than was asked, as far as the active policy marks its parameters. What was asked ends as
 * denied, and the same commit makes a request for less, with the same people behind it: nothing of the first is ever granted
 * (threats: dropped-edit). Policy judges the new one by itself, and what was asked about the first is asked about it, too. Of all votes only
 * theirs moves, as an approval of what is left, where they may give it: in a leg of the new one, with all that it demands. Where that is
 * enough, it is released at once, as any last vote releases.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, those of `mayDecide`, `via_not_allowed`, `not_narrowable`, `not_narrower`,
 *   `stopped`, `nobody_reachable`, `directory_unavailable`, `not_ready`, `busy`
 */
export function narrow(ports: Ports, attempt: NarrowingAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'narrow',
    judge: async (ports, request) => {
      await refuseIfOver(ports, request)
      const voter = await mayDecide(ports, request, attempt.account)
      refuseOtherWays(request.requirement, attempt)
      return ruled(ports, request, { voter, attempt })
    },
  })
}

interface By {
  readonly voter: Voter
  readonly attempt: NarrowingAttempt
}

async function ruled(given: Ports, request: ActionRequest, by: By): Promise<Ruling> {
  const { voter, attempt } = by
  // One bundle for everything: what it marks, what it says of what is left, and what the commit is conditional on.
  const bundle = given.policy()
  const { ports, read } = writtenDown({ ...given, policy: () => bundle }, given.store)
  const action = lessOf(bundle, request, attempt.lowered)
  const stops = await refuseStopped(ports, request)
  const asked = await madeOf(ports, request, action)
  const vote = await movedVote(ports, asked, attempt)
  const made = vote ? { ...vote.request.next, version: 1 } : asked
  if (made.state === 'denied') throw new Refusal('not_narrowable', 'policy denies what would be left')
  if (made.state === 'pending' && !ports.reachesPeople())
    throw new Refusal('nobody_reachable', 'no channel reaches anybody')
  const next = ended(ports, request, { ...by, made })
  const { links, holdings } = read()
  return {
    request: { expected: request.version, next },
    members: [{ expected: null, next: made }],
    ...{ judgedBy: made.verdict.policy, ...stops, holdings },
    links: [...voter.links, ...(vote?.links ?? []), ...links],
    ...(vote?.budgetReads && { budgetReads: vote.budgetReads }),
    entries: [
      narrowedEntry(ports, next, { ...by, made }),
      ...submissionEntries(ports, { request: asked, accounts: [], signIn: null, via: attempt.via }),
      ...(vote?.entries ?? []),
    ],
    jobs: [...refreshJob(next), ...jobsOf(ports, made)],
    dropJobs: jobsToDrop(next),
  }
}

/** The request for less, before anybody has voted on it. */
async function madeOf(ports: Ports, request: ActionRequest, action: Action): Promise<ActionRequest> {
  const bundle = ports.policy()
  const agent = await ports.store.agent(request.agent.id)
  if (!bundle || !agent) throw new Refusal('not_ready', 'what would be left cannot be judged')
  const { current } = await judgedPeople(ports, request)
  const behind = sameBehind(request, current)
  const people = { initiator: current.initiator.person, behind: current.behind }
  const judged = await judgedLess(ports, { ...{ request, agent, action, bundle }, ...people })
  const now = ports.clock()
  const id = ports.ids.next('req')
  const fresh: ActionRequest = {
    ...{ id, version: 1, state: 'pending', action, digest: digestAction(action) },
    ...{ salt: ports.ids.salt(), ...judged, agent: { ...request.agent, owner: agent.owner } },
    ...{ initiator: request.initiator, behind, reason: request.reason, run: request.run },
    ...{ decisions: [], escalations: [], brokenGlass: null, outcome: null, narrows: request.id },
    // The space keeps it apart from every key that can be sent.
    idempotencyKey: `narrowed ${id}`,
    bodyDigest: digestOf('countersign/body/v1', { narrows: request.id, params: action.params }),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + judged.requirement.expiresInSeconds * 1_000).toISOString(),
    settledAt: null,
    ...(request.callbackUrl !== undefined && { callbackUrl: request.callbackUrl }),
  }
  const [made = fresh] = await withEarlier(ports, [fresh])
  return made
}

/** As they stand on record, with whoever owns the agent by now; who they are today is found as for the first (`judgedPeople`). */
function sameBehind({ behind }: ActionRequest, current: CurrentRequest): ActionRequest['behind'] {
  const known = new Set(behind.map(({ person, role }) => `${role} ${person}`))
  return [...behind, ...current.behind.filter(({ person, role }) => !known.has(`${role} ${person}`))]
}

/** What an approval does that anybody could give of it now; null where they cannot, and what is left waits for others, or for them on its card. */
async function movedVote(
  ports: Ports,
  made: ActionRequest,
  attempt: NarrowingAttempt,
): Promise<Ruling | null> {
  const { lowered: _, ...by } = attempt
  const vote = { ...by, kind: 'approve', typed: [] } as const
  try {
    const voter = await mayDecide(ports, made, attempt.account)
    refuseOtherWays(made.requirement, attempt)
    if (made.requirement) refuseWithoutProof(made.requirement, vote)
    return await ruling(ports, made, { voter, attempt: vote })
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.passes) throw refusal
    return null
  }
}

interface Made extends By {
  readonly made: ActionRequest
}

/** No vote against it, so nothing cools down. */
function ended(ports: Ports, request: ActionRequest, { voter, attempt, made }: Made): ActionRequest {
  const outcome = `Narrowed: ${made.id} asks for less instead.`
  const reason = attempt.reason?.trim() || null
  const narrowed = { person: voter.person, account: voter.account.key, to: made.id, reason }
  return { ...settled(ports, request, { move: 'deny', outcome }), narrowed }
}

function narrowedEntry(ports: Ports, next: ActionRequest, { voter, attempt, made }: Made): NewEntry {
  const changed = changedIn(next, made)
  return requestEntry(ports, next, {
    type: 'request.narrowed',
    actor: { kind: 'person', id: voter.person, account: voter.account.key, via: attempt.via },
    data: {
      outcome: outcomeOf(next),
      narrowed_to: made.id,
      lowered: changed.map(([name]) => name),
      legs: [...voter.legs],
      card: attempt.card,
      delivery: attempt.delivery,
      ...howItCame(attempt),
    },
    kept: {
      identity: { ...voter.account },
      reason: next.narrowed?.reason,
      lowered: Object.fromEntries(changed),
    },
  })
}

/** Each parameter that is less, as it was and as it is. */
function changedIn(before: ActionRequest, made: ActionRequest): readonly (readonly [string, JsonObject])[] {
  return Object.entries(made.action.params).flatMap(([name, to]) => {
    const from = before.action.params[name] ?? null
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [[name, { from, to }] as const]
  })
}

/** Its card is posted also where nobody has to be asked any more: people see what was released, and can take it back. */
function jobsOf(ports: Ports, made: ActionRequest): readonly Job[] {
  if (made.state === 'pending') return submissionJobs(ports, made, [made])
  const released = followingJobs(made).filter(({ task }) => task !== 'refresh')
  return [{ task: 'announce', request: made.id }, ...released]
}
