import { fitsOneView } from '../../card/declared.ts'
import { type Action, administrative, digestAction } from '../../core/action.ts'
import type { CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Requirement } from '../../core/requirement.ts'
import type { Behind } from '../../core/separation.ts'
import { overLimits } from '../../policy/join.ts'
import { joinRequirements } from '../../policy/joinRequirements.ts'
import { staffing } from '../people/satisfiable.ts'
import type { Judged } from '../policy/judge.ts'
import { refuseLookalikes } from '../policy/lookalikes.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import type { Submission } from '../submission.ts'

/** An action and the rollback that was declared with it, as policy judged them together. */
export interface Declared {
  /** Of the action itself: with what both ask for, where both ask people. */
  readonly judged: Judged
  readonly rollback: { readonly submission: Submission; readonly judged: Judged }
  /** True when the votes on the action decide both. */
  readonly isJoint: boolean
}

interface Declaring {
  readonly agent: Agent
  readonly submission: Submission
  /** What policy says of the action alone. */
  readonly judged: Judged
  readonly behind: readonly Behind<CurrentPerson>[]
  /** What policy says of the rollback alone. */
  readonly judgeOther: (other: Submission) => Promise<Judged>
}

/**
 * The rollback that a submission declares, judged by policy like any action. What policy allows of the two is released at once, what it
 * denies is denied; where it asks people about both, one requirement asks for both. Null where there is none, or where the action
 * itself is denied: nothing will be there to undo.
 *
 * @throws Refusal `invalid_request` with the place where the two together are more than people can be asked or shown, or nobody could fill what
 *   both ask for; `lookalike_name`
 */
export async function declaredRollback(ports: Ports, declaring: Declaring): Promise<Declared | null> {
  const { submission, judged, judgeOther } = declaring
  const { rollback: action, ...asked } = submission
  if (!action) return null
  refuseImpossible(ports, submission, action)
  if (judged.verdict.kind === 'deny') return null
  const other: Submission = { ...asked, action, grant: null }
  const found = await judgeOther(other)
  // A denial that a broken glass could lift stands: a glass is broken for one action.
  const alone: Judged = found.verdict.kind === 'deny' ? { ...found, requirement: null } : found
  const rollback = { submission: other, judged: alone }
  if (alone.verdict.kind !== 'deny') refuseUnshowable(declaring, action)
  if (!judged.requirement || !alone.requirement) return { judged, rollback, isJoint: false }
  const requirement = joinRequirements(judged.requirement, alone.requirement)
  const claims = await refuseUnaskable(ports, requirement, declaring)
  return {
    judged: {
      ...judged,
      claims,
      requirement: { ...requirement, breakGlass: judged.requirement.breakGlass },
    },
    rollback: { submission: other, judged: { ...alone, requirement } },
    isJoint: true,
  }
}

function refuseImpossible(ports: Ports, { rollsBack }: Submission, action: Action): void {
  if (rollsBack !== undefined) throw refused('A rollback has no rollback of its own.')
  if (administrative.includes(action.action))
    throw refused('What only commands of ours ask for is nobody’s rollback.', '/action')
  const bundle = ports.policy()
  try {
    if (bundle) refuseLookalikes(bundle, action)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const problems = refusal.problems.map((one) => ({ ...one, pointer: `/rollback${one.pointer}` }))
    throw new Refusal(refusal.code, refusal.message, problems)
  }
}

/** Never cut: whoever decides has both before them at once. */
function refuseUnshowable({ agent, submission: { action, run } }: Declaring, rollback: Action): void {
  // Nothing is judged yet, so nothing is hidden: what fits whole fits with less.
  const verdict = { facts: {} }
  const [first, second] = [action, rollback].map((one) => ({
    action: one,
    digest: digestAction(one),
    verdict,
    agent,
    run,
  }))
  if (first && second && !fitsOneView(first, second))
    throw refused(
      'The action and its rollback do not fit one view together. Send references instead of long values, or ask for the rollback when the action has run.',
    )
}

/** What claims take of the people who are asked about both. */
async function refuseUnaskable(
  ports: Ports,
  requirement: Requirement,
  { behind }: Declaring,
): Promise<Judged['claims']> {
  const over = overLimits(requirement)
  if (over !== null) throw refused(`The action and its rollback together ask for ${over}.`)
  const { hopeless, ...claims } = await staffing(ports, requirement, behind)
  if (hopeless)
    throw refused(`Nobody who is not behind them can fill “${hopeless}” of what both together ask for.`)
  return claims
}

function refused(detail: string, at = ''): Refusal {
  return new Refusal('invalid_request', 'a rollback that cannot be declared', [
    { pointer: `/rollback${at}`, detail },
  ])
}
