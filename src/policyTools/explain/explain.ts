import type { Action } from '../../core/action.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { bindingsFor } from '../../policy/bindings.ts'
import type { Bundle, Condition, Rule } from '../../policy/bundle.ts'
import { initiatorSeen } from '../../policy/conditions/bind.ts'
import type { Bindings, Conjunct } from '../../policy/conditions/engine.ts'
import { isWithin, stepsOf } from '../../policy/conditions/path.ts'
import { directoryNames } from '../../policy/directoryNames.ts'
import { type Evaluation, evaluateWithFacts } from '../../policy/evaluate.ts'
import type { Facts } from '../../policy/facts.ts'
import { isAbout, isOneOf, judgeRule } from '../../policy/judgeRule.ts'
import { type ToolCall, toolSeen } from '../../policy/mcp/toolCall.ts'
import { seenIn } from '../../policy/readers/reader.ts'
import type { Readings } from '../../policy/readers/readings.ts'
import { type Unread, unreadIn } from '../../policy/unread.ts'
import { type Asking, askingOf } from './demands.ts'
import { type Nearest, nearestRule } from './nearest.ts'
import type { Part, RuleExplained } from './ruleExplained.ts'

/** Why policy says what it says about one ask. */
export interface Explanation {
  readonly action: Action
  readonly facts: Facts
  readonly bundle: { readonly name: string; readonly digest: string; readonly rules: number }
  readonly candidates: readonly RuleExplained[]
  /** The rule that nearly said less; null where none is near. */
  readonly nearest: Nearest | null
  readonly evaluation: Evaluation
  /** Which rule, the defaults or the floor each demand comes from; null when nobody is asked. */
  readonly asking: Asking | null
  /** Parameters that were to be read, and were not understood. */
  readonly unread: readonly Unread[]
  /** Where people are asked, by the names that policy has for the channels. */
  readonly channels: readonly string[]
}

/**
 * Explains an ask. With the facts that were stored and the bundle that was active, the recorded verdict again; with
 * `factsOf(bundle, ask)`, what would be said. Pure.
 */
export function explain(bundle: Bundle, action: Action, facts: Facts): Explanation {
  const evaluation = evaluateWithFacts(bundle, action, facts)
  const declared = bundle.catalogue.get(action.action)
  // Parameters that do not fit are refused before any rule is read, so there is nothing to show of the rules.
  const judged = declared !== undefined && evaluation.verdict.code !== 'invalid_request'
  const bindings = judged ? bindingsFor({ bundle, action, facts }, declared) : {}
  const rules = judged ? (bundle.candidates.get(action.action) ?? []) : []
  const about = {
    action,
    facts,
    readings: bindings.readings?.() ?? new Map(),
    tool: bindings.tool?.() ?? null,
  }
  const candidates = rules.map((rule) => ruleExplained(rule, bindings, about))
  return {
    action,
    facts,
    bundle: { name: bundle.name, digest: bundle.digest, rules: bundle.rules.length },
    candidates,
    nearest: nearestRule(candidates, {
      parts: new Map(rules.map((rule) => [rule.id, partsOfRule(rule, bindings, about)])),
      said: evaluation.verdict.kind,
      byRule: evaluation.verdict.code === 'rules',
    }),
    evaluation,
    unread: judged ? unreadIn(bindings, hiddenIn(evaluation)) : [],
    asking: askingOf(bundle, evaluation),
    channels: directoryNames(bundle, evaluation.requirement?.notify.channels ?? []),
  }
}

function hiddenIn({ verdict }: Evaluation): readonly string[] {
  const { hidden } = verdict.facts
  return Array.isArray(hidden) ? hidden.map(String) : []
}

interface About {
  readonly action: Action
  readonly readings: Readings
  readonly tool: ToolCall | null
  readonly facts: Facts
}

function ruleExplained(rule: Rule, bindings: Bindings, about: About): RuleExplained {
  const { agents, environments } = rule.match
  const elsewhere = environments !== null && !environments.includes(about.facts.environment)
  return {
    rule: rule.id,
    verdict: rule.verdict,
    mode: rule.mode,
    applies: judgeRule(rule, about.facts, () => bindings).applies,
    otherEnvironments: elsewhere ? environments : null,
    otherAgents: isOneOf(rule, about.facts.agent) ? null : (agents?.map(({ pattern }) => pattern) ?? null),
    parts: !isAbout(rule, about.facts) ? [] : partsOfRule(rule, bindings, about),
  }
}

function partsOfRule({ when, unless }: Rule, bindings: Bindings, about: About): readonly Part[] {
  return [...partsOf('when', when, bindings, about), ...partsOf('unless', unless, bindings, about)]
}

function partsOf(
  ...[of, condition, bindings, about]: [Part['of'], Condition | null, Bindings, About]
): readonly Part[] {
  let failed = false
  return (condition?.compiled.conjuncts ?? []).map((conjunct) => {
    const outcome = conjunct.eval(bindings)
    const value = outcome.ok ? (outcome.value === true ? 'true' : 'false') : failed ? 'skipped' : 'error'
    failed ||= value === 'false'
    return { of, value, source: oneLine(conjunct.source), reads: readsOf(conjunct, about) }
  })
}

function readsOf({ refs }: Conjunct, about: About): Part['reads'] {
  const seen = seenBy(about)
  const ends = [...refs].filter((path) => ![...refs].some((other) => isWithin(other, path)))
  return ends.map((path) => ({ path, value: valueAt(seen, stepsOf(path)) }))
}

/** The facts under the names that conditions use. */
function seenBy({ action, facts, readings, tool }: About): JsonObject {
  const { resource, resources, agent, request, run, time } = facts
  return {
    action: action.action,
    environment: facts.environment,
    params: action.params,
    read: Object.fromEntries([...readings].map(([name, reading]) => [name, seenIn(reading)])),
    tool: tool && toolSeen(tool),
    resource: { type: action.resource.type, id: action.resource.id, ...resource },
    resources: { ...resources },
    agent: { ...agent, owner: agent.owner ? { ...agent.owner } : null },
    initiator: initiatorSeen(facts) ?? null,
    request: request ? { ...request } : null,
    run: run ? { sensitivities: run.sensitivities, labels: run.labels } : null,
    time: time ? { ...time } : null,
    budget: facts.budget ? { ...facts.budget } : null,
  }
}

function valueAt(value: Json | undefined, [step, ...rest]: readonly string[]): Json {
  if (value === undefined || value === null) return null
  if (step === undefined) return value
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const inner = isObject && Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined // neither list nor null
  return valueAt(inner, rest)
}

function oneLine(source: string): string {
  return source.replace(/\s+/g, ' ').trim()
}
