import type { Action } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import type { Problem } from '../core/refusal.ts'
import type { Requirement, Verdict } from '../core/request.ts'
import type { Bundle, Demand, Rule, VerdictKind } from './bundle.ts'
import { verdictKinds } from './bundle.ts'
import { fires } from './fires.ts'
import { join, overLimits } from './join.ts'
import { misfits } from './params.ts'
import { requirementOf } from './requirement.ts'
import { lookUp, type ResourceFacts } from './resources.ts'

/** What policy is asked: may this agent do this, now. `at` is RFC 3339; it is recorded, never compared with a clock. */
export interface Ask {
  readonly action: Action
  readonly agent: { readonly id: string; readonly name: string }
  readonly at: string
}

export interface Evaluation {
  readonly verdict: Verdict
  /** Present exactly when the verdict is `require_approval`. */
  readonly requirement: Requirement | null
  /** The catalogue's effect class; null for an action that it does not know. */
  readonly effect: string | null
}

/**
 * What policy says about an action, in the order of policy.md section 4.6: no bundle, unknown action, parameters that do
 * not fit, then the strictest of the rules that fire, then the floor. Pure: the same bundle and the same ask give the
 * same answer for ever. Whatever is unknown is asked or denied, never allowed.
 */
export function evaluate(bundle: Bundle | null, ask: Ask): Evaluation {
  if (bundle === null) return withoutPolicy(ask)
  const known = bundle.catalogue.get(ask.action.action)
  const resource = lookUp(bundle.inventory, ask.action.resource)
  const sight: Sight = { bundle, ask, resource, effect: known?.effect ?? null, fired: [] }
  if (known === undefined) return unmatched(sight, 'unknown_action')

  const problems = misfits(known.params, ask.action.params)
  if (problems.length > 0) return deny(sight, { code: 'invalid_request', message: sayProblems(problems) })

  const facts = { environment: ask.action.environment }
  const fired = (bundle.candidates.get(ask.action.action) ?? []).filter((rule) => fires(rule, facts))
  return fired.length === 0 ? unmatched(sight, 'unmatched') : byRules({ ...sight, fired })
}

/** Everything an evaluation has in view. */
interface Sight {
  readonly bundle: Bundle
  readonly ask: Ask
  readonly resource: ResourceFacts
  readonly effect: Bundle['floor']['neverAllowEffects'][number] | null
  readonly fired: readonly Rule[]
}

type Grounds = Pick<Verdict, 'code' | 'message'> & { readonly decisive?: readonly Rule[] }

function byRules(sight: Sight): Evaluation {
  const { bundle, effect, fired } = sight
  const kind = strictest(fired)
  const decisive = fired.filter((rule) => rule.verdict === kind)
  const grounds: Grounds = { code: 'rules', message: sayMessages(decisive), decisive }
  if (kind === 'deny') return deny(sight, grounds)

  const bounded = effect !== null && bundle.floor.neverAllowEffects.includes(effect)
  if (kind === 'allow' && !bounded)
    return { verdict: verdictOf(sight, 'allow', grounds), requirement: null, effect }
  // Where the floor forbids `allow`, a rule that says it asks with the defaults instead, also beside rules that ask:
  // otherwise adding one of those would take the default leg away.
  const demands = fired.flatMap(
    ({ demand, verdict }) => demand ?? (verdict === 'allow' && bounded ? bundle.defaults : []),
  )
  if (kind === 'require_approval') return askPeople(sight, grounds, demands)
  const message = `The floor of this policy never lets ${effect} actions run by themselves, whatever a rule allows.`
  return askPeople(sight, { code: 'floor', message }, demands)
}

/** No rule spoke: the bundle says whether to ask or to deny. It cannot say allow. */
function unmatched(sight: Sight, code: 'unknown_action' | 'unmatched'): Evaluation {
  const { unknownAction, knownAction } = sight.bundle.unmatched
  const asks = (code === 'unknown_action' ? unknownAction : knownAction) === 'require_approval'
  const what = code === 'unknown_action' ? 'This action is not in the catalogue' : 'No rule speaks about this'
  if (!asks) return deny(sight, { code, message: `${what}, and this policy denies what it does not know.` })
  return askPeople(sight, { code, message: `${what}, so people are asked.` }, [sight.bundle.defaults])
}

function askPeople(sight: Sight, grounds: Grounds, demands: readonly Demand[]): Evaluation {
  const { bundle, resource, effect } = sight
  const [first = bundle.defaults, ...others] = demands
  const demand = join([first, ...others], bundle.floor)
  const over = overLimits(demand)
  if (over !== null) {
    return deny(sight, {
      ...grounds,
      code: 'unsatisfiable',
      message: `The rules that apply together ask for ${over}.`,
    })
  }
  const requirement = requirementOf(demand, bundle.people, resource.owner)
  return { verdict: verdictOf(sight, 'require_approval', grounds), requirement, effect }
}

function deny(sight: Sight, grounds: Grounds): Evaluation {
  return { verdict: verdictOf(sight, 'deny', grounds), requirement: null, effect: sight.effect }
}

function verdictOf({ bundle, ask, resource, fired }: Sight, kind: VerdictKind, grounds: Grounds): Verdict {
  const { code, message, decisive = [] } = grounds
  return {
    kind,
    code,
    rules: decisive.map(({ id }) => id),
    why: decisive.map(({ id, description }) => ({ rule: id, says: description })),
    message,
    policy: bundle.digest,
    facts: factsOf(ask, resource, fired),
  }
}

function withoutPolicy(ask: Ask): Evaluation {
  const facts = factsOf(ask, { sensitivity: 'unknown', owner: null, region: null, labels: {} }, [])
  const message = 'No policy is active, so everything is denied.'
  const verdict: Verdict = {
    kind: 'deny',
    code: 'no_policy',
    rules: [],
    why: [],
    message,
    policy: null,
    facts,
  }
  return { verdict, requirement: null, effect: null }
}

/** Stored with the request. What is not known is left out rather than null. */
function factsOf(ask: Ask, resource: ResourceFacts, fired: readonly Rule[]): JsonObject {
  const { sensitivity, owner, region, labels } = resource
  return {
    resource: { sensitivity, ...(owner !== null && { owner }), ...(region !== null && { region }), labels },
    environment: ask.action.environment,
    fired: fired.map(({ id }) => id),
    at: ask.at,
  }
}

function strictest(rules: readonly Rule[]): VerdictKind {
  const rank = Math.max(...rules.map(({ verdict }) => verdictKinds.indexOf(verdict)))
  return verdictKinds[rank] ?? 'deny'
}

function sayMessages(rules: readonly Rule[]): string | null {
  const messages = new Set(rules.flatMap(({ message }) => message ?? []))
  return messages.size > 0 ? [...messages].join(' ') : null
}

/** The first few places; the pointers hold names the agent chose, so they are kept short. */
function sayProblems(problems: readonly Problem[]): string {
  const told = problems.slice(0, 5).map(({ pointer, detail }) => `${pointer.slice(0, 100)} ${detail}`)
  const more = problems.length - told.length
  return `The parameters do not fit the catalogue: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}
