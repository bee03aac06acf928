import { type StandIn, samePerson } from '../../core/identity.ts'
import { type Agreement, quorum } from '../../core/quorum.ts'
import { widened } from '../../core/request.ts'
import type { Leg, Requirement } from '../../core/requirement.ts'
import { type Behind, roleBehind } from '../../core/separation.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { standIn } from '../standIn.ts'
import type { Difference } from './difference.ts'
import { addressOf, type PolicyTest } from './readTests.ts'
import type { rejections, StepShape } from './testsSchema.ts'

/**
 * Plays a voting script with the core's own rules: separation, one decision each, sets as they are after the
 * escalations so far, the matching of people to seats, `deny_count`. Each step that ends otherwise is a difference.
 */
export function playScript(
  bundle: Bundle,
  test: PolicyTest,
  requirement: Requirement | null,
): readonly Difference[] {
  if (test.script.length === 0) return []
  if (requirement === null) {
    const actual = 'nothing to vote on: nobody is asked'
    return [{ field: 'approvals (script)', expected: `${test.script.length} steps`, actual }]
  }
  const { behind } = test
  let vote: Vote = {
    requirement,
    behind: [
      { person: standIn(behind.initiator), role: 'initiator' },
      { person: standIn(behind.agentOwner), role: 'agent_owner' },
    ],
    seconds: 0,
    state: 'pending',
    agreed: [],
    denied: [],
  }
  return test.script.flatMap((step, index) => {
    vote = { ...vote, seconds: Math.max(vote.seconds, step.after ?? 0) }
    const groups = (step.by.groups ?? []).map((name) => addressOf(bundle, name))
    const outcome = click(vote, step, { person: standIn(addressOf(bundle, step.by.id)), groups })
    vote = outcome.vote
    const field = `approvals step ${index + 1} (${step.by.id})`
    const expected = sayStep(step.expect, step.because)
    const told = step.because === undefined ? undefined : outcome.because
    const actual = sayStep(outcome.state, step.expect === outcome.state ? told : outcome.because)
    return expected === actual ? [] : [{ field, expected, actual }]
  })
}

type Rejection = (typeof rejections)[number]

interface Vote {
  readonly requirement: Requirement
  readonly behind: readonly Behind<StandIn>[]
  /** Since the request was made. */
  readonly seconds: number
  readonly state: 'pending' | 'approved' | 'denied'
  readonly agreed: readonly Agreement<StandIn>[]
  readonly denied: readonly StandIn[]
}

interface Outcome {
  readonly vote: Vote
  readonly state: StepShape['expect']
  readonly because?: Rejection
}

interface Voter {
  readonly person: StandIn
  /** By address: the owner of a resource may be a group. */
  readonly groups: readonly string[]
}

function click(vote: Vote, { decision = 'approve' }: StepShape, { person, groups }: Voter): Outcome {
  const { requirement, agreed, denied, seconds } = vote
  const legs = legsAt(requirement, seconds)
  const mine = legs.filter(({ from }) => from.some((source) => isIn(source, { person, groups })))
  const because = refusal(vote, person, mine)
  if (because !== null) return { vote, state: 'rejected', because }
  if (decision === 'deny') {
    const state = denied.length + 1 >= requirement.denyCount ? 'denied' : 'pending'
    return { vote: { ...vote, state, denied: [...denied, person] }, state }
  }
  const all = [...agreed, { person, legs: mine.map(({ name }) => name) }]
  const state = quorum(legs, all).met ? 'approved' : 'pending'
  return { vote: { ...vote, state, agreed: all }, state }
}

function refusal(
  { state, seconds, requirement, behind, agreed, denied }: Vote,
  person: StandIn,
  mine: readonly Leg[],
): Rejection | null {
  if (state !== 'pending' || seconds >= requirement.expiresInSeconds) return 'wrong_state'
  const role = roleBehind(person, behind)
  if (role !== null) return role === 'initiator' ? 'initiator' : 'agent_owner'
  if (denied.includes(person) || agreed.some((one) => samePerson(one.person, person)))
    return 'already_decided'
  return mine.length === 0 ? 'not_in_leg' : null
}

function legsAt({ legs, escalate }: Requirement, seconds: number): readonly Leg[] {
  return widened(
    legs,
    escalate.filter(({ afterSeconds }) => afterSeconds <= seconds),
  )
}

function isIn(source: Leg['from'][number], { person, groups }: Voter): boolean {
  if (source.kind === 'account') return source.address === person
  // Whoever is on call and not in the group around it cannot decide.
  const isAround = source.kind !== 'oncall' || groups.includes(source.within.address)
  return isAround && groups.includes(source.address)
}

function sayStep(state: string, because: Rejection | undefined): string {
  return because === undefined ? state : `${state} (${because})`
}
