import type { Action } from '../core/action.ts'
import type { Problem } from '../core/refusal.ts'
import type { Verdict } from '../core/request.ts'
import type { BreakGlass, Requirement } from '../core/requirement.ts'
import { type Ask, factsOf } from './ask.ts'
import { bindingsFor } from './bindings.ts'
import { joinBreakGlass } from './breakGlass.ts'
import type { BreakGlassDemand, Bundle, Demand, Rule, VerdictKind } from './bundle.ts'
import { verdictKinds } from './bundle.ts'
import type { Effect } from './catalogue.ts'
import type { Bindings } from './conditions/engine.ts'
import { typedTexts } from './confirm.ts'
import { demandAt } from './demandAt.ts'
import { misplaced } from './environments.ts'
import type { Facts } from './facts.ts'
import { join, overLimits } from './join.ts'
import { couldNot, judgeRule } from './judgeRule.ts'
import { misspellings } from './misspelt.ts'
import { misfits } from './params.ts'
import { requirementOf } from './requirement.ts'
import { shownFacts } from './shownFacts.ts'

export interface Evaluation {
  readonly verdict: Verdict
  /** Present exactly when the verdict is `require_approval`. */
  readonly requirement: Requirement | null
  /** The catalogue's effect class; null for an action that it does not know. */
  readonly effect: string | null
}

/**
 * What policy says about an action, in the order of docs/policy.md#how-a-verdict-is-reached: no bundle, an environment that it
 * cannot be in, a name that is almost one that it knows, unknown action, parameters that do not fit, then the strictest of
 * the rules that apply, then whether the agent's owner has left, then the floor. Pure: the same bundle and the same ask give
 * the same answer for ever. Whatever is unknown is asked or denied, never allowed.
 */
export function evaluate(bundle: Bundle | null, ask: Ask): Evaluation {
  return evaluateWithFacts(bundle, ask.action, factsOf(bundle, ask))
}

/**
 * The same, for whoever compares verdicts by the thousand: without what only people go by, which takes longer than the
 * judging (`shownFacts`).
 */
export function evaluateUnshown(bundle: Bundle | null, ask: Ask): Evaluation {
  return evaluated(bundle, { action: ask.action, facts: factsOf(bundle, ask), isShown: false })
}

/** The same from facts that were stored: with the bundle that was active, the verdict that was recorded. */
export function evaluateWithFacts(bundle: Bundle | null, action: Action, facts: Facts): Evaluation {
  return evaluated(bundle, { action, facts, isShown: true })
}

function evaluated(
  bundle: Bundle | null,
  { action, facts, isShown }: Pick<Evaluating, 'action' | 'facts' | 'isShown'>,
): Evaluation {
  if (bundle === null) return withoutPolicy(facts)
  const known = bundle.catalogue.get(action.action)
  const sight: Evaluating = {
    bundle,
    action,
    facts,
    isShown,
    effect: known?.effect ?? null,
    fired: [],
    observed: [],
    errors: [],
    bindings: noBindings,
  }
  const elsewhere = misplaced(bundle, facts)
  if (elsewhere !== null) return deny(sight, { code: 'invalid_request', message: elsewhere })
  const misspelt = misspellings(bundle, action)
  if (misspelt.length > 0) return deny(sight, { code: 'invalid_request', message: sayMisspelt(misspelt) })
  if (known === undefined) return unmatched(sight, 'unknown_action')

  const problems = misfits(known.params, action.params)
  if (problems.length > 0) return deny(sight, { code: 'invalid_request', message: sayProblems(problems) })

  let bound: Bindings | null = null
  const bindings = (): Bindings => {
    bound ??= bindingsFor({ bundle, action, facts }, known)
    return bound
  }
  const judged = applying({ ...sight, bindings })
  return judged.fired.length === 0 ? unmatched(judged, 'unmatched') : byRules(judged)
}

/** Everything an evaluation has in view. */
interface Evaluating {
  readonly bundle: Bundle
  readonly action: Action
  readonly facts: Facts
  /** Whether people will look at it. */
  readonly isShown: boolean
  readonly effect: Effect | null
  readonly fired: readonly Rule[]
  /** Rules that only observe, and would have applied. */
  readonly observed: readonly Rule[]
  readonly errors: readonly string[]
  readonly bindings: () => Bindings
}

type Grounds = Pick<Verdict, 'code' | 'message'> & { readonly decisive?: readonly Rule[] }

const noBindings = (): Bindings => ({})

function applying(sight: Evaluating): Evaluating {
  const fired: Rule[] = []
  const observed: Rule[] = []
  const errors: string[] = []
  for (const rule of sight.bundle.candidates.get(sight.action.action) ?? []) {
    const ruling = judgeRule(rule, sight.facts, sight.bindings)
    if (ruling.errors.length > 0) errors.push(...ruling.errors)
    if (ruling.applies) (rule.mode === 'observe' ? observed : fired).push(rule)
  }
  return { ...sight, fired, observed, errors }
}

function byRules(sight: Evaluating): Evaluation {
  const { bundle, effect, fired } = sight
  const kind = strictest(fired)
  const decisive = fired.filter((rule) => rule.verdict === kind)
  const grounds: Grounds = { code: 'rules', message: sayMessages(decisive), decisive }
  if (kind === 'deny') {
    const { path, errors } = breakGlass(sight, decisive)
    return deny({ ...sight, errors }, grounds, path)
  }
  const bounded = effect !== null && bundle.floor.neverAllowEffects.includes(effect)
  const hasLeft = sight.facts.agent.owner?.left === true
  if (kind === 'allow' && hasLeft) return ownerLeft(sight)
  if (kind === 'allow' && !bounded)
    return { verdict: verdictOf(sight, 'allow', grounds), requirement: null, effect }
  // Where the floor forbids `allow`, a rule that says it asks with the defaults instead, also beside rules that ask:
  // otherwise adding one of those would take the default leg away. Nor can such a request be helped past the defaults.
  const held = fired.filter(({ verdict }) => verdict === 'allow' && bounded)
  const demands = fired.flatMap(({ demand }) => demand ?? [])
  if (held.length > 0) demands.push(bundle.defaults)
  if (kind === 'allow') {
    const message = `The floor of this policy never lets ${effect} actions run by themselves, whatever a rule allows.`
    return askPeople(sight, { code: 'floor', message }, { demands })
  }
  const { path, errors } =
    held.length > 0 ? { path: null, errors: sight.errors } : breakGlass(sight, decisive)
  return askPeople({ ...sight, errors }, grounds, { demands, path })
}

/**
 * Nobody answers for the agent any more, so nothing that it does runs by itself (threats: owner-left). What asks or denies
 * anyway stays as it is. The defaults are asked, as where no rule speaks: every bundle has them.
 */
function ownerLeft(sight: Evaluating): Evaluation {
  const { bundle } = sight
  const left = 'The owner of this agent has left, and nobody answers for it'
  if (bundle.ownerLeft === 'deny')
    return deny(sight, { code: 'owner_left', message: `${left}: this policy denies what it would allow.` })
  const message = `${left}, so people are asked about what a rule allows.`
  return askPeople(sight, { code: 'owner_left', message }, { demands: [bundle.defaults] })
}

/** The emergency path that every decisive rule offers now, or null. A `when` that cannot be evaluated offers nothing. */
function breakGlass(
  { bundle, bindings, errors }: Evaluating,
  decisive: readonly Rule[],
): { readonly path: BreakGlass | null; readonly errors: readonly string[] } {
  const failed: string[] = []
  const offered = decisive.map(({ id, breakGlass }): BreakGlassDemand | null => {
    const outcome = breakGlass?.when?.compiled.eval(bindings())
    if (outcome === undefined || outcome.ok) return outcome?.value === false ? null : breakGlass
    failed.push(couldNot(`\`break_glass.when\` of rule ${id}`, 'counts as false', outcome.error))
    return null
  })
  return { path: joinBreakGlass(offered, bundle), errors: [...errors, ...failed] }
}

interface Asked {
  readonly demands: readonly Demand[]
  readonly path?: BreakGlass | null
}

/** No rule spoke: the bundle says whether to ask or to deny. It cannot say allow. */
function unmatched(sight: Evaluating, code: 'unknown_action' | 'unmatched'): Evaluation {
  const { unknownAction, knownAction } = sight.bundle.unmatched
  const asks = (code === 'unknown_action' ? unknownAction : knownAction) === 'require_approval'
  const what = code === 'unknown_action' ? 'This action is not in the catalogue' : 'No rule covers this'
  if (!asks) return deny(sight, { code, message: `${what}, and this policy denies what it does not know.` })
  return askPeople(
    sight,
    { code, message: `${what}, so people are asked.` },
    { demands: [sight.bundle.defaults] },
  )
}

function askPeople(sight: Evaluating, grounds: Grounds, asked: Asked): Evaluation {
  const { demands, path = null } = asked
  const { bundle, facts, effect, action } = sight
  const [first = bundle.defaults, ...others] = demands
  const inClock = (one: Demand) => demandAt(bundle, one, facts.time?.now)
  const demand = join([inClock(first), ...others.map(inClock)], bundle.floor)
  const over = overLimits(demand)
  if (over !== null) {
    const message = `The rules that apply together ask for ${over}.`
    return deny(sight, { ...grounds, code: 'unsatisfiable', message })
  }
  const { texts, errors } = typedTexts(demand.confirm, action, sight.bindings)
  const named = { people: bundle.people, facts }
  const requirement = requirementOf(demand, named, { confirm: texts, breakGlass: path })
  const seen = { ...sight, errors: [...sight.errors, ...errors] }
  return { verdict: verdictOf(seen, 'require_approval', grounds), requirement, effect }
}

function deny(sight: Evaluating, grounds: Grounds, path: BreakGlass | null = null): Evaluation {
  const verdict = { ...verdictOf(sight, 'deny', grounds), breakGlass: path }
  return { verdict, requirement: null, effect: sight.effect }
}

function verdictOf(sight: Evaluating, kind: VerdictKind, grounds: Grounds): Verdict {
  const { bundle, facts, fired, observed, errors } = sight
  const { code, message, decisive = [] } = grounds
  return {
    kind,
    code,
    rules: decisive.map(({ id }) => id),
    why: decisive.map(({ id, description }) => ({ rule: id, says: description })),
    message,
    policy: bundle.digest,
    facts: {
      ...facts,
      fired: fired.map(({ id }) => id),
      engine: bundle.engine,
      ...(sight.isShown && shownFacts(sight, kind, decisive)),
    },
    errors,
    observed: observed.map(({ id }) => id),
    breakGlass: null,
  }
}

function withoutPolicy(facts: Facts): Evaluation {
  const message = 'No policy is active, so everything is denied.'
  const verdict: Verdict = {
    kind: 'deny',
    code: 'no_policy',
    rules: [],
    why: [],
    message,
    policy: null,
    facts: { ...facts, fired: [] },
    errors: [],
    observed: [],
    breakGlass: null,
  }
  return { verdict, requirement: null, effect: null }
}

function strictest(rules: readonly Rule[]): VerdictKind {
  const rank = Math.max(...rules.map(({ verdict }) => verdictKinds.indexOf(verdict)))
  return verdictKinds[rank] ?? 'deny'
}

function sayMessages(rules: readonly Rule[]): string | null {
  const messages = new Set(rules.flatMap(({ message }) => message ?? []))
  return messages.size > 0 ? [...messages].join(' ') : null
}

function sayMisspelt(problems: readonly Problem[]): string {
  return problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' ')
}

/** The first few places; the pointers hold names the agent chose, so they are kept short. */
function sayProblems(problems: readonly Problem[]): string {
  const told = problems.slice(0, 5).map(({ pointer, detail }) => `${pointer.slice(0, 100)} ${detail}`)
  const more = problems.length - told.length
  return `The parameters do not fit the catalogue: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}
