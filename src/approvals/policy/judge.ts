import type { CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { remindersUntil } from '../../core/reminders.ts'
import type { Counted, Verdict } from '../../core/request.ts'
import type { BreakGlass, Requirement } from '../../core/requirement.ts'
import type { Behind } from '../../core/separation.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { demandAt } from '../../policy/demandAt.ts'
import { evaluate } from '../../policy/evaluate.ts'
import { join } from '../../policy/join.ts'
import type { BudgetRead, Change, CoolDownRead } from '../change.ts'
import { staffing, type TakenByClaims } from '../people/satisfiable.ts'
import type { Ports } from '../ports.ts'
import { countedAsk } from './budgets.ts'
import { coolingDown } from './coolDown.ts'

export interface Judged {
  readonly verdict: Verdict
  readonly requirement: Requirement | null
  readonly effect: string | null
  /** What was read of an earlier denial; present where people would be asked. */
  readonly coolDownRead?: CoolDownRead
  /** Up to where an allow by a budget holds; present where there is one. */
  readonly budgetReads?: readonly BudgetRead[]
  /** What claims take of the people who are asked. */
  readonly claims: TakenByClaims
}

const none: TakenByClaims = { taken: [], unsure: false }

/** What verdicts that one commit writes were judged by: it is conditional on all of it. */
export function readsOf(all: readonly Judged[]): Pick<Change, 'coolDownReads' | 'budgetReads'> {
  const coolDownReads = all.flatMap(({ coolDownRead }) => coolDownRead ?? [])
  const budgetReads = all.flatMap((one) => one.budgetReads ?? [])
  return {
    ...(coolDownReads.length > 0 && { coolDownReads }),
    ...(budgetReads.length > 0 && { budgetReads }),
  }
}

/** What is judged besides the ask itself. */
export interface Circumstances {
  readonly behind: readonly Behind<CurrentPerson>[]
  /** Shortens the policy's expiry; it can never lengthen it. */
  readonly expiresInSeconds: number | null
  /** What is counted before it by the same commit. */
  readonly earlier?: readonly Counted[]
}

/**
 * What policy says, and, if it asks for people, whether one of them has just denied the same, and whether they exist: nobody
 * waits for people who cannot help. The bundle that judges is the one that is active now. While no channel reaches anybody, an ask is refused, because nobody
 * would hear of it, and a denial stands that somebody could have lifted; what policy allows or denies by itself is not
 * touched (threats: nobody-reachable).
 *
 * @throws Refusal `nobody_reachable`
 */
export async function judge(ports: Ports, asked: Ask, about: Circumstances): Promise<Judged> {
  const bundle = ports.policy()
  const { ask, ...budgets } = await countedAsk(ports, bundle, { ask: asked, earlier: about.earlier ?? [] })
  const { verdict: said, requirement, effect } = evaluate(bundle, ask)
  const verdict: Verdict = budgets.counts.length === 0 ? said : { ...said, counts: budgets.counts }
  if (verdict.kind === 'allow') {
    const budgetReads = budgets.reads.length > 0 ? { budgetReads: budgets.reads } : {}
    return { verdict, requirement: null, effect, claims: none, ...budgetReads }
  }
  if (verdict.kind === 'deny' && verdict.breakGlass && bundle) {
    const lifting = await liftingRequirement(ports, { bundle, path: verdict.breakGlass, about })
    return { verdict, requirement: lifting, effect, claims: none }
  }
  if (!requirement || !bundle) return { verdict, requirement: null, effect, claims: none }
  const cooling = await coolingDown(ports, bundle, { ask, verdict })
  if (cooling.verdict) return { verdict: cooling.verdict, requirement: null, effect, claims: none }
  if (!ports.reachesPeople()) throw new Refusal('nobody_reachable', 'no channel reaches anybody')

  const { hopeless, ...claims } = await staffing(ports, requirement, about.behind)
  if (hopeless) return { verdict: unsatisfiable(verdict, hopeless), requirement: null, effect, claims }
  return {
    verdict,
    requirement: shortened(ofThisHouse(ports, requirement), about.expiresInSeconds),
    effect,
    claims,
    coolDownRead: cooling.read,
  }
}

/**
 * What a denial waits for when break-glass may lift it: no legs, so that nobody can approve it, and the emergency path.
 * Where and how long is what the bundle says by default. Null when nobody on that path could use it; then the denial
 * stands at once.
 */
async function liftingRequirement(
  ports: Ports,
  {
    bundle,
    path,
    about,
  }: { readonly bundle: Bundle; readonly path: BreakGlass; readonly about: Circumstances },
): Promise<Requirement | null> {
  if (path.stepUp || !ports.reachesPeople()) return null
  const leg = { name: 'break-glass', from: path.who, count: 1 }
  if ((await staffing(ports, { legs: [leg], escalate: [] }, about.behind)).hopeless) return null
  const { expiresInSeconds, channels } = join(
    [demandAt(bundle, bundle.defaults, ports.clock().toISOString())],
    bundle.floor,
  )
  const requirement: Requirement = {
    legs: [],
    denyCount: 1,
    expiresInSeconds,
    grant: path.grant,
    notify: { channels, remindAfterSeconds: [] },
    reason: null,
    confirm: [],
    escalate: [],
    stepUp: false,
    breakGlass: path,
  }
  return shortened(ofThisHouse(ports, requirement), about.expiresInSeconds)
}

/**
 * A name of the policy may stand for a conversation in each of several channels: nothing is posted in one that this house does not
 * have, as long as another is left.
 */
function ofThisHouse(
  { hasConversation }: Pick<Ports, 'hasConversation'>,
  requirement: Requirement,
): Requirement {
  const channels = requirement.notify.channels.filter(hasConversation)
  return channels.length === 0 ? requirement : { ...requirement, notify: { ...requirement.notify, channels } }
}

/** Drops the reminders and escalations that would come too late; the warning before the end moves with it. */
export function shortened(requirement: Requirement, atMostSeconds: number | null): Requirement {
  const expiresInSeconds = Math.min(requirement.expiresInSeconds, atMostSeconds ?? Number.POSITIVE_INFINITY)
  const { notify, escalate } = requirement
  return {
    ...requirement,
    expiresInSeconds,
    notify: { channels: notify.channels, ...remindersUntil(expiresInSeconds, [requirement]) },
    escalate: escalate.filter(({ afterSeconds }) => afterSeconds < expiresInSeconds),
  }
}

function unsatisfiable(verdict: Verdict, leg: string): Verdict {
  const message = `Nobody who is not behind this action can fill “${leg}”, so it could never be approved.`
  return {
    ...verdict,
    kind: 'deny',
    code: 'unsatisfiable',
    message,
    facts: { ...verdict.facts, unsatisfiable: leg },
  }
}
